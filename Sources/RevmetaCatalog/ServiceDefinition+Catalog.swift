public import RevmetaModel

extension ServiceDefinition {
    /// The settings that say where a source is. Where one of them is configured, the catalog has no say in the connection.
    private static let places = ["hostPort", "host", "account", "dsn", "uri"]

    /// Whether the configuration says where the source is.
    public var saysWhere: Bool { Self.places.contains { connection[$0] != nil } }

    /// The service with what the catalog tells of its connection, where the configuration does not say where the source is.
    /// What it does say goes before what the catalog tells: credentials, above all.
    ///
    /// - Parameter settings: Those that the service's plugin knows; the catalog's others are about something else.
    public func completed(from catalog: CatalogService, knowing settings: [String]) -> CompletedService {
        guard !saysWhere else { return CompletedService(service: self, fromCatalog: []) }
        var completed = self
        var taken: [String] = []
        for key in settings where connection[key] == nil {
            guard let value = catalog.connection[key] else { continue }
            completed.connection[key] = value
            completed.toldByCatalog.insert(key)
            taken.append(key)
        }
        return CompletedService(service: completed, fromCatalog: taken)
    }
}

/// A service whose connection is as it will be used.
public struct CompletedService: Sendable, Equatable {
    public var service: ServiceDefinition
    /// The settings that come from the catalog.
    public var fromCatalog: [String]

    public init(service: ServiceDefinition, fromCatalog: [String]) {
        self.service = service
        self.fromCatalog = fromCatalog
    }
}
