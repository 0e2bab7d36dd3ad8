import Foundation
import RevmetaTestSupport
import Testing

/// The commands beside `plan` and `run`, and how all of them treat their outputs.
@Suite(.serialized) struct CommandTests {
    @Test func initWritesAConfigurationToBeginWith() async throws {
        let folder = try TemporaryFolder()
        let answer = try await Program.run(["init"], in: folder.path)
        #expect(answer.status == 0 && answer.output.contains("revmeta check"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            == ["revmeta.schema.json", "revmeta.yaml"])
        let printed = try await Program.run(["schema"]).output
        #expect(try folder.text(of: "revmeta.schema.json") == printed.trimmingSuffix("\n"))

        let (configuration, schema) = (try folder.text(of: "revmeta.yaml"), try folder.text(of: "revmeta.schema.json"))
        let again = try await Program.run(["init"], in: folder.path)
        #expect(again.status == 2 && again.errors.contains("revmeta.yaml exists already"))
        #expect(try folder.text(of: "revmeta.yaml") == configuration)
        try FileManager.default.removeItem(atPath: folder.path + "/revmeta.yaml")
        #expect(try await Program.run(["init"], in: folder.path).status == 2)
        #expect(try folder.text(of: "revmeta.schema.json") == schema)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["revmeta.schema.json"])
    }

    @Test func theStarterIsValid() async throws {
        let folder = try TemporaryFolder()
        #expect(try await Program.run(["init", folder.path + "/new/place"]).status == 0)
        let place = folder.path + "/new/place"
        let unset = try await Program.run(["check"], in: place)
        #expect(unset.status == 2 && unset.errors.contains("SHOP_PASSWORD"))
        // There is no catalog yet, which is the next thing to be told.
        let set = try await Program.run(["check"], in: place, environment: ["SHOP_PASSWORD": "x"])
        #expect(set.status == 2 && set.output.contains("✓ configuration \(place)/revmeta.yaml: 1 service, 1 channel"))
        #expect(set.output.contains("✓ shop (Postgres) is served by org.revmeta.postgres "))
        #expect(!set.output.contains("does not know the setting"))
        #expect(set.errors.hasPrefix("\(place)/catalog: expected a folder of saved answers"))
    }

    @Test func theSchemaIsJSON() async throws {
        let answer = try await Program.run(["schema"])
        #expect(answer.status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
        #expect((schema?["properties"] as? [String: Any])?.keys.sorted()
            == [
            "attempts", "callTimeout", "catalog", "catchUp", "channels", "isolation", "jitter", "journal", "maxRemovals", "owners",
            "runTimeout", "schedule", "serve", "services", "timeZone",
        ])
    }

    @Test func pluginsAreListedAndShown() async throws {
        let list = try await Program.run(["plugins", "list"])
        // In columns, as wide as the longest id.
        let lines = list.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(list.status == 0 && lines.contains("org.revmeta.postgres 0.1.0 Postgres"), "\(list.output)")
        #expect(lines.contains("org.revmeta.format 0.1.0 templates 'format'"), "\(list.output)")
        #expect(lines.contains("org.revmeta.mysql 0.1.0 Mysql, MariaDB"), "\(list.output)")
        #expect(try await Program.run(["plugins"]).output == list.output)
        let shown = try await Program.run(["plugins", "show", "org.revmeta.postgres"])
        #expect(shown.status == 0 && shown.output.contains("authType.password (string, secret)"))
        #expect(shown.output.contains("The library loads.\n"))
        let unknown = try await Program.run(["plugins", "show", "org.example.none"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("there is no plugin 'org.example.none'; found: org.revmeta.format, "))
    }

    @Test func aPluginFolderMustBeThere() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        for command in ["check", "plan", "run"] {
            let answer = try await shop.expect(2, command, "--plugin-dir", "/nowhere")
            #expect(answer.errors.contains("the plugin folder /nowhere, which --plugin-dir names, does not exist"))
        }
        let list = try await Program.run(["plugins", "list", "--plugin-dir", "/nowhere"])
        #expect(list.status == 2 && list.errors.contains("/nowhere"))
        #expect(try shop.comments() == [:])
    }

    @Test func checkNamesTheGrantsThatAreMissing() async throws {
        let shop = try Shop("CREATE SCHEMA sales; CREATE TABLE orders (id int); CREATE TABLE sales.refunds ()")
        let channel = "updateDescriptions: true, updateOwners: true"
        try shop.configure(connection: ["username": "outsider"], channel: channel)
        try shop.describe(
            .table("orders", "Orders.", columns: ["id": "The id."], owners: ["team:finance"]),
            .table("refunds", "Refunds.", in: "sales"))
        let before = try await shop.traces()
        let answer = try await shop.expect(1, "check")
        #expect(answer.output.contains("GRANT app_owner TO outsider"))
        #expect(answer.output.contains("GRANT USAGE ON SCHEMA sales TO outsider"))
        #expect(try await shop.traces() == before)
        #expect(!FileManager.default.fileExists(atPath: shop.folder.path + "/journal.sqlite"))

        try shop.configure(channel: channel)
        let fine = try await shop.expect(0, "check")
        #expect(fine.output.contains("✓ shop: connected and read\n"))
        #expect(fine.output.contains("✓ 4 facts differ from the source, and all of them may be written\n"))
        #expect(try await shop.traces() == before)

        // What is not there, or not to be seen, passes no check in silence.
        try shop.configure(channel: "updateDescriptions: true")
        #expect(try await !shop.expect(0, "check").output.contains("would be skipped"))
        try shop.describe(.table("orders", "Orders."), .table("gone", "Gone."))
        #expect(try await shop.expect(0, "check").output.contains("! 1 fact would be skipped, and 'revmeta plan' says why"))
    }

    /// A thousand tables that lack one grant are one line, and what another grant would mend is another.
    @Test func whatOneGrantWouldMendIsOneLine() async throws {
        let tables = (0..<120).map { "t\($0)" }
        let shop = try Shop(
            "CREATE SCHEMA sales; CREATE TABLE sales.refunds ();" + tables.map { "CREATE TABLE \($0) (c int);" }.joined())
        try shop.configure(connection: ["username": "outsider"])
        try shop.describe(tables.map { .table($0, "Of \($0).", columns: ["c": "C."]) } + [.table("refunds", "R.", in: "sales")])
        for (command, mark) in [("check", "✗ "), ("run", "failed: ")] {
            let answer = try await shop.expect(1, command)
            let lines = answer.output.split(separator: "\n").filter { $0.hasPrefix(mark) }
            #expect(lines.count { $0.contains("GRANT app_owner TO outsider") } <= 3, "\(answer)")
            #expect(lines.contains { $0.contains("239 more") }, "\(answer)")
            #expect(lines.contains { $0.contains("GRANT USAGE ON SCHEMA sales TO outsider") })
            #expect(!answer.output.contains("for reasons like these") && !answer.output.contains("for other reasons"))
        }
    }

    /// All of them at once, with their places, and before anything is written: also to services that are all right.
    @Test func settingsThatThePluginRefusesAreToldBeforeAnythingIsWritten() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.configure(connection: [
            "lockTimeOut": "7", "batchSize": "many", "writeConnections": "9", "sslMode": "hunter2",
        ])
        try shop.describe(.table("orders", "Orders."))
        for command in ["check", "plan", "run", "drift"] {
            let answer = try await shop.expect(2, command)
            let problems = answer.errors.split(separator: "\n").filter { $0.contains("services.shop.connection: ") }
            let place = /revmeta\.yaml:[0-9]+:[0-9]+: services\.shop\.connection: (.*)/
            #expect(Set(problems.compactMap { $0.firstMatch(of: place).map { String($0.1) } }) == [
                "'batchSize' must be a whole number from 1 to 10000",
                "'lockTimeOut' is no setting of the plugin org.revmeta.postgres: correct it or take it out. It has hostPort, "
                    + "username, authType.password, database, sslMode, sslConfig.caCertificate, sslConfig.sslCertificate, "
                    + "sslConfig.sslKey, lockTimeout, statementTimeout, connectTimeout, batchSize, writeConnections",
                "'sslMode' must be one of disable, allow, prefer, require, verify-ca, verify-full",
                "'writeConnections' must be a whole number from 1 to 4",
            ])
            #expect(!(answer.output + answer.errors).contains("hunter2"))
        }
        #expect(try shop.comments() == [:])
    }

    @Test func twoDatabasesOfOneService() async throws {
        let shop = try Shop("CREATE TABLE orders ()"), other = try Shop("CREATE TABLE shelves ()")
        try shop.describe(
            .database("The shop."), .table("orders", "Orders."),
            Described.database("The depot.").with { $0.database = other.database.name },
            Described.table("shelves", "Shelves.").with { $0.database = other.database.name })
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("4 set"))
        #expect(try shop.comments() == ["database": "The shop.", "table orders": "Orders."])
        #expect(try other.comments() == ["database": "The depot.", "table shelves": "Shelves."])
        let log = try String(contentsOfFile: shop.database.server.folder + "/log", encoding: .utf8)
        for name in [shop.database.name, other.database.name] {
            let beginning = "\(name)|metadata_writer|LOG:  connection authorized"
            #expect(log.split(separator: "\n").count { $0.hasPrefix(beginning) } == 1)
        }

        try shop.describe(.database("The shop, again."), Described.database("The depot, again.").with {
            $0.database = other.database.name
        })
        let script = try await shop.expect(0, "plan", "--format", "sql").output
        #expect(script.contains("\\connect \"\(shop.database.name)\"\n"))
        #expect(script.contains("\\connect \"\(other.database.name)\"\n"))
    }

    @Test func aDatabaseThatIsNotThereIsSkipped() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(
            .table("orders", "Orders."), Described.table("t", "T.").with { $0.database = "no_such_database" })
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("note: service 'shop' has no database 'no_such_database'"))
        #expect(answer.output.contains("no_such_database.public.t: the source has no such table\n"))
        #expect(answer.output.contains("1 set, 1 skipped"))
        #expect(try shop.comments() == ["table orders": "Orders."])
    }

    @Test func aServiceWithNoneOfItsDatabasesHasFailed() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(Described.table("t", "T.").with { $0.database = "no_such_database" })
        for command in ["check", "plan", "run"] {
            let answer = try await shop.expect(3, command)
            #expect((answer.output + answer.errors).contains("no_such_database"))
        }
        #expect(try shop.comments() == [:])
    }

    @Test func progressIsForTerminalsOnly() async throws {
        let shop = try Shop((1...2000).map { "CREATE TABLE t\($0) ();" }.joined())
        try shop.describe((1...2000).map { .table("t\($0)", "Table \($0).") })
        func run(_ command: String) async throws -> Child.Answer {
            try await Child.run(["/bin/sh", "-c", command, "sh", Program.path], in: shop.folder.path)
        }
        for command in ["plan", "run"] {
            let piped = try await run("\"$1\" \(command) 2>&1 | cat")
            #expect(piped.output.utf8.count > 20 && !piped.output.contains("\r") && !piped.output.contains("\u{1B}"))
        }
        // The same on a terminal, which shows that there was something to leave out.
        let shown = try await run("exec script -qec \"$1 plan --format json >/dev/null\" /dev/null")
        #expect(shown.status == 0 && shown.output.unicodeScalars.contains("\r"))
        #expect(shown.output.contains("facts compared"))
        let quiet = try await run("exec script -qec \"$1 plan --quiet --format json >/dev/null\" /dev/null")
        #expect(quiet.status == 0 && quiet.output == "")
    }

    @Test(arguments: ["text", "json", "sql"])
    func aReaderMayLeave(format: String) async throws {
        let shop = try Shop((1...2000).map { "CREATE TABLE t\($0) ();" }.joined())
        try shop.describe((1...2000).map { .table("t\($0)", "Table \($0).") })
        let answer = try await Child.run(
            ["/bin/bash", "-c", "\"$0\" plan --format \(format) | head -1; echo ${PIPESTATUS[0]}", Program.path],
            in: shop.folder.path)
        #expect(answer.errors == "")
        let lines = answer.output.split(separator: "\n")
        #expect(lines.count == 2 && lines.last == "0")
    }

    @Test func jsonIsReadableByPrograms() async throws {
        let shop = try Shop("CREATE TABLE orders (); CREATE TABLE held ()")
        try shop.query("ALTER TABLE held OWNER TO stranger")
        try shop.describe(.table("orders", "Orders \"\\\u{1B}\n."), .table("held", "Held."), .table("none", "None."))
        let plan = try await shop.expect(0, "plan", "--format", "json")
        let planned = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
        #expect((planned?["statements"] as? [Any])?.count == 2 && (planned?["notWritten"] as? [Any])?.count == 1)
        let run = try await shop.expect(1, "run", "--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        #expect((report?["problems"] as? [Any])?.count == 2)
        #expect((report?["report"] as? [String: Any])?["exitStatus"] as? Int == 1)
        #expect(try shop.comments() == ["table orders": "Orders \"\\\u{1B}\n."])
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
