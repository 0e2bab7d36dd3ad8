/// A service as the configuration defines it: what it is and how to reach it.
public struct ServiceDefinition: Sendable, Equatable {
    /// The service's name in the catalog.
    public var name: String
    /// OpenMetadata's service type, which picks the plugin; compared without case.
    public var type: String
    /// The id of the plugin to use, where the type alone does not decide.
    public var plugin: String?
    /// The connection's settings by dotted key: `authType.password`. All are kept as secrets until the plugin's
    /// manifest says which ones are none.
    public var connection: [String: Secret]
    /// Keys of the connection that the catalog told: nobody wrote them here.
    public var toldByCatalog: Set<String> = []
    /// Owners of this service's entities: entries here go before those of `owners.map`.
    public var ownerMap: OwnerMap

    public init(
        name: String, type: String, plugin: String? = nil, connection: [String: Secret] = [:],
        ownerMap: OwnerMap = [:]
    ) {
        self.name = name
        self.type = type
        self.plugin = plugin
        self.connection = connection
        self.ownerMap = ownerMap
    }
}
