import RevmetaEngine
import RevmetaHost
import RevmetaModel
import RevmetaTestSupport
import Testing

/// A database of a test's own, and the connector's sessions with it.
///
/// Sessions connect as `metadata_writer`, who may do nothing but ALTER.
struct Source {
    let database: MariaDBDatabase

    private static let server = Result {
        let server = try MariaDBServer.shared.get()
        try prepare(server)
        return server
    }

    /// Makes the users on a server.
    static func prepare(_ server: MariaDBServer) throws {
        try MariaDBClient(server).run(
            "CREATE USER metadata_writer IDENTIFIED BY ''; CREATE USER outsider; CREATE USER secretive IDENTIFIED "
                + "BY 'correct'")
    }

    /// - Parameter sql: Runs as root.
    init(_ sql: String = "", on server: MariaDBServer? = nil, options: String = "") throws {
        let server = try server ?? Self.server.get()
        database = try server.createDatabase(options: options)
        try database.query("GRANT ALTER ON \(database.name).* TO metadata_writer; \(sql)")
    }

    static let plugins = PluginHost(PluginDirectory(PluginSearchPath(options: [], environment: [:])),
        isolation: .inProcess)

    func session(
        as user: String = "metadata_writer", _ settings: [String: String] = [:]
    ) async throws(Failure) -> any ConnectorSession {
        try await Self.open(database.settings(as: user).merging(settings) { $1 })
    }

    static func open(_ settings: [String: String]) async throws(Failure) -> any ConnectorSession {
        let service = ServiceDefinition(name: "shop", type: "MariaDB", connection: settings.mapValues(Secret.init))
        return try await plugins.open(service, database: nil)
    }

    /// A path: the catalog's database, the server's, and names below it.
    func path(_ names: String...) -> EntityPath {
        EntityPath(["default", database.name] + names)
    }

    func change(_ kind: SourceKind, _ names: String..., before: String? = nil, to value: String?) -> Change {
        Change(
            kind: kind, path: EntityPath(["default", database.name] + names), attribute: .description, before: before,
            value: value)
    }

    @discardableResult
    func query(_ sql: String) throws -> [[String?]] {
        try database.query(sql)
    }

    /// What `SHOW CREATE TABLE` prints.
    func definition(_ table: String) throws -> String {
        try query("SHOW CREATE TABLE `\(table.replacing("`", with: "``"))`")[0][1]!
    }

    /// The comments of a table and of its columns, as the server tells them.
    func comments(_ table: String) throws -> [String] {
        try query(
            """
            SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '\(table)'
            UNION ALL SELECT * FROM (SELECT COLUMN_COMMENT FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '\(table)' ORDER BY ORDINAL_POSITION) AS c
            """).map { $0[0] ?? "" }
    }
}

extension ConnectorSession {
    /// Plans changes that can all be planned, and executes them.
    func apply(_ changes: [Change], sourceLocation: SourceLocation = #_sourceLocation) async throws -> Execution {
        let plan = try await plan(changes)
        #expect(plan.refusals == [], sourceLocation: sourceLocation)
        return await execute(plan.statements, of: changes)
    }

    /// Applies changes that must all succeed.
    func applyAll(_ changes: [Change], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let execution = try await apply(changes, sourceLocation: sourceLocation)
        #expect(execution.failure == nil, sourceLocation: sourceLocation)
        #expect(execution.outcomes.allSatisfy { $0 == .applied }, "\(execution)", sourceLocation: sourceLocation)
    }

    /// The descriptions, in the order asked for; nil: no such entity.
    func descriptions(_ entities: [Entity]) async throws -> [Fact.Value?] {
        var values = [Fact.Value?](repeating: nil, count: entities.count)
        for fact in try await read(entities, attributes: [.description]) { values[fact.entity] = fact.value }
        return values
    }
}

extension Execution {
    /// What failed, by the statement's index.
    var failures: [Int: Failure] {
        var failures: [Int: Failure] = [:]
        for (index, outcome) in outcomes.enumerated() {
            if case .failed(let failure) = outcome { failures[index] = failure }
        }
        return failures
    }
}
