public import RevmetaModel

/// A source system as the catalog names it.
public struct CatalogService: Sendable, Equatable {
    public var name: String
    /// OpenMetadata's spelling: `Postgres`, `Mysql`, `Snowflake`, ….
    public var serviceType: String
    /// What the catalog tells of how to reach it, by dotted key: `hostPort`, `authType.password`. What it masks is left out.
    public var connection: [String: Secret]

    public init(name: String, serviceType: String, connection: [String: Secret] = [:]) {
        self.name = name
        self.serviceType = serviceType
        self.connection = connection
    }
}
