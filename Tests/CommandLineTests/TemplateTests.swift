import Foundation
import RevmetaTestSupport
import Testing

/// Templates of a channel, through the program, its engines and a real server.
@Suite(.serialized) struct TemplateTests {
    /// A channel's keys after its name, as YAML in one line.
    private func channel(_ templates: String, _ others: String = "updateDescriptions: true") -> String {
        "\(others), \(templates)"
    }

    private func text(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    private func tags(_ names: String...) -> (inout Described) -> Void {
        { $0.tags = names }
    }

    // What Collate's documentation prints, as it stands there.

    @Test func templatesOfCollateWorkAsTheyStand() async throws {
        let shop = try Shop("CREATE TABLE orders (id int); CREATE TABLE \"odd \"\"one\" (\"a.b\" int)")
        try shop.configure(channel: channel(
            "sqlTemplate: " + text("COMMENT ON COLUMN {database}.{schema}.{table}.{column} IS {description};")))
        try shop.describe(
            .table("orders", "One row an order.", columns: ["id": "It's the key."]),
            .table("odd \"one", nil, columns: ["a.b": "Odd\n\"too\"."]))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == [
            "table orders": "One row an order.", "column id of table orders": "It's the key.",
            "column a.b of table \"odd \"\"one\"": "Odd\n\"too\".",
        ])
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))

        try shop.configure(channel: channel(
            "sqlTemplate: " + text(#"COMMENT ON TABLE "{database}"."{schema}"."{table}" IS {description}"#)))
        let answer = try await shop.expect(0, "run")
        // The table's is the template's now; what the connector would write of the columns is there already.
        #expect(answer.output.contains("1 set"), "\(answer.output)")
        #expect(try shop.comments().count == 3)

        try shop.configure(channel: channel(
            "sqlTemplate: " + text("ALTER DATABASE {database} OWNER TO {owner};"), "updateOwners: true"))
        try shop.describe(.database(nil, owners: ["team:finance"]))
        try await shop.expect(0, "run")
        #expect(try shop.owners()["database"] == "finance_role")
    }

    @Test func aTextOfItsOwnIsWrittenOnce() async throws {
        let shop = try Shop("CREATE TABLE orders (); CREATE TABLE plain ()")
        let template = channel("sqlTemplate: " + text(
            "COMMENT ON TABLE {schema}.{table} IS 'owner: {owner}. {description}'"))
        try shop.configure(channel: template)
        let catalog: [Described] = [
            .table("orders", "One row an order.", owners: ["jane.doe"]), .table("plain", "No owner."),
        ]
        try shop.describe(catalog)
        try await shop.expect(0, "run")
        let comments = ["table orders": "owner: app_owner. One row an order.", "table plain": "No owner."]
        #expect(try shop.comments() == comments)

        let before = try await shop.traces()
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
        #expect(try await shop.traces() == before)
        #expect(try await shop.expect(0, "drift").output.contains("No drift: 2 facts"))

        try shop.query("COMMENT ON TABLE orders IS 'mine'")
        #expect(try await shop.expect(1, "drift").output.contains("Drift: 1 changed of 2 facts"))
        try shop.configure(channel: template + ", onConflict: keep")
        #expect(try await shop.expect(0, "run").output.contains("onConflict is keep"))
        #expect(try shop.comments()["table orders"] == "mine")
        try shop.configure(channel: template)
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)

        // Another owner is another text.
        try shop.describe([catalog[0].with { $0.owners = ["team:finance"] }, catalog[1]])
        try await shop.expect(0, "run")
        #expect(try shop.comments()["table orders"] == "owner: finance_role. One row an order.")
        // What is gone from the catalog is taken away, as far as the template says it.
        try shop.configure(channel: channel(
            "sqlTemplates: [{ set: "
                + text("COMMENT ON TABLE {schema}.{table} IS 'owner: {owner}. {description}'")
                + ", clear: " + text("COMMENT ON TABLE {schema}.{table} IS NULL") + " }]"))
        try shop.describe([catalog[0].with { $0.description = nil }, catalog[1].with { $0.description = nil }])
        try await shop.expect(0, "run", "--max-removals", "5")
        #expect(try shop.comments() == [:])
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
    }

    @Test func aRollbackPutsBackWhatWasThere() async throws {
        let shop = try Shop("CREATE TABLE orders (); COMMENT ON TABLE orders IS 'before'")
        try shop.configure(channel: channel("sqlTemplate: " + text("COMMENT ON TABLE {schema}.{table} IS '> {description}'")))
        try shop.describe(.table("orders", "New."))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table orders": "> New."])
        try await shop.expect(0, "rollback", "1")
        #expect(try shop.comments() == ["table orders": "before"])
    }

    // Several statements.

    @Test func severalStatementsAreOneUnit() async throws {
        let shop = try Shop(
            """
            CREATE TABLE orders (); CREATE TABLE items (); CREATE SCHEMA audit;
            CREATE TABLE audit.log (what text CHECK (what <> 'items'), said text)
            """)
        try shop.configure(channel: channel("sqlTemplate: " + text(
            "COMMENT ON TABLE {schema}.{table} IS {description}; INSERT INTO audit.log VALUES ('{table}', {description}) -- why")))
        try shop.describe(.table("orders", "Orders; all."), .table("items", "Items."))
        let answer = try await shop.expect(1, "run")
        #expect(answer.output.contains("violates check constraint"), "\(answer.output)")
        #expect(try shop.comments() == ["table orders": "Orders; all."])
        #expect(try shop.query("SELECT what, said FROM audit.log") == [["orders", "Orders; all."]])
        try shop.query("ALTER TABLE audit.log DROP CONSTRAINT log_what_check")
        try await shop.expect(0, "run")
        #expect(try shop.comments().count == 2)
        #expect(try shop.query("SELECT count(*) FROM audit.log") == [["2"]])
        let shown = try await shop.expect(0, "show", "2", "--format", "json")
        #expect(shown.output.contains(#""parts":["COMMENT ON TABLE \"public\".\"items\" IS 'Items.'","INSERT INTO audit.log"#), "\(shown.output)")
        #expect(try await shop.expect(0, "show", "2").output.contains("    INSERT INTO audit.log VALUES ('items', 'Items.')"))
    }

    @Test func aPlanIsKeptShownAndSentAsItIs() async throws {
        let shop = try Shop("CREATE TABLE orders (); CREATE SCHEMA audit; CREATE TABLE audit.log (what text)")
        try shop.configure(channel: channel("sqlTemplate: " + text(
            "COMMENT ON TABLE {schema}.{table} IS {description}; INSERT INTO audit.log VALUES ('{table}') -- why")))
        try shop.describe(.table("orders", "It's; all."))
        let text = try await shop.expect(0, "plan", "--out", "plan.json")
        #expect(text.output.contains("COMMENT ON TABLE \"public\".\"orders\" IS 'It''s; all.';"), "\(text.output)")
        #expect(text.output.contains("INSERT INTO audit.log VALUES ('orders')"))
        let script = try await shop.expect(0, "plan", "--format", "sql")
        try shop.folder.write(script.output, to: "plan.sql")
        let sent = try await shop.psql(shop.folder.path + "/plan.sql")
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(try shop.query("SELECT what FROM audit.log") == [["orders"]])
        try shop.query("COMMENT ON TABLE orders IS NULL")
        try await shop.expect(0, "run", "--plan", "plan.json")
        #expect(try shop.comments() == ["table orders": "It's; all."])
        #expect(try shop.query("SELECT what FROM audit.log") == [["orders"], ["orders"]])
        // The journal knows it as the template's.
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
        // A plan whose parts somebody changed is not what was looked at.
        let changed = try shop.folder.text(of: "plan.json").replacing("INTO audit.log VALUES", with: "INTO audit.lag VALUES")
        try shop.folder.write(changed, to: "plan.json")
        #expect(try await shop.expect(2, "run", "--plan", "plan.json").errors.contains("the plan was changed after it was made"))
    }

    // Tags, which PostgreSQL does not have.

    /// A recipe of docs/templates.md, as lines of a channel.
    private func recipe(_ name: String) throws -> String {
        let page = try String(contentsOfFile: Self.package + "/docs/templates.md", encoding: .utf8)
        let start = try #require(page.firstRange(of: "<!-- recipe: \(name) -->\n```yaml\n"), "\(name)")
        let end = try #require(page[start.upperBound...].firstRange(of: "```"))
        return page[start.upperBound..<end.lowerBound].split(separator: "\n").map { "    \($0)\n" }.joined()
    }

    /// Gives the channel the keys of a recipe.
    private func configure(_ shop: Shop, as name: String) throws {
        try shop.configure()
        let written = try shop.folder.text(of: "revmeta.yaml")
        let line = "  - { name: all, updateDescriptions: true }\n"
        try #require(written.contains(line))
        try shop.folder.write(written.replacing(line, with: "  - name: all\n" + recipe(name)), to: "revmeta.yaml")
    }

    @Test func tagsStandInAGovernanceTable() async throws {
        let shop = try Shop(
            """
            CREATE TABLE orders (id int); CREATE SCHEMA governance;
            CREATE TABLE governance.tags (schema_name text, table_name text, column_name text, tag text, value text,
              PRIMARY KEY (schema_name, table_name, column_name, tag))
            """)
        try configure(shop, as: "governance table")
        func found() throws -> [[String?]] {
            try shop.query("SELECT table_name, tag, value FROM governance.tags ORDER BY 1, 2")
        }
        let orders = Described.table("orders", nil)
        try shop.describe(orders.with(tags("PII.Sensitive", "Zone.It's")))
        let first = try await shop.expect(0, "run")
        #expect(!first.output.contains("has no tags"), "\(first.output)")
        #expect(try found() == [["orders", "PII", "Sensitive"], ["orders", "Zone", "It's"]])
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
        #expect(try await shop.expect(0, "drift").output.contains("2 facts that templates wrote cannot be read back"))
        try shop.describe(orders.with(tags("PII.None")))
        try await shop.expect(0, "run")
        #expect(try found() == [["orders", "PII", "None"]])
        let back = try await shop.expect(0, "rollback", "3")
        #expect(back.output.contains("a template wrote it, and the source does not tell what it was before"), "\(back.output)")
    }

    @Test func tagsAreSecurityLabels() async throws {
        let library = try Self.library("Tests/Fixtures/postgres/label_provider.c", ["VERSION=\(try Self.serverVersion())"])
        let server = try PostgresServer(options: "-c shared_preload_libraries=\(library)")
        try PostgresClient(server, database: "postgres").run(
            """
            CREATE ROLE app_owner; CREATE ROLE finance_role; CREATE ROLE metadata_writer LOGIN;
            GRANT app_owner, finance_role TO metadata_writer;
            """)
        let shop = try Shop("CREATE TABLE orders (id int)", server: server)
        try configure(shop, as: "security labels")
        let orders = Described.table("orders", nil)
        try shop.describe(orders.with(tags("PII.Sensitive", "Other.Tag")))
        try await shop.expect(0, "run")
        func labels() throws -> [[String?]] { try shop.query("SELECT objname, provider, label FROM pg_seclabels") }
        #expect(try labels() == [["orders", "governance", "PII.Sensitive"]])
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
        try shop.describe(orders)
        try await shop.expect(0, "run")
        #expect(try labels() == [])
    }

    private static func serverVersion() throws -> Int {
        let number = try Shop().query("SHOW server_version_num")[0][0]!
        return Int(number)! / 100
    }

    // Templates with logic.

    @Test func aTemplateMayHaveConditionsAndLoops() async throws {
        let shop = try Shop("CREATE TABLE orders (id int); CREATE TABLE items ()")
        try configure(shop, as: "whom to ask")
        try shop.describe(
            .table("orders", "It's all.", columns: ["id": "Key."], owners: ["jane.doe", "team:o'brien"]),
            .table("items", "Items.", owners: []))
        try await shop.expect(0, "run")
        let comments = [
            "table orders": "It's all. Ask jane.doe or o'brien.", "table items": "Items.", "column id of table orders": "Key.",
        ]
        #expect(try shop.comments() == comments)
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
        #expect(try await shop.expect(0, "check").output.contains("(stencil)"))
    }

    // Nothing that is in a value changes what a statement does.

    @Test(arguments: [
        ("format", "{table}", "{schema}", "{description}", "{owner}"),
        ("stencil", "{{ table }}", "{{ schema }}", "{{ description }}", "{{ owner }}"),
    ])
    func noValueChangesAStatement(
        engine: String, table: String, schema: String, description: String, owner: String
    ) async throws {
        let hostile = [
            "'; DROP TABLE victim; --", #"\'; DROP TABLE victim; --"#, "\"; DROP TABLE victim; --", "{table}{owner}", "$$; $a$",
            "*/ DROP TABLE victim; /*", "a\nb\tc\r\n", "é́ 🎁 \u{202E}", "%s %d ''''", "--", "E'\\x'",
        ]
        let names = hostile.map { String($0.prefix(30)) }
        func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
        let shop = try Shop(
            "CREATE TABLE victim (); CREATE TABLE public.notes (t text, d text, o text);"
                + names.map { "CREATE TABLE \(quoted($0)) ();" }.joined())
        try shop.configure(
            channel: channel("sqlTemplates: [{ engine: \(engine), set: " + text(
                "INSERT INTO public.notes VALUES ('\(table)', \(description), 'x\(owner)y'); "
                    + "COMMENT ON TABLE \(schema).\"\(table)\" IS '\(owner): \(description)'") + " }]"))
        try shop.describe(zip(names, hostile).map { name, value in
            Described.table(name, value, owners: [value])
        })
        try await shop.expect(0, "run")
        let rows = try shop.query("SELECT t, d, o FROM public.notes")
        #expect(Set(rows.map { $0.map { $0 ?? "" } }) == Set(zip(names, hostile).map { [$0, $1, "x\($1)y"] }))
        let comments = try shop.query("SELECT relname, obj_description(oid, 'pg_class') FROM pg_class "
            + "WHERE obj_description(oid, 'pg_class') LIKE '%: %' AND relnamespace = 'public'::regnamespace")
        #expect(Set(comments.map { $0.map { $0 ?? "" } }) == Set(zip(names, hostile).map { [$0, "\($1): \($1)"] }))
        #expect(try shop.query("SELECT to_regclass('public.victim')") == [["victim"]])
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
    }

    // What ends badly.

    @Test func anEngineThatDoesNotEndCostsItsChannel() async throws {
        let shop = try Shop("CREATE TABLE orders (id int)")
        let library = try Self.library("Tests/Fixtures/plugins/template.c", ["HANGS_IN_RENDER"])
        try shop.folder.write(
            """
            {"id": "org.example.template", "name": "At", "version": "0.9.0", "abi": {"major": 1, "minor": 0},
             "interfaces": ["revmeta.template/1"], "templateEngines": ["at"], "library": "libat.so"}
            """, to: "plugins/at/plugin.json")
        try FileManager.default.copyItem(atPath: library, toPath: shop.folder.path + "/plugins/at/libat.so")
        try shop.configure(
            channel: "updateDescriptions: true, filter: { kinds: [table] }, sqlTemplates: [{ engine: at, set: "
                + text("COMMENT ON TABLE @schema.@table IS @description") + " }]",
            others: ["name: columns, updateDescriptions: true, filter: { kinds: [column] }"])
        try shop.folder.write("callTimeout: 20s\n" + shop.folder.text(of: "revmeta.yaml"), to: "revmeta.yaml")
        try shop.describe(.table("orders", "Orders.", columns: ["id": "Key."]))
        let answer = try await shop.expect(1, "run", "--plugin-dir", "plugins")
        #expect(answer.output.contains("was ended, since a call took longer than 20 seconds"), "\(answer.output)")
        #expect(try shop.comments() == ["column id of table orders": "Key."])
    }

    /// The key of a lock that statements wait for.
    private static let gate = 4711

    @Test func aRunThatIsKilledIsFinishedByTheNext() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        let template = "COMMENT ON TABLE {schema}.{table} IS '{owner}: {description}'"
        let catalog = Described.table("orders", "One row an order.", owners: ["jane.doe"])
        try shop.describe(catalog)
        let gate = try shop.database.connect()
        // The server finishes what it was sent, or it does not.
        for (round, isFinished) in [true, false].enumerated() {
            try gate.run("SELECT pg_advisory_lock(\(Self.gate))")
            try shop.describe(catalog.with { $0.description = "Round \(round)." })
            let slow = "\(template); SELECT pg_catalog.pg_advisory_xact_lock_shared(\(Self.gate))"
            try shop.configure(
                connection: ["lockTimeout": "3600000"], channel: channel("sqlTemplate: " + text(slow) + ", onConflict: keep"))
            let run = try shop.start("run")
            try await shop.waitUntilItWaits()
            run.killWithWorkers()
            _ = try await run.end()
            if !isFinished {
                try shop.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND usename = 'metadata_writer'
                    """)
                try await shop.waitUntilNobodyIsConnected()
            }
            try gate.run("SELECT pg_advisory_unlock(\(Self.gate))")
            try await shop.waitUntilNobodyIsConnected()
            #expect(try shop.comments()["table orders"] == "app_owner: Round 0.")
            try shop.configure(channel: channel("sqlTemplate: " + text(template) + ", onConflict: keep"))
            let next = try await shop.expect(0, "run")
            #expect(!next.output.contains("conflict"), "\(next.output)")
            #expect(try shop.comments() == ["table orders": "app_owner: Round \(round)."])
            #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
        }
    }

    // What is wrong with a text, and what it was understood as.

    @Test func whatIsWrongWithATemplateIsShown() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.configure(channel: channel("sqlTemplate: " + text("COMMENT ON TABLE {schema}.{tabel} IS {description}")))
        try shop.describe(.table("orders", "Orders."))
        for command in ["check", "plan", "run"] {
            let answer = try await shop.expect(2, command)
            #expect(answer.errors.contains("channels[0].sqlTemplate: line 1, column 28: "), "\(answer.errors)")
            #expect(answer.errors.contains("    COMMENT ON TABLE {schema}.{tabel} IS {description}\n"), "\(answer.errors)")
            #expect(answer.errors.contains("did you mean {table}? Known here: column, database"), "\(answer.errors)")
        }
        // What a reference stands for may be a secret.
        try shop.folder.write("hush", to: "token")
        try shop.configure(channel: channel(
            "sqlTemplate: " + text("COMMENT ON TABLE {schema}.{tabel} IS '${file:token}'")))
        for command in ["check", "plan", "run"] {
            let answer = try await shop.expect(2, command)
            #expect(answer.errors.contains("line 1, column 28: ") && answer.errors.contains("the line is not shown"))
            #expect(!(answer.errors + answer.output).contains("hush"), "\(answer.errors)")
        }
        try shop.configure(channel: channel("sqlTemplates: [{ engine: none, set: x }]"))
        #expect(try await shop.expect(2, "run").errors.contains("there is no template engine 'none'; there are format"))
        #expect(try shop.comments() == [:])
    }

    @Test func templatesCanBeTriedWithoutASource() async throws {
        let shop = try Shop("CREATE TABLE orders (id int)")
        try shop.configure(
            connection: ["hostPort": "127.0.0.1:1"],
            channel: channel("sqlTemplate: " + text("COMMENT ON TABLE {schema}.{table} IS '{owner}: {description}'")))
        try shop.describe(.table("orders", "It's.", columns: ["id": "Key."], owners: ["jane.doe"]))
        let table = try await shop.expect(0, "templates", "test", "all", "shop.\(shop.database.name).public.orders")
        #expect(table.output == """
            description at 'shop', by channels[0].sqlTemplate:
                COMMENT ON TABLE "public"."orders" IS 'app_owner: It''s.';
            description at 'shop', taken away, by channels[0].sqlTemplate:
                COMMENT ON TABLE "public"."orders" IS 'app_owner: ';

            """)
        let column = try await shop.expect(1, "templates", "test", "all", "shop.\(shop.database.name).public.orders.id")
        #expect(column.output == "description at 'shop': no template; left to the connector, where it can write that\n")
        // What takes away may be a text of its own.
        try shop.configure(
            connection: ["hostPort": "127.0.0.1:1"],
            channel: channel("sqlTemplates: [{ set: 'SELECT {table}, {description}', clear: 'DELETE {table}' }]"))
        let both = try await shop.expect(0, "templates", "test", "all", "shop.\(shop.database.name).public.orders").output
        #expect(both.contains("by channels[0].sqlTemplates[0].set:\n    SELECT"))
        #expect(both.contains("taken away, by channels[0].sqlTemplates[0].clear:\n    DELETE"), "\(both)")
    }

    /// What `templates show` prints does what the connector does by itself.
    @Test func theConnectorsOwnStatementsAreTemplates() async throws {
        let shop = try Shop(
            "CREATE SCHEMA \"s p\"; CREATE TABLE \"s p\".orders (\"I d\" int); CREATE VIEW \"s p\".seen AS SELECT 1 AS one")
        let channel = "updateDescriptions: true, updateOwners: true"
        let owners = ["team:finance"]
        try shop.describe(
            .database("The database.", owners: owners), .schema("s p", "It's the \"schema\".", owners: owners),
            .table("orders", "Orders.", in: "s p", columns: ["I d": "Key."], owners: owners),
            .table("seen", "View.", in: "s p", columns: ["one": "One."], owners: owners))
        try shop.configure(channel: channel)
        func statements() async throws -> [String] {
            let plan = try await shop.expect(0, "plan", "--format", "json").output
            return try plan.matches(of: Regex(#""text":"((?:[^"\\]|\\.)*)""#, as: (Substring, Substring).self))
                .map { String($0.output.1) }.sorted()
        }
        let own = try await statements()
        #expect(own.count == 10)
        let shown = try await shop.expect(0, "templates", "show", "postgres").output
        try shop.folder.write(
            try shop.folder.text(of: "revmeta.yaml").replacing("  - { name: all, \(channel) }", with: """
                  - name: all
                    updateDescriptions: true
                    updateOwners: true
                \(shown.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
                """), to: "revmeta.yaml")
        #expect(try await statements() == own)
        let check = try await shop.expect(0, "check")
        #expect(check.output.contains("channels[0].sqlTemplates[0].set writes the descriptions of databases of 'shop' (format)"),
            "\(check.output)")
    }

    /// A template that will never be used is told, and not that it writes something.
    @Test func checkTellsTemplatesThatWriteNothing() async throws {
        let shop = try Shop("CREATE TABLE orders (id int)")
        try shop.describe(.table("orders", "Orders.", columns: ["id": "Key."]))
        try shop.configure(channel: "updateDescriptions: true")
        try shop.folder.write(
            try shop.folder.text(of: "revmeta.yaml").replacing("  - { name: all, updateDescriptions: true }", with: """
                  - name: all
                    updateDescriptions: true
                    sqlTemplates:
                      - set: COMMENT ON TABLE {schema}.{table} IS '{description} Ask {owner}.'
                      - set: COMMENT ON TABLE {schema}.{table} IS {description}
                      - set: COMMENT ON TABLE public.{table} IS {description|upper}
                      - set: INSERT INTO tags VALUES ('{table}', '{tag_value}')
                """), to: "revmeta.yaml")
        let check = try await shop.expect(0, "check").output
        for line in [
            "✓ channel 'all': channels[0].sqlTemplates[0].set writes the descriptions of tables and views of 'shop' (format)",
            "✓ channel 'all': channels[0].sqlTemplates[1].set writes the descriptions of tables and views of 'shop' (format)",
            "! channel 'all': channels[0].sqlTemplates[2].set writes nothing: channels[0].sqlTemplates[1].set stands before it "
                + "and writes the same facts",
            "! channel 'all': channels[0].sqlTemplates[3].set writes nothing: it is about tags, and the channel has no "
                + "updateTags: true",
        ] { #expect(check.contains(line), "\(check)") }
    }

    // Libraries for the tests, built once each.

    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static func library(_ source: String, _ defining: [String]) throws -> String {
        let output = FileManager.default.temporaryDirectory.appending(path: "revmeta-\(UUID().uuidString).so").path
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments =
            ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-I\(package)/Sources/CRevmeta/include"]
            + ["\(package)/\(source)", "-o", output] + defining.map { "-D\($0)" }
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: output)
        return output
    }
}

