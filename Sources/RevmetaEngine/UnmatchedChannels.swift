internal import RevmetaModel

/// Finds out why channels select nothing: a misspelt name in a filter is no error, and would be told by nothing else.
struct UnmatchedChannels {
    private let channels: [Channel]
    /// Of each channel: whether there is a service that it can write to.
    private let leadsSomewhere: [Bool]
    /// Indexes of those that have selected nothing so far.
    private var open: [Int]
    private var deadEnds: [Int: DeadEnd] = [:]

    /// - Parameter part: What the run is about: of single entities, and of a service that other channels are about too, it does
    ///   not follow that a channel selects nothing.
    init(_ configuration: Configuration, _ part: EnginePart) {
        channels = configuration.channels
        let services = channels.map { configuration.services(ofChannels: [$0.name]).map(\.name) }
        leadsSomewhere = services.map { !$0.isEmpty }
        open = part.isOfChanges ? [] : channels.indices.filter { index in
            services[index].isEmpty ? part.services == nil : services[index].allSatisfy(part.includes)
        }
    }

    /// Whether there are none: nothing more is to be looked at.
    var isEmpty: Bool { open.isEmpty }

    /// Takes note of an entity.
    ///
    /// - Parameter selecting: The channels that select it, or may.
    mutating func look(at entity: CatalogEntity, selecting: [Int]) {
        if !selecting.isEmpty { open.removeAll(where: selecting.contains) }
        for index in open {
            let obstacle = channels[index].filter.obstacle(entity) ?? .condition
            deadEnds[index, default: DeadEnd(obstacle: obstacle)].add(entity, obstacle)
        }
    }

    /// A sentence for each channel that selected nothing.
    var notices: [String] {
        open.map { index in
            let name = channels[index].name
            // A running catalog is not even asked for what has nowhere to go.
            let reason = leadsSomewhere[index] ? deadEnds[index]?.description ?? Self.nothing : Self.nowhere
            return "channel '\(name)' selects nothing: \(reason); 'revmeta channels test \(name)' tries its filter"
        }
    }

    private static let nowhere = "its filter takes none of the services that the configuration defines"
    /// A running catalog is asked only for what the names in filters may lead to.
    private static let nothing =
        "the catalog tells of nothing that it could select: are the service, databases and schemas spelt as they are there?"
}

/// How far entities come in a filter, at most.
private struct DeadEnd: CustomStringConvertible {
    /// What keeps those out that come farthest.
    var obstacle: ChannelFilter.Obstacle
    /// How many those are.
    private var count = 0
    /// What they have there, each value once.
    private var values: [String] = []
    private var hasMoreValues = false

    private static let mostValues = 5

    init(obstacle: ChannelFilter.Obstacle) {
        self.obstacle = obstacle
    }

    mutating func add(_ entity: CatalogEntity, _ reached: ChannelFilter.Obstacle) {
        if reached > obstacle { self = DeadEnd(obstacle: reached) }
        guard reached == obstacle else { return }
        count += 1
        guard let value = obstacle.value(of: entity), !values.contains(value) else { return }
        if values.count < Self.mostValues { values.append(value) } else { hasMoreValues = true }
    }

    var description: String {
        let noun: String
        switch obstacle {
        case .deleted: return "all that it looks at is deleted in the catalog"
        case .entities: return "the catalog has none of the entities that it names"
        case .condition:
            return count == 1
                ? "the one entity that it looks at is not as its filter asks"
                : "none of the \(count) entities that it looks at is as its filter asks"
        case .services: noun = "service"
        case .databases: noun = "database"
        case .schemas: noun = "schema"
        case .tables: noun = "table"
        case .kinds: noun = "kind"
        case .tableTypes: noun = "table type"
        }
        guard !values.isEmpty else { return "nothing that it looks at has a \(noun)" }
        let list = values.map { "'\($0)'" }.joined(separator: ", ") + (hasMoreValues ? " and others" : "")
        return "its filter takes none of the \(noun)s that it comes to: \(list)"
    }
}

extension ChannelFilter.Obstacle {
    /// What an entity has there; nil: it is not that deep.
    fileprivate func value(of entity: CatalogEntity) -> String? {
        func name(_ level: Int) -> String? { level < entity.path.names.count ? entity.path.names[level] : nil }
        return switch self {
        case .deleted, .entities, .condition: nil
        case .services: entity.service
        case .databases: name(0)
        case .schemas: name(1)
        case .tables: name(2)
        case .kinds: entity.kind.rawValue
        case .tableTypes: entity.tableType
        }
    }
}
