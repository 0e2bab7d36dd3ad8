public import RevmetaModel

extension ChannelFilter {
    /// Whether the filter selects an entity of the catalog.
    ///
    /// A column is selected with its table. A deleted entity is never selected.
    func selects(_ entity: CatalogEntity) -> Bool {
        guard !entity.isDeleted, kinds.isEmpty || kinds.contains(entity.kind) else { return false }
        if let entities, !entities.contains(Entity(kind: entity.kind, path: entity.path)) { return false }
        guard matches(entity.service, include.services, exclude.services) else { return false }
        guard matches(entity.path, at: 0, include.databases, exclude.databases),
            matches(entity.path, at: 1, include.schemas, exclude.schemas),
            matches(entity.path, at: 2, include.tables, exclude.tables)
        else { return false }
        guard !tableTypes.isEmpty else { return true }
        guard entity.kind == .table || entity.kind == .column else { return false }
        return entity.tableType.map { tableTypes.contains($0.lowercased()) } ?? false
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
