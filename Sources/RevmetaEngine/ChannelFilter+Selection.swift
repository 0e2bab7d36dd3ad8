public import RevmetaModel

extension ChannelFilter {
    /// What of a filter keeps an entity out, in the order in which it is asked. The condition is asked last, by others.
    enum Obstacle: Int, Comparable {
        case deleted, services, databases, schemas, tables, kinds, entities, tableTypes, condition

        static func < (one: Obstacle, other: Obstacle) -> Bool { one.rawValue < other.rawValue }
    }

    /// Whether the filter's lists select an entity of the catalog. What its condition says is another matter.
    ///
    /// A column is selected with its table. A deleted entity is never selected.
    func selects(_ entity: CatalogEntity) -> Bool { obstacle(entity) == nil }

    /// What keeps an entity out; nil: nothing but the condition may.
    func obstacle(_ entity: CatalogEntity) -> Obstacle? {
        if entity.isDeleted { return .deleted }
        if !matches(entity.service, include.services, exclude.services) { return .services }
        if !matches(entity.path, at: 0, include.databases, exclude.databases) { return .databases }
        if !matches(entity.path, at: 1, include.schemas, exclude.schemas) { return .schemas }
        if !matches(entity.path, at: 2, include.tables, exclude.tables) { return .tables }
        if !kinds.isEmpty, !kinds.contains(entity.kind) { return .kinds }
        if let entities, !entities.contains(Entity(kind: entity.kind, path: entity.path)) { return .entities }
        guard !tableTypes.isEmpty else { return nil }
        guard entity.kind == .table || entity.kind == .column, let type = entity.tableType,
            tableTypes.contains(type.lowercased())
        else { return .tableTypes }
        return nil
    }

    private func matches(
        _ path: EntityPath, at level: Int, _ include: [NamePattern], _ exclude: [NamePattern]
    ) -> Bool {
        // A filter that names something deeper than the entity does not select it.
        guard level < path.names.count else { return include.isEmpty }
        return matches(path.names[level], include, exclude)
    }

    private func matches(_ name: String, _ include: [NamePattern], _ exclude: [NamePattern]) -> Bool {
        (include.isEmpty || include.contains { $0.matches(name) }) && !exclude.contains { $0.matches(name) }
    }
}

extension Configuration {
    /// The services that a channel can write to.
    ///
    /// - Parameter names: Of the channels that count; nil: all.
    public func services(ofChannels names: [String]? = nil) -> [ServiceDefinition] {
        let channels = channels.filter { names?.contains($0.name) ?? true }
        return services.filter { service in
            channels.contains { channel in
                if let sink = channel.sinkService { return sink == service.name }
                let include = channel.filter.include.services
                return (include.isEmpty || include.contains { $0.matches(service.name) })
                    && !channel.filter.exclude.services.contains { $0.matches(service.name) }
            }
        }
    }
}
