import Foundation
import RevmetaTestSupport
import Testing

/// The built program with a MariaDB server whose log tells who sent what.
@Suite(.serialized) struct MariaDBTests {
    private static let server = Result {
        let server = try MariaDBServer(options: "--general-log=1 --log-output=TABLE")
        try MariaDBClient(server).run("CREATE USER metadata_writer")
        return server
    }

    private struct Plan: Decodable {
        struct Statement: Decodable {
            var text: String
        }

        var statements: [Statement]
    }

    private let folder: TemporaryFolder
    private let database: MariaDBDatabase

    private static let objects = """
        CREATE TABLE orders (id int unsigned AUTO_INCREMENT PRIMARY KEY, placed timestamp DEFAULT current_timestamp() ON UPDATE
          current_timestamp(), note varchar(20) CHARACTER SET latin1 NOT NULL DEFAULT 'x' CHECK (note <> ''),
          doc json, twice int AS (id * 2) VIRTUAL INVISIBLE) COMMENT 'somebody''s own';
        CREATE TABLE refunds (id int COMMENT 'stays'); CREATE VIEW recent AS SELECT id FROM orders;
        CREATE TABLE kept (id int) WITH SYSTEM VERSIONING;
        """
    private static let wanted: [String: String] = [
        "orders": #"One row for "each" order, it's \ all -- really;"# + "\r\n/* so */", "orders.id": "Never reused.",
        "orders.placed": "UTC,\nnot local", "orders.note": "'; DROP TABLE orders; --", "orders.doc": "JSON `x`",
        "orders.twice": "Twice.", "refunds": "Refunds.", "refunds.id": "stays", "kept": "Kept.",
    ]

    init() throws {
        folder = try TemporaryFolder()
        database = try Self.server.get().createDatabase()
        try database.query("GRANT ALTER ON \(database.name).* TO metadata_writer; \(Self.objects)")
        try configure()
        try describe(Self.wanted)
    }

    private func configure(_ channel: String = "updateDescriptions: true", connection: String = "") throws {
        try folder.write(
            """
            catalog: { folder: catalog }
            services:
              shop:
                type: MariaDB
                connection: { hostPort: "\(database.server.socket)", username: metadata_writer, lockTimeout: 1000\(connection) }
            journal: { path: journal.sqlite }
            channels:
              - { name: all, \(channel) }

            """, to: "revmeta.yaml")
    }

    private func describe(_ wanted: [String: String]) throws {
        func table(_ name: String, _ columns: [String]) throws -> String {
            try Described(
                kind: .tables, names: [database.name, name], description: wanted[name],
                columns: columns.map { ($0, wanted["\(name).\($0)"]) }).line(database: "default")
        }
        let tables = [
            try table("orders", ["id", "placed", "note", "doc", "twice"]), try table("refunds", ["id"]),
            try table("recent", ["id"]),
            try table("kept", ["id"]),
        ]
        try folder.write(tables.map { $0 + "\n" }.joined(), to: "catalog/tables.jsonl")
        let schema = Described(kind: .databaseSchemas, names: [database.name],
            description: wanted["schema"] ?? "The shop's.")
        try folder.write(try schema.line(database: "default") + "\n", to: "catalog/databaseSchemas.jsonl")
    }

    @discardableResult
    private func expect(
        _ status: Int32, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Child.Answer {
        let answer = try await Program.run(arguments, in: folder.path)
        #expect(answer.status == status, "\(arguments): \(answer.output)\(answer.errors)",
            sourceLocation: sourceLocation)
        return answer
    }

    private func planned() async throws -> [String] {
        let answer = try await expect(0, "plan", "--format", "json")
        return try JSONDecoder().decode(Plan.self, from: Data(answer.output.utf8)).statements.map(\.text)
    }

    /// What the program altered, as the server's log has it.
    private func sent() throws -> [String] {
        try database.query(
            """
            SELECT argument FROM mysql.general_log WHERE user_host LIKE 'metadata_writer%' AND argument LIKE 'ALTER %'
            AND argument LIKE '%\(database.name)%' ORDER BY event_time
            """).map { $0[0]! }
    }

    private func comments() throws -> [String: String] {
        let rows = try database.query(
            """
            SELECT TABLE_NAME, TABLE_COMMENT FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW' AND TABLE_COMMENT <> ''
            UNION ALL SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME), COLUMN_COMMENT FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_COMMENT <> '' AND TABLE_NAME <> 'recent'
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0]!, $0[1]!) })
    }

    /// The tables' definitions without their comments.
    private func shapes() throws -> [String] {
        try ["orders", "refunds", "kept"].map {
            try database.query("SHOW CREATE TABLE \($0)")[0][1]!.replacing(#/ COMMENT[ =]'(?:[^'\\]|''|\\.)*'/#,
                with: "")
        }
    }

    @Test func runSendsWhatPlanShowsOnceATable() async throws {
        let texts = try await planned()
        #expect(texts.count == 4)
        let before = try shapes()
        try await expect(0, "run")
        let sent = try sent()
        #expect(sent.sorted() == texts.sorted())
        // Never two for one table.
        #expect(Set(sent.map { $0.split(separator: " ").prefix(3) }).count == sent.count)
        #expect(try comments() == Self.wanted)
        #expect(try shapes() == before)
        let schema = "SELECT SCHEMA_COMMENT FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()"
        #expect(try database.query(schema) == [["The shop's."]])
    }

    @Test func theSecondRunWritesNothing() async throws {
        try await expect(0, "run")
        let sent = try sent().count
        let answer = try await expect(0, "run")
        #expect(answer.output.contains("Nothing to do: "))
        #expect(try self.sent().count == sent)
    }

    @Test func planWritesNothing() async throws {
        try await expect(0, "plan")
        #expect(try sent() == [])
        #expect(try comments() == ["orders": "somebody's own", "refunds.id": "stays"])
    }

    @Test func theScriptDoesWhatARunDoes() async throws {
        let script = try await expect(0, "plan", "--format", "sql").output
        #expect(script.ranges(of: "ALTER ").count == 4)
        try folder.write(script, to: "plan.sql")
        let client = try await Child.run([
            "/bin/sh", "-c",
            "exec mariadb --no-defaults -u metadata_writer -S \(database.server.socket) < '\(folder.path)/plan.sql'",
        ])
        #expect(client.status == 0, "\(client.errors)")
        #expect(try comments() == Self.wanted)
        let answer = try await expect(0, "run")
        #expect(answer.output.contains("Nothing to do: "))
    }

    @Test func aConflictIsAsTheChannelSays() async throws {
        try configure("updateDescriptions: true, onConflict: keep")
        try await expect(0, "run")
        #expect(try comments()["orders"] == "somebody's own")
        #expect(try comments()["orders.id"] == "Never reused.")
        try configure("updateDescriptions: true, onConflict: fail")
        try await expect(1, "run")
        #expect(try comments()["orders"] == "somebody's own")
    }

    @Test func aRunIsRolledBack() async throws {
        let before = try shapes()
        try await expect(0, "run")
        try await expect(0, "rollback", "1")
        #expect(try comments() == ["orders": "somebody's own", "refunds.id": "stays"])
        #expect(try shapes() == before)
    }

    @Test func whatTheServerHasNoPlaceForIsToldOnce() async throws {
        var wanted = Self.wanted
        (wanted["recent"], wanted["recent.id"], wanted["kept.id"]) = ("A view.", "Of a view.", "Of a kept table.")
        try describe(wanted)
        let answer = try await expect(0, "run")
        let told = answer.output + answer.errors
        #expect(told.ranges(of: "cannot hold the description of a view: MySQL and MariaDB keep no comments of "
            + "views").count == 1)
        #expect(told.ranges(of: "cannot hold the description of a column of a system-versioned table").count == 1)
        #expect(try comments() == Self.wanted)
    }

    /// The server would turn an emoji into a question mark, and a run would find that changed each time.
    @Test(arguments: ["fail", "replace"]) func anEmojiNeverLoops(policy: String) async throws {
        try configure("updateDescriptions: true, onUnrepresentable: \(policy)")
        var wanted = Self.wanted
        wanted["refunds"] = "Money 💶 back"
        try describe(wanted)
        let first = try await expect(policy == "fail" ? 1 : 0, "run")
        if policy == "fail" { #expect((first.output + first.errors).contains("U+1F4B6")) }
        #expect(try comments()["refunds"] == (policy == "fail" ? nil : "Money \u{FFFD} back"))
        let sent = try sent().count
        try await expect(policy == "fail" ? 1 : 0, "run")
        #expect(try self.sent().count == sent)
    }

    @Test func whatIsTooLongIsToldBefore() async throws {
        var wanted = Self.wanted
        wanted["refunds.id"] = String(repeating: "ä", count: 1025)
        try describe(wanted)
        let answer = try await expect(1, "run")
        #expect((answer.output + answer.errors).contains("1025 characters and the source holds 1024"))
        #expect(try comments()["refunds.id"] == "stays")
        try configure("updateDescriptions: true, onTooLong: truncate")
        try await expect(0, "run")
        #expect(try comments()["refunds.id"] == String(repeating: "ä", count: 1024))
    }

    @Test func aTableInUseIsLeftForTheNextRun() async throws {
        let reader = try database.connect()
        try reader.run("BEGIN; SELECT * FROM orders")
        let answer = try await expect(1, "run")
        #expect((answer.output + answer.errors).contains("lockTimeout"))
        #expect(try comments()["refunds"] == "Refunds." && comments()["orders"] == "somebody's own")
        try reader.run("COMMIT")
        try await expect(0, "run")
        #expect(try comments() == Self.wanted)
    }

    @Test func checkNamesTheMissingGrant() async throws {
        try await expect(0, "check")
        try database.query("REVOKE ALTER ON \(database.name).* FROM metadata_writer; GRANT SELECT ON "
            + "\(database.name).* TO metadata_writer")
        let answer = try await expect(1, "check")
        #expect((answer.output
            + answer.errors).contains("GRANT ALTER ON `\(database.name)`.`orders` TO 'metadata_writer'@'%'"))
    }

    /// What the plan was made of has changed when it is sent.
    @Test func aSavedPlanDoesNotPutOthersWorkBack() async throws {
        try await expect(0, "plan", "--out", "plan.json")
        try database.query("ALTER TABLE orders MODIFY note varchar(40) CHARACTER SET latin1 NOT NULL DEFAULT 'y' "
            + "CHECK (note <> '')")
        let answer = try await expect(1, "run", "--plan", "plan.json")
        #expect((answer.output + answer.errors).contains("was changed since the plan was made"))
        #expect(try database.query("SHOW CREATE TABLE orders")[0][1]!.contains("varchar(40)"))
        #expect(try comments()["refunds"] == "Refunds.")
    }
}
