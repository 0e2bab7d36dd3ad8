internal import RevmetaModel

/// Services whose connection names a database of which nothing comes from the catalog.
///
/// Each entity is written to the database that the catalog says it lies in. Who names a copy of that database in the connection
/// means something else, and should hear of it before something is written.
struct UnmetDatabases {
    /// The databases of the connections that were not met yet, by service.
    private var databases: [String: String] = [:]

    init(_ configuration: Configuration, _ connectors: [String: ConnectorDescription], _ part: EnginePart) {
        // What happened to single entities need not be about it.
        guard !part.isOfChanges else { return }
        for service in configuration.services
        where connectors[service.name]?.scope == .database && !service.toldByCatalog.contains("database") {
            if let database = service.connection["database"]?.exposed, !database.isEmpty { databases[service.name] = database }
        }
        // What is written to another service lies there under the same path.
        for sink in configuration.channels.compactMap(\.sinkService) { databases[sink] = nil }
    }

    mutating func look(at entity: borrowing CatalogEntity) {
        guard !databases.isEmpty, let database = databases[entity.service], entity.path.database == database else { return }
        databases[entity.service] = nil
    }

    /// What a person should know.
    ///
    /// - Parameter scopes: Where something is compared.
    func notices(writing scopes: some Sequence<PlanScope>) -> [String] {
        let reached = Dictionary(grouping: scopes, by: \.service)
        return databases.compactMap { service, database in
            let names = (reached[service] ?? []).compactMap(\.database).sorted()
            guard !names.isEmpty else { return nil }
            let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
            let more = names.count > 3 ? " and \(names.count - 3) more" : ""
            return "service '\(service)' names the database '\(database)' in its connection, and no channel comes to anything of it: "
                + "what is selected lies in \(shown)\(more), and is read and written there. Take 'database' out if that is meant"
        }
    }
}
