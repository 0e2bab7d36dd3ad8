import Foundation
import RevmetaTestSupport

/// A shop whose catalog is a running server.
struct LiveCatalog {
    let shop: Shop
    let server: CatalogStandIn

    /// - Parameters:
    ///   - sql: Makes the shop's objects.
    ///   - service: More that the catalog tells of the service, as JSON: `"connection": {…}`.
    init(_ sql: String, service: String = "", options: [String] = [], _ entities: Described...) throws {
        try self.init(sql, service: service, options: options, own: false, entities)
    }

    /// - Parameter own: Whether its database has a server of its own, which may be stopped.
    init(_ sql: String, service: String = "", options: [String] = [], own: Bool, _ entities: [Described]) throws {
        shop = try Shop(sql, server: own ? Shop.newServer() : nil)
        try shop.describe([.database(nil), .schema("public", nil)] + entities)
        try shop.folder.write(
            "{\"name\":\"shop\",\"serviceType\":\"Postgres\"\(service.isEmpty ? "" : "," + service)}\n",
            to: "catalog/databaseServices.jsonl")
        server = try CatalogStandIn(folder: shop.folder.path + "/catalog", options: options)
        // Nobody may read what the server was made of.
        try FileManager.default.removeItem(atPath: shop.folder.path + "/catalog")
        try use(server: "")
    }

    /// Takes the server for the catalog.
    /// - Parameters:
    ///   - more: Keys of `catalog:`, as YAML.
    ///   - channel: What the one channel says besides its name.
    func use(server more: String, channel: String = "updateDescriptions: true", connection: [String: String] = [:]) throws {
        try shop.configure(connection: connection, channel: channel)
        try replaceCatalog("{ hostPort: \"\(server.address)\", securityConfig: { jwtToken: m4rked.t0ken }, timeout: 1h\(more) }")
    }

    func use(folder: String, channel: String = "updateDescriptions: true") throws {
        try shop.configure(channel: channel)
        try replaceCatalog("{ folder: \(folder) }")
    }

    private func replaceCatalog(_ text: String) throws {
        let configured = try shop.folder.text(of: "revmeta.yaml")
        try shop.folder.write(configured.replacing("catalog: { folder: catalog }", with: "catalog: \(text)"), to: "revmeta.yaml")
    }

    /// The qualified name of something of the shop's.
    func name(_ names: String...) -> String { (["shop", shop.database.name] + names).joined(separator: ".") }
}
