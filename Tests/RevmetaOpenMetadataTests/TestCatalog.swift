import Foundation
import Logging
import RevmetaCatalog
import RevmetaModel
import RevmetaOpenMetadata
import RevmetaTestSupport
import Synchronization

/// A folder of entities, and a stand-in that serves them.
final class TestCatalog: Sendable {
    let folder: String
    let server: CatalogStandIn
    /// How long was waited between attempts: nobody waits in tests.
    let waits = Waits()

    final class Waits: Sendable {
        private let waits = Mutex<[Duration]>([])
        var all: [Duration] { waits.withLock { $0 } }
        func add(_ wait: Duration) { waits.withLock { $0.append(wait) } }
    }

    /// - Parameters:
    ///   - files: Name and text of each; nil: those of `Tests/Fixtures/catalog/lines`.
    init(_ files: [String: String]? = nil, options: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "standin-\(UUID().uuidString)").path
        if let files {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8) }
        } else {
            let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            try FileManager.default.copyItem(atPath: tests.appending(path: "Fixtures/catalog/lines").path, toPath: folder)
        }
        server = try CatalogStandIn(folder: folder, options: options)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A catalog of a service `shop` with some databases, schemas and tables of one column.
    static func shop(databases: Int = 1, schemas: Int = 1, tables: Int, options: [String] = []) throws -> TestCatalog {
        var lines: [String: String] = ["databaseServices.jsonl": #"{"name":"shop","serviceType":"Postgres"}"#]
        var databaseLines = "", schemaLines = "", tableLines = ""
        for database in 0..<databases {
            databaseLines += "{\"fullyQualifiedName\":\"shop.d\(database)\"}\n"
            for schema in 0..<schemas {
                schemaLines += "{\"fullyQualifiedName\":\"shop.d\(database).s\(schema)\"}\n"
                for table in 0..<tables {
                    tableLines += "{\"fullyQualifiedName\":\"shop.d\(database).s\(schema).t\(table)\",\"description\":\"No. \(table)\","
                        + "\"columns\":[{\"name\":\"id\",\"dataType\":\"INT\",\"description\":\"Its number.\"}]}\n"
                }
            }
        }
        lines["databases.jsonl"] = databaseLines
        lines["databaseSchemas.jsonl"] = schemaLines
        lines["tables.jsonl"] = tableLines
        return try TestCatalog(lines, options: options)
    }

    /// Works with the server, and leaves it.
    func with<Result>(
        attempts: Int = 3, settings change: (inout CatalogServerSettings) -> Void = { _ in },
        _ body: (CatalogServer) async throws -> Result
    ) async throws -> Result {
        var settings = CatalogServerSettings(address: server.address, token: Secret("a.b.c"), timeout: .seconds(600))
        change(&settings)
        let server = try await CatalogServer.connect(
            settings, retries: RetryPolicy(attempts: attempts), sleep: { [waits] in waits.add($0) })
        do {
            let result = try await body(server)
            await server.shutDown()
            return result
        } catch {
            await server.shutDown()
            throw error
        }
    }

    /// All entities that the channels of a configuration can select.
    func entities(
        _ configuration: Configuration = everything, attempts: Int = 3,
        settings change: (inout CatalogServerSettings) -> Void = { _ in }
    ) async throws -> [CatalogEntity] {
        try await with(attempts: attempts, settings: change) { server in
            var entities: [CatalogEntity] = []
            for try await batch in server.batches(CatalogReach(configuration)) { entities += batch }
            return entities
        }
    }

    /// The same from the folder itself.
    func entitiesOfTheFolder(needsDocuments: Bool = false) async throws -> [CatalogEntity] {
        var entities: [CatalogEntity] = []
        for try await batch in try CatalogFolder(path: folder).batches(needsDocuments: needsDocuments) { entities += batch }
        return entities
    }

    /// What it takes for a reading to fail: its error.
    func failure(
        _ configuration: Configuration = everything, attempts: Int = 3,
        settings change: (inout CatalogServerSettings) -> Void = { _ in }
    ) async -> CatalogServerError? {
        do {
            _ = try await entities(configuration, attempts: attempts, settings: change)
            return nil
        } catch {
            return error as? CatalogServerError
        }
    }
}

/// A configuration of some services and channels.
func configuration(_ services: [String], _ channels: Channel...) -> Configuration {
    Configuration(
        catalog: .folder("/none"), services: services.map { ServiceDefinition(name: $0, type: "Postgres") },
        journalPath: "/none", channels: channels)
}

/// Selects all there is of the fixtures.
let everything = configuration(
    ["shop", "pg.main", "lake"], Channel(name: "all", updateDescriptions: true, updateOwners: true, updateTags: true))
