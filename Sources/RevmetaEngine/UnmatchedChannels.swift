internal import RevmetaModel

/// Finds out why channels select nothing: a misspelt name in a filter is no error, and would be told by nothing else.
struct UnmatchedChannels {
    private let channels: [Channel]
    /// Of each channel: whether there is a service that it can write to.
    private let leadsSomewhere: [Bool]
    /// Indexes of those that have selected nothing so far.
    private var open: [Int]
    private var deadEnds: [Int: DeadEnd] = [:]

    /// How far entities come in a filter, at most.
    fileprivate struct DeadEnd {
        /// What keeps those out that come farthest; nil: the filter's condition.
        var obstacle: ChannelFilter.Obstacle?
        /// How many those are.
        var count = 0
        /// What they have there, each value once.
        var values: [String] = []
        var hasMoreValues = false
    }

    private static let mostValues = 5

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
            let obstacle = channels[index].filter.obstacle(entity)
            deadEnds[index, default: DeadEnd(obstacle: obstacle)].add(entity, obstacle, Self.mostValues)
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

extension UnmatchedChannels.DeadEnd: CustomStringConvertible {
    mutating func add(_ entity: CatalogEntity, _ reached: ChannelFilter.Obstacle?, _ most: Int) {
        let farthest = ChannelFilter.Obstacle?.farther(obstacle, reached)
        if farthest != obstacle { self = Self(obstacle: farthest) }
        guard reached == obstacle else { return }
        count += 1
        guard let value = obstacle?.value(of: entity), !values.contains(value) else { return }
        if values.count < most { values.append(value) } else { hasMoreValues = true }
    }

    var description: String {
        guard let obstacle else {
            return count == 1
                ? "the one entity that it looks at is not as its filter asks"
                : "none of the \(count) entities that it looks at is as its filter asks"
        }
        let list = values.map { "'\($0)'" }.joined(separator: ", ") + (hasMoreValues ? " and others" : "")
        switch obstacle {
        case .deleted: return "all that it looks at is deleted in the catalog"
        case .entities: return "the catalog has none of the entities that it names"
        default:
            return values.isEmpty
                ? "nothing that it looks at has \(obstacle.singular)"
                : "its filter takes none of the \(obstacle.plural) that it comes to: \(list)"
        }
    }
}

extension ChannelFilter.Obstacle? {
    /// Nil, the condition, is asked last.
    fileprivate static func farther(_ one: Self, _ other: Self) -> Self {
        guard let one, let other else { return nil }
        return Swift.max(one, other)
    }
}

extension ChannelFilter.Obstacle {
    /// What an entity has there; nil: it is not that deep.
    fileprivate func value(of entity: CatalogEntity) -> String? {
        func name(_ level: Int) -> String? { level < entity.path.names.count ? entity.path.names[level] : nil }
        return switch self {
        case .deleted, .entities: nil
        case .kinds: entity.kind.rawValue
        case .services: entity.service
        case .databases: name(0)
        case .schemas: name(1)
        case .tables: name(2)
        case .tableTypes: entity.tableType
        }
    }

    fileprivate var plural: String {
        switch self {
        case .deleted, .entities: "names"
        case .kinds: "kinds"
        case .services: "services"
        case .databases: "databases"
        case .schemas: "schemas"
        case .tables: "tables"
        case .tableTypes: "table types"
        }
    }

    fileprivate var singular: String {
        switch self {
        case .deleted, .entities: "a name"
        case .kinds: "a kind"
        case .services: "a service"
        case .databases: "a database"
        case .schemas: "a schema"
        case .tables: "a table"
        case .tableTypes: "a table type"
        }
    }
}
