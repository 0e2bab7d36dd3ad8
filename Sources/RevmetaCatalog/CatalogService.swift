/// A source system as the catalog names it.
public struct CatalogService: Sendable, Hashable {
    public var name: String
    /// OpenMetadata's spelling: `Postgres`, `Mysql`, `Snowflake`, ….
    public var serviceType: String

    public init(name: String, serviceType: String) {
        self.name = name
        self.serviceType = serviceType
    }
}
