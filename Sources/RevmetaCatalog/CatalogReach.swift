public import RevmetaModel

/// Which parts of a catalog channels can select anything in. What lies outside need not be asked for.
public struct CatalogReach: Sendable {
    private let channels: [Channel]
    private let services: Set<String>

    /// - Parameters:
    ///   - channels: Names of the channels that count; nil: all.
    ///   - sinks: Names of the services that are written to; nil: all of the configuration's.
    public init(_ configuration: Configuration, channels names: [String]? = nil, sinks: Set<String>? = nil) {
        channels = configuration.channels.filter { names?.contains($0.name) ?? true }
        services = Set(configuration.services.map(\.name).filter { sinks?.contains($0) ?? true })
    }

    /// Whether a service can be selected, and what is written of it has somewhere to go.
    public func includes(service: String) -> Bool {
        channels.contains { leads(service, $0) && Self.admits(service, $0, \.services) }
    }

    /// Whether a channel can select a service, were it defined.
    public func canSelect(_ service: String) -> Bool {
        channels.contains { Self.admits(service, $0, \.services) }
    }

    /// Whether anything can be selected in a database or in a schema, whose path is given.
    public func includes(service: String, _ path: EntityPath) -> Bool {
        let levels = [\ChannelFilter.Patterns.databases, \.schemas]
        return channels.contains { channel in
            leads(service, channel) && Self.admits(service, channel, \.services)
                && zip(path.names, levels).allSatisfy { name, level in Self.admits(name, channel, level) }
        }
    }

    /// Whether anything of these kinds can be selected.
    public func includes(anyOf kinds: Set<EntityKind>) -> Bool {
        channels.contains { $0.filter.kinds.isEmpty || !$0.filter.kinds.isDisjoint(with: kinds) }
    }

    public var needsOwners: Bool { needsDocuments || channels.contains(where: \.updateOwners) }
    public var needsTags: Bool { needsDocuments || channels.contains(where: \.updateTags) }
    /// Whether a filter asks for more of an entity than its names.
    public var needsDocuments: Bool { channels.contains(where: \.needsDocuments) }
    /// Whether a template asks for the whole of an entity.
    public var needsAnswers: Bool { channels.contains(where: \.needsAnswers) }

    /// Whether the service that a channel writes to, for entities of this one, is defined.
    private func leads(_ service: String, _ channel: Channel) -> Bool {
        services.contains(channel.sinkService ?? service)
    }

    private static func admits(
        _ name: String, _ channel: Channel, _ level: KeyPath<ChannelFilter.Patterns, [NamePattern]>
    ) -> Bool {
        let include = channel.filter.include[keyPath: level]
        return (include.isEmpty || include.contains { $0.matches(name) })
            && !channel.filter.exclude[keyPath: level].contains { $0.matches(name) }
    }
}
