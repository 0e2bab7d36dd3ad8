import Foundation
import RevmetaTestSupport
import Testing

/// The program on the stand-in for Snowflake, beside other sources and beside drivers that misbehave.
struct SnowflakeTests {
    /// The promise: a tag in the catalog, and the next SELECT is masked. It is not taken away by mistake either.
    @Test
    func aTagInTheCatalogMasksTheColumn() async throws {
        let lake = try Lake()
        try lake.admin(
            "CREATE MASKING POLICY GOV.TAGS.HIDE AS (val STRING) RETURNS STRING -> CASE WHEN CURRENT_ROLE() = 'APP_OWNER' THEN val ELSE '***' END",
            "ALTER TAG GOV.TAGS.\"PII\" SET MASKING POLICY GOV.TAGS.HIDE")
        try lake.configure(channel: "updateDescriptions: true, updateTags: true")
        try lake.describe(tags: #"[{"tagFQN":"PII.Sensitive"}]"#)
        #expect(try lake.seenByAnna() == [["jane@example.org"]])
        try await lake.expect(0, "run")
        #expect(try lake.seenByAnna() == [["***"]])
        #expect(try lake.comment() == "Who ordered.")
        let again = try await lake.expect(0, "run")
        #expect(again.output.contains("Nothing to do"))

        // The tag goes from the catalog, and stays at the source until somebody says so; a rollback is no other way.
        try lake.describe(tags: "[]")
        let removal = try await lake.expect(1, "run")
        #expect((removal.output + removal.errors).contains("carries the masking policy HIDE"))
        #expect(try lake.seenByAnna() == [["***"]])
        let back = try await lake.expect(1, "rollback", "1")
        #expect((back.output + back.errors).contains("allowPolicyTagChanges: true"))
        #expect(try lake.seenByAnna() == [["***"]])
        try lake.configure(connection: ["allowPolicyTagChanges": "true"], channel: "updateDescriptions: true, updateTags: true")
        try await lake.expect(0, "run")
        #expect(try lake.seenByAnna() == [["jane@example.org"]])
    }

    /// Edits as Collate hands them out: only what came and what went is known of an entity's tags.
    @Test
    func tagsAreEditedByOperations() async throws {
        let lake = try Lake(), email = "<#E::table::lake.SHOP.SALES.ORDERS::columns::EMAIL>"
        try lake.admin("CREATE TAG GOV.TAGS.\"Level\"", "ALTER TABLE SHOP.SALES.ORDERS SET TAG GOV.TAGS.\"Level\" = 'Theirs'")
        try lake.configure(channel: "updateTags: true, tagSources: [classification, domain], onConflict: keep")
        func edit(_ link: String, adding added: [String], removing removed: [String], _ status: Int32) async throws -> (Bool, String) {
            var edits = Operations(service: "lake")
            edits.tag(link, adding: added, removing: removed)
            try lake.folder.write(try edits.text, to: "operations.json")
            let answer = try Operations.Answer(try await lake.expect(status, "run", "--operations", "operations.json"))
            return (answer.successes[0], answer.message(0))
        }
        func tags() throws -> [[String?]] {
            try lake.standIn.run(
                """
                SELECT COLUMN_NAME, TAG_NAME, TAG_VALUE
                FROM TABLE(SHOP.INFORMATION_SCHEMA.TAG_REFERENCES_ALL_COLUMNS('SHOP.SALES.ORDERS', 'TABLE')) ORDER BY 1, 2
                """).rows
        }
        #expect(try await edit(email, adding: ["PII.A"], removing: [], 0).0)
        // Of the others nobody told anything: they stay.
        #expect(try await edit(email, adding: ["Level.High"], removing: [], 0).0)
        #expect(try await edit(email, adding: ["PII.B"], removing: ["PII.A"], 0).0)
        let ambiguous = try await edit(email, adding: ["PII.C"], removing: [], 1)
        #expect(!ambiguous.0 && ambiguous.1.contains("revmeta wrote 'B' there"), "\(ambiguous)")
        // What goes is not what is there.
        #expect(try await edit(email, adding: [], removing: ["PII.A"], 0).0)
        #expect(try await edit(email, adding: [], removing: ["Level.High"], 0).0)
        let all = try tags()
        #expect(all.contains(["EMAIL", "PII", "B"]) && !all.contains(["EMAIL", "Level", "High"]), "\(all)")
        // Somebody else's.
        let theirs = try await edit("<#E::table::lake.SHOP.SALES.ORDERS>", adding: [], removing: ["Level.Ours"], 0)
        #expect(!theirs.0 && theirs.1.contains("the source has a value that revmeta did not write"), "\(theirs)")
        #expect(try await edit("<#E::table::lake.SHOP.SALES.ORDERS>", adding: [], removing: ["Level.Theirs"], 0).0)
        #expect(try await edit(email, adding: [], removing: ["PII.B"], 0).0)
        let left = try tags()
        #expect(left.isEmpty, "\(left)")
    }

    @Test
    func eachStatementTellsItsRunAndChannel() async throws {
        let lake = try Lake()
        try lake.describe()
        try await lake.expect(0, "run")
        let writing = lake.standIn.statements.filter { $0.text.hasPrefix("ALTER TABLE") || $0.text.hasPrefix("COMMENT") }
        #expect(!writing.isEmpty)
        #expect(writing.allSatisfy { $0.queryTag == "revmeta run 1, channel all" }, "\(writing)")
        #expect(lake.standIn.statements.filter { $0.role == "METADATA_WRITER" && $0.text.hasPrefix("SELECT") && $0.text.contains("FROM") }
            .allSatisfy { $0.queryTag.hasPrefix("revmeta") })
    }

    @Test
    func checkNamesTheGrantThatIsMissing() async throws {
        let lake = try Lake()
        try lake.configure(channel: "updateDescriptions: true, updateTags: true")
        try lake.describe(tags: #"[{"tagFQN":"PII.Sensitive"}]"#)
        let good = try await lake.expect(0, "check")
        #expect(good.output.contains("all of them may be written"), "\(good.output)")
        try lake.admin(
            "REVOKE ROLE APP_OWNER FROM ROLE METADATA_WRITER", "REVOKE APPLY TAG ON ACCOUNT FROM ROLE METADATA_WRITER",
            "GRANT USAGE ON DATABASE SHOP TO ROLE METADATA_WRITER", "GRANT USAGE ON SCHEMA SHOP.SALES TO ROLE METADATA_WRITER",
            "GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE METADATA_WRITER", "GRANT READ ON TAG GOV.TAGS.\"PII\" TO ROLE METADATA_WRITER")
        let answer = try await lake.expect(1, "check")
        let said = answer.output + answer.errors
        #expect(said.contains("GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER"), "\(said)")
        #expect(said.contains("GRANT APPLY ON TAG GOV.TAGS.PII TO ROLE METADATA_WRITER"), "\(said)")
        #expect(lake.standIn.statements.allSatisfy { !$0.text.hasPrefix("ALTER TABLE") && !$0.text.hasPrefix("COMMENT") })
        // The run says the same, and Snowflake's own words would not.
        let run = try await lake.expect(1, "run")
        #expect((run.output + run.errors).contains("GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER"))
    }

    @Test(arguments: [SnowflakeStandIn.Fault.rateLimit, .drop, .lose])
    func whatFailsForTheTimeBeingIsTriedAgain(_ fault: SnowflakeStandIn.Fault) async throws {
        let lake = try Lake()
        try lake.describe()
        try lake.standIn.plan(fault, containing: "COMMENT ON TABLE")
        try lake.standIn.plan(fault, containing: "INFORMATION_SCHEMA.COLUMNS")
        try await lake.expect(0, "run")
        #expect(try lake.comment() == "Who ordered.")
        #expect(try await lake.expect(0, "run").output.contains("Nothing to do"))
    }

    @Test
    func aSecretIsInNoMessage() async throws {
        let lake = try Lake()
        try lake.describe()
        try lake.configure(connection: ["password": "\"wrong-h0rse\""])
        let answer = try await lake.expect(3, "run", "--verbose")
        #expect(!(answer.output + answer.errors).contains("wrong-h0rse"))
        #expect(answer.errors.contains("myorg-account"), "\(answer.errors)")
    }

    /// A driver of the vendor's that misbehaves costs its service only.
    @Test(arguments: ["crashes", "hangs", "other_openssl"])
    func aBadDriverCostsItsServiceOnly(_ name: String) async throws {
        let lake = try Lake()
        let driver = try SnowflakeStandInPrograms.badDriver(name), patience = name == "hangs" ? 2 : 600
        try lake.configure(services: """
              bad:
                type: Snowflake
                connection: { account: bad, username: A, password: b, warehouse: W, driver: "\(driver)", connectTimeout: \(patience) }
            """)
        try lake.describe(more: #"{"fullyQualifiedName":"bad.SHOP.SALES.ORDERS","description":"x"}"#)
        let answer = try await lake.expect(1, "run")
        let said = answer.output + answer.errors
        #expect(said.contains("bad"), "\(said)")
        switch name {
        case "crashes": #expect(said.contains("signal 11") || said.contains("SIGSEGV"), "\(said)")
        case "hangs": #expect(said.contains("did not answer within 2 s"), "\(said)")
        default: break
        }
        #expect(try lake.comment() == "Who ordered.")
    }

    /// One channel over three sources, routed by their service types; one of them is down.
    @Test
    func oneChannelWritesToAllSourcesThatAreUp() async throws {
        let lake = try Lake()
        let postgres = try PostgresServer(), mariaDB = try MariaDBServer.shared.get().createDatabase()
        let database = try postgres.createDatabase()
        try database.query("CREATE TABLE public.orders (id int)")
        try mariaDB.query("CREATE TABLE orders (id int)")
        try lake.configure(services: """
              pg:
                type: Postgres
                connection: { hostPort: "\(postgres.folder):\(postgres.port)", username: postgres, database: \(database.name), sslMode: disable }
              maria:
                type: MariaDB
                connection: { hostPort: "\(mariaDB.server.socket)", username: root }
            """)
        let others = [
            #"{"fullyQualifiedName":"pg.\#(database.name).public.orders","description":"In PostgreSQL."}"#,
            #"{"fullyQualifiedName":"maria.default.\#(mariaDB.name).orders","description":"In MariaDB."}"#,
        ].joined(separator: "\n")
        try lake.describe(more: others)
        func comments() throws -> [String?] {
            let rows = try mariaDB.query(
                "SELECT table_comment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'orders'")
            return [rows[0][0], try lake.comment()]
        }

        try postgres.stop()
        let partial = try await lake.expect(1, "run")
        #expect((partial.output + partial.errors).contains("pg"), "\(partial.errors)")
        #expect(try comments() == ["In MariaDB.", "Who ordered."])

        try postgres.start()
        try await lake.expect(0, "run")
        #expect(try database.query("SELECT obj_description('public.orders'::regclass)") == [["In PostgreSQL."]])
        #expect(try await lake.expect(0, "run").output.contains("Nothing to do"))
    }
}

/// An account of the stand-in, a catalog that describes its one table, and a configuration that joins the two.
private struct Lake {
    let standIn: SnowflakeStandIn
    let folder: TemporaryFolder

    init() throws {
        standIn = try SnowflakeStandIn()
        folder = try TemporaryFolder()
        try admin(
            "CREATE ROLE APP_OWNER", "CREATE ROLE METADATA_WRITER", "CREATE ROLE ANALYST",
            "GRANT ROLE APP_OWNER TO ROLE SYSADMIN", "GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER",
            "CREATE USER REVMETA PASSWORD = 'correct h0rse' DEFAULT_ROLE = METADATA_WRITER",
            "GRANT ROLE METADATA_WRITER TO USER REVMETA", "CREATE USER ANNA PASSWORD = 'secret' DEFAULT_ROLE = ANALYST",
            "GRANT ROLE ANALYST TO USER ANNA", "GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE METADATA_WRITER",
            "GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE ANALYST", "CREATE DATABASE GOV", "CREATE SCHEMA GOV.TAGS",
            "CREATE TAG GOV.TAGS.\"PII\"", "GRANT USAGE ON DATABASE GOV TO ROLE METADATA_WRITER",
            "GRANT USAGE ON SCHEMA GOV.TAGS TO ROLE METADATA_WRITER", "GRANT APPLY TAG ON ACCOUNT TO ROLE METADATA_WRITER",
            "GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE METADATA_WRITER",
            "GRANT APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE METADATA_WRITER", "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.SALES",
            "CREATE TABLE SHOP.SALES.ORDERS (ID INT, EMAIL STRING)",
            "INSERT INTO SHOP.SALES.ORDERS VALUES (1, 'jane@example.org')", "GRANT USAGE ON DATABASE SHOP TO ROLE ANALYST",
            "GRANT USAGE ON SCHEMA SHOP.SALES TO ROLE ANALYST", "GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST",
            "GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE APP_OWNER COPY CURRENT GRANTS",
            "GRANT USAGE ON SCHEMA SHOP.SALES TO ROLE APP_OWNER", "GRANT USAGE ON DATABASE SHOP TO ROLE APP_OWNER")
        try configure()
    }

    /// Runs statements as ACCOUNTADMIN.
    func admin(_ statements: String...) throws {
        for answer in try standIn.ask(statements) { if let failure = answer.failure { throw failure } }
    }

    /// - Parameters:
    ///   - connection: Settings that differ, as YAML values.
    ///   - services: More services, as lines of YAML.
    func configure(
        connection: [String: String] = [:], channel: String = "updateDescriptions: true", services: String = ""
    ) throws {
        let settings = [
            "account": "myorg-account", "username": "REVMETA", "password": "\"correct h0rse\"", "warehouse": "COMPUTE_WH",
            "driver": "\"\(standIn.driver)\"", "connectionOptions": "\"StandIn=\(standIn.folder)\"", "tagDatabase": "GOV",
            "tagSchema": "TAGS",
        ].merging(connection) { $1 }
        try folder.write(
            """
            catalog: { folder: catalog }
            services:
              lake:
                type: Snowflake
                connection: { \(settings.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }
            \(services)
            journal: { path: journal.sqlite }
            channels:
              - { name: all, \(channel) }

            """, to: "revmeta.yaml")
    }

    /// - Parameters:
    ///   - tags: Of the column EMAIL, as JSON.
    ///   - more: More tables, a line each.
    func describe(tags: String = "[]", more: String = "") throws {
        let table = #"{"fullyQualifiedName":"lake.SHOP.SALES.ORDERS","description":"One row an order.","tags":[],"columns":["#
            + #"{"name":"ID","description":"The key.","tags":[]},{"name":"EMAIL","description":"Who ordered.","tags":\#(tags)}]}"#
        try folder.write(table + "\n" + more, to: "catalog/tables.jsonl")
    }

    /// What a role that is no owner is shown.
    func seenByAnna() throws -> [[String?]] {
        let connection = ["UID": "ANNA", "PWD": "secret", "Warehouse": "COMPUTE_WH"]
        return try standIn.run("SELECT EMAIL FROM SHOP.SALES.ORDERS", connection: connection).rows
    }

    /// The comment on the column EMAIL.
    func comment() throws -> String? {
        let query = "SELECT COMMENT FROM SHOP.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'ORDERS' AND COLUMN_NAME = 'EMAIL'"
        return try standIn.run(query).rows.first?[0]
    }

    @discardableResult
    func expect(
        _ status: Int32, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Child.Answer {
        let answer = try await Program.run(arguments, in: folder.path)
        #expect(
            answer.status == status, "\(arguments): \(answer.output)\(answer.errors)", sourceLocation: sourceLocation)
        return answer
    }
}
