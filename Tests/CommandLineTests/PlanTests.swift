import Foundation
import RevmetaTestSupport
import Testing

/// What `plan` shows is what `run` sends.
@Suite(.serialized) struct PlanTests {
    private let objects = """
        CREATE SCHEMA sales;
        CREATE TABLE orders (id int, "Placed At" date, gone text); ALTER TABLE orders DROP COLUMN gone;
        CREATE TABLE sales.refunds (id int); CREATE VIEW recent AS SELECT id FROM orders;
        CREATE FUNCTION tax(amount numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 1.0';
        COMMENT ON TABLE orders IS 'somebody''s own'; COMMENT ON SCHEMA sales IS 'stays';
        GRANT CREATE ON SCHEMA sales TO finance_role;
        """
    private let catalog: [Described] = [
        .database("The shop's, all of it."),
        .schema("public", "What others\nmay read."),
        .schema("sales", "stays"),
        .table("orders", #"One row for "each" order, it's \ all $$ here -- really;"#, columns: [
            "id": "Never reused.", "Placed At": "UTC 🕰\nnot local", "gone": "a column of old",
        ], owners: ["team:finance"]),
        .table("refunds", "Refunds.", in: "sales", columns: ["id": "Of the refund."], owners: ["team:finance"]),
        .table("recent", "The newest.", owners: ["jane.doe"]),
        .table("missing", "not there"),
        .procedure("tax", "Of an amount.", owners: ["team:finance"]),
    ]
    private let channel = "updateDescriptions: true, updateOwners: true"

    private func shop(_ channel: String? = nil) throws -> Shop {
        let shop = try Shop(objects)
        try shop.configure(channel: channel ?? self.channel)
        try shop.describe(catalog)
        return shop
    }

    private struct Plan: Decodable {
        struct Statement: Decodable {
            var text: String
            var database: String
        }

        var statements: [Statement]
    }

    private func texts(_ answer: Child.Answer) throws -> [String] {
        try JSONDecoder().decode(Plan.self, from: Data(answer.output.utf8)).statements.map(\.text)
    }

    @Test(arguments: ["updateDescriptions: true", "updateDescriptions: true, updateOwners: true"])
    func runSendsWhatPlanShows(channel: String) async throws {
        let shop = try shop(channel)
        let planned = try texts(try await shop.expect(0, "plan", "--format", "json"))
        #expect(planned.count == (channel == self.channel ? 12 : 9))

        let script = try await shop.expect(0, "plan", "--format", "sql").output
        let preamble = """
            \\connect "\(shop.database.name)"
            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SET search_path = pg_catalog;


            """
        #expect(script == preamble + planned.map { $0 + ";\n" }.joined())

        let text = try await shop.expect(0, "plan").output
        // The text indents a statement's every line.
        let shown = text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
        for statement in planned { #expect(shown.contains(statement + ";")) }

        try shop.query("ALTER DATABASE \(shop.database.name) SET log_statement = 'all'")
        try await shop.expect(0, "run")
        #expect(try shop.sent() == planned)
    }

    @Test func theScriptDoesWhatARunDoes() async throws {
        let shop = try shop(), name = shop.database.name
        let script = try await shop.expect(0, "plan", "--format", "sql").output
        try shop.folder.write(script, to: "plan.sql")
        let server = try PostgresClient(shop.database.server, database: "postgres")
        try await shop.waitUntilNobodyIsConnected()
        try server.run("CREATE DATABASE \(name)_copy TEMPLATE \(name) OWNER app_owner")

        try await shop.expect(0, "run")
        let (comments, owners) = (try shop.comments(), try shop.owners())
        #expect(comments.count == 9 && comments["column Placed At of table orders"] == "UTC 🕰\nnot local")
        #expect(owners["table orders"] == "finance_role" && owners["function tax(numeric)"] == "finance_role")

        try await shop.waitUntilNobodyIsConnected()
        try server.run("ALTER DATABASE \(name) RENAME TO \(name)_written")
        try server.run("ALTER DATABASE \(name)_copy RENAME TO \(name)")
        #expect(try shop.comments() == ["table orders": "somebody's own", "schema sales": "stays"])
        let psql = try await shop.psql(shop.folder.path + "/plan.sql")
        #expect(psql.status == 0, "\(psql.errors)")
        #expect(try shop.comments() == comments)
        #expect(try shop.owners() == owners)
    }

    @Test func planWritesNothing() async throws {
        let shop = try shop()
        let before = try await shop.traces()
        try await shop.expect(0, "plan")
        try await shop.expect(0, "plan", "--format", "json")
        #expect(try await shop.traces() == before)
        #expect(!FileManager.default.fileExists(atPath: shop.folder.path + "/journal.sqlite"))
    }

    @Test func theSecondRunWritesNothing() async throws {
        let shop = try shop()
        let untouched = try await shop.traces()
        try await shop.expect(0, "run")
        let before = try await shop.traces()
        #expect(before != untouched)
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("Nothing to do: "))
        #expect(try await shop.traces() == before)
        #expect(try texts(try await shop.expect(0, "plan", "--format", "json")) == [])
    }

    @Test func anEmptyPlanIsAnEmptyScript() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", nil))
        let answer = try await shop.expect(0, "plan", "--format", "sql")
        #expect(answer.output == "" && answer.errors == "")
    }
}

extension Shop {
    /// The statements that the server's log has from the program, but for what it asks.
    fileprivate func sent() throws -> [String] {
        let log = try String(contentsOfFile: database.server.folder + "/log", encoding: .utf8)
        var records: [String] = []
        for line in log.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("\t"), !records.isEmpty {
                records[records.count - 1] += "\n" + line.dropFirst()
            } else {
                records.append(String(line))
            }
        }
        let message = "\(database.name)|metadata_writer|LOG:  statement: "
        let single = "\(database.name)|metadata_writer|LOG:  execute <unnamed>: "
        return records.flatMap { record -> [String] in
            if record.hasPrefix(single) { return [String(record.dropFirst(single.count))] }
            guard record.hasPrefix(message) else { return [] }
            return record.dropFirst(message.count).split(separator: ";\n").map(String.init).filter { !$0.isEmpty }
        }
    }
}
