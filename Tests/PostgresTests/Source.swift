import RevmetaEngine
import RevmetaHost
import RevmetaModel
import RevmetaTestSupport
import Testing

/// A database of a test's own, and the connector's sessions with it.
///
/// Sessions connect as `metadata_writer`: no superuser, but a member of `app_owner`, which owns everything. There are
/// also `new_owner`, of which the writer is a member, and `stranger`, of which it is not.
struct Source {
    let database: PostgresDatabase

    private static let server = Result {
        let server = try PostgresServer.shared.get()
        try PostgresClient(server, database: "postgres").run(
            """
            CREATE ROLE app_owner; CREATE ROLE new_owner; CREATE ROLE stranger;
            CREATE ROLE metadata_writer LOGIN PASSWORD 'correct horse'; CREATE ROLE outsider LOGIN;
            GRANT app_owner, new_owner TO metadata_writer;
            """)
        return server
    }

    /// - Parameter sql: Runs as the owner of everything.
    init(_ sql: String = "") throws {
        database = try Self.server.get().createDatabase(owner: "app_owner")
        try database.query("GRANT CREATE ON SCHEMA public TO app_owner, new_owner; SET ROLE app_owner; \(sql)")
    }

    init(_ database: PostgresDatabase) {
        self.database = database
    }

    static let plugins = PluginHost(PluginDirectory(PluginSearchPath(options: [], environment: [:])), isolation: .inProcess)

    func session(
        as role: String = "metadata_writer", _ settings: [String: String] = [:]
    ) async throws(Failure) -> any ConnectorSession {
        let all = database.settings(as: role).merging(settings) { $1 }
        return try await Self.open(all)
    }

    /// A session whose messages are counted.
    func watchedSession(
        as role: String = "metadata_writer", _ settings: [String: String] = [:]
    ) async throws -> (session: any ConnectorSession, proxy: CuttingProxy) {
        let proxy = try CuttingProxy(to: "\(database.server.folder)/.s.PGSQL.\(database.server.port)")
        let all = ["hostPort": "127.0.0.1:\(proxy.port)"].merging(settings) { $1 }
        return (try await session(as: role, all), proxy)
    }

    static func open(_ settings: [String: String]) async throws(Failure) -> any ConnectorSession {
        let service = ServiceDefinition(name: "shop", type: "postgres", connection: settings.mapValues(Secret.init))
        return try await plugins.open(service, database: settings["database"])
    }

    /// A path below the database.
    func path(_ names: String...) -> EntityPath {
        EntityPath([database.name] + names)
    }

    func change(
        _ kind: SourceKind, _ names: String..., attribute: Attribute = .description, before: String? = nil,
        to value: String?
    ) -> Change {
        Change(
            kind: kind, path: EntityPath([database.name] + names), attribute: attribute, before: before, value: value)
    }

    @discardableResult
    func query(_ sql: String) throws -> [[String?]] {
        try database.query(sql)
    }
}

extension ConnectorSession {
    /// Plans changes that can all be planned, and executes them.
    func apply(_ changes: [Change]) async throws -> Execution {
        let plan = try await plan(changes)
        #expect(plan.refusals == [])
        return await execute(plan.statements, of: changes)
    }

    /// Applies changes that must all succeed.
    func applyAll(_ changes: [Change], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let execution = try await apply(changes)
        #expect(execution.failure == nil, sourceLocation: sourceLocation)
        #expect(execution.failures.isEmpty, sourceLocation: sourceLocation)
        #expect(execution.appliedCount == changes.count, sourceLocation: sourceLocation)
    }

    /// The values of one attribute, in the order asked for; nil: no such entity, or no such attribute on it.
    func values(_ attribute: Attribute, of entities: [Entity]) async throws -> [Fact.Value?] {
        var values = [Fact.Value?](repeating: nil, count: entities.count)
        for fact in try await read(entities, attributes: [attribute]) { values[fact.entity] = fact.value }
        return values
    }
}

extension Execution {
    var appliedCount: Int { outcomes.count { $0 == .applied } }

    /// What failed, by the statement's index.
    var failures: [Int: Failure] {
        var failures: [Int: Failure] = [:]
        for (index, outcome) in outcomes.enumerated() {
            if case .failed(let failure) = outcome { failures[index] = failure }
        }
        return failures
    }
}
