import Foundation
import RevmetaTestSupport
import Testing

/// A database, a catalog that describes it, and a configuration that joins the two.
///
/// `metadata_writer` writes. It is no superuser, but a member of `app_owner`, which owns everything, and of
/// `finance_role`. There are also `stranger`, of which it is no member, and `outsider`, which is a member of nothing.
struct Shop {
    let database: PostgresDatabase
    let folder: TemporaryFolder

    /// The server that the tests share; those that stop their server have one of their own.
    private static let server = Result { try newServer() }

    /// - Parameter sql: Runs as the owner of everything.
    init(_ sql: String = "", server: PostgresServer? = nil) throws {
        let server = try server ?? Self.server.get()
        folder = try TemporaryFolder()
        database = try server.createDatabase(owner: "app_owner")
        try database.query(
            """
            GRANT CREATE ON DATABASE \(database.name) TO metadata_writer;
            GRANT CREATE ON SCHEMA public TO app_owner, finance_role, metadata_writer;
            SET ROLE app_owner; \(sql)
            """)
        try configure()
    }

    /// Starts a server whose log tells who sent what.
    static func newServer() throws -> PostgresServer {
        let server = try PostgresServer(options: "-c log_line_prefix='%d|%u|' -c log_connections=on -c autovacuum=off")
        try PostgresClient(server, database: "postgres").run(
            """
            CREATE ROLE app_owner; CREATE ROLE finance_role; CREATE ROLE stranger; CREATE ROLE outsider LOGIN;
            CREATE ROLE metadata_writer LOGIN CREATEDB PASSWORD 'correct horse';
            GRANT app_owner, finance_role TO metadata_writer;
            """)
        return server
    }
}

// The configuration and the catalog.
extension Shop {
    /// Writes `revmeta.yaml`.
    /// - Parameters:
    ///   - connection: Settings that differ from those of a quiet local connection, as YAML values.
    ///   - channel: What the one channel says besides its name.
    ///   - others: What more channels say, their names included.
    ///   - services: More services, as lines of YAML.
    ///   - owners: More entries of the map of owners.
    func configure(
        connection: [String: String] = [:], channel: String = "updateDescriptions: true", others: [String] = [],
        services: String = "", owners: String = "", serve: String = ""
    ) throws {
        let settings = [
            "hostPort": "\"\(database.server.folder):\(database.server.port)\"", "username": "metadata_writer",
            "database": database.name, "sslMode": "disable", "lockTimeout": "300",
            // What a statement or a connection takes is no matter here, however slow the machine.
            "statementTimeout": "0", "connectTimeout": "3600",
        ].merging(connection) { $1 }
        try folder.write(
            """
            catalog: { folder: catalog }
            services:
              shop:
                type: Postgres
                connection: { \(settings.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }
            \(services)
            owners: { map: { jane.doe: app_owner, "team:finance": finance_role\(owners) } }
            journal: { path: journal.sqlite }
            \(serve)
            channels:
              - { name: all, \(channel) }
            \(others.map { "  - { \($0) }" }.joined(separator: "\n"))

            """, to: "revmeta.yaml")
    }

    /// Writes the catalog.
    func describe(_ entities: Described...) throws {
        try describe(entities)
    }

    func describe(_ entities: [Described]) throws {
        for kind in Described.Kind.allCases {
            let lines = try entities.filter { $0.kind == kind }.map { try $0.line(database: database.name) + "\n" }
            try folder.write(lines.joined(), to: "catalog/\(kind.rawValue).jsonl")
        }
    }

    /// Runs a script by PostgreSQL's own client, as the role that writes.
    func psql(_ script: String) async throws -> Child.Answer {
        try await Child.run([
            "/usr/bin/env", "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", database.server.folder,
            "-p", "\(database.server.port)", "-U", "metadata_writer", "-d", "postgres", "-f", script,
        ])
    }

    /// Starts the program without waiting for its end.
    func start(_ arguments: String...) throws -> Child {
        try Child([Program.path] + arguments, in: folder.path)
    }

    /// Runs the program, which must end with a status.
    @discardableResult
    func expect(
        _ status: Int32, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Child.Answer {
        try await expect(status, arguments, sourceLocation: sourceLocation)
    }

    @discardableResult
    func expect(
        _ status: Int32, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Child.Answer {
        let answer = try await Program.run(arguments, in: folder.path)
        #expect(
            answer.status == status, "\(arguments): \(answer.output)\(answer.errors)", sourceLocation: sourceLocation)
        return answer
    }
}
