import Foundation
import RevmetaTestSupport
import Testing

/// A change that cannot be made costs itself only.
@Suite(.serialized) struct PartialFailureTests {
    @Test func oneWithoutPrivilegeAmongAThousand() async throws {
        let shop = try Shop((1...1000).map { "CREATE TABLE t\($0) ();" }.joined())
        try shop.query("ALTER TABLE t500 OWNER TO stranger")
        try shop.describe((1...1000).map { .table("t\($0)", "Table \($0).") })
        let answer = try await shop.expect(1, "run")
        #expect(answer.output.contains("must be a member of stranger"))
        #expect(answer.output.contains("GRANT stranger TO metadata_writer"))
        #expect(answer.output.contains("999 set, 1 failed"))
        let expected = (1...1000).filter { $0 != 500 }.map { ("table t\($0)", "Table \($0).") }
        #expect(try shop.comments() == Dictionary(uniqueKeysWithValues: expected))

        try shop.query("ALTER TABLE t500 OWNER TO app_owner")
        #expect(try await shop.expect(0, "run").output.contains("1 set, 999 unchanged"))
        #expect(try shop.comments()["table t500"] == "Table 500.")
    }

    @Test func aLockedTableIsLeftForTheNextRun() async throws {
        let shop = try Shop("CREATE TABLE free (); CREATE TABLE held (a int, b int)")
        try shop.describe(.table("held", "Held.", columns: ["a": "A.", "b": "B."]), .table("free", "Free."))
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        let answer = try await shop.expect(1, "run")
        // Its three changes wait together, once in each attempt.
        let log = try String(contentsOfFile: shop.database.server.folder + "/log", encoding: .utf8)
        let waited = "\(shop.database.name)|metadata_writer|ERROR:  canceling statement due to lock timeout"
        #expect(log.split(separator: "\n").count { $0.hasPrefix(waited) } == 3)
        #expect(answer.output.contains("public.held") && answer.output.contains("lockTimeout"))
        #expect(answer.output.contains("[SQLSTATE 55P03]") && answer.output.contains("1 set, 3 failed"))
        #expect(try shop.comments() == ["table free": "Free."])

        try holder.run("ROLLBACK")
        try await shop.expect(0, "run")
        #expect(try shop.comments() == [
            "table free": "Free.", "table held": "Held.", "column a of table held": "A.",
            "column b of table held": "B.",
        ])
    }

    @Test func whatIsMissingIsSkipped() async throws {
        let shop = try Shop("CREATE TABLE orders (id int, gone int); ALTER TABLE orders DROP COLUMN gone")
        try shop.describe(
            .table("orders", "Orders.", columns: ["id": "The id.", "gone": "Once."]), .table("archive", "Gone."),
            .schema("nowhere", "Gone."), .procedure("nothing", "Gone."))
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("skip: description of table \(shop.database.name).public.archive: "
            + "the source has no such table\n"))
        #expect(answer.output.contains("public.orders.gone: the source has no such column\n"))
        #expect(answer.output.contains("nowhere: the source has no such schema\n"))
        #expect(answer.output.contains("public.nothing: the source has no such procedure\n"))
        #expect(answer.output.contains("2 set, 4 skipped"))
        #expect(try shop.comments() == ["table orders": "Orders.", "column id of table orders": "The id."])
    }

    @Test func aRoutineWithSeveralFormsIsSkippedUnlessItsArgumentsAreTold() async throws {
        let shop = try Shop(
            """
            CREATE FUNCTION tax(amount numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION tax(day date) RETURNS int LANGUAGE sql AS 'SELECT 1';
            """)
        try shop.describe(.procedure("tax", "Which?"))
        #expect(try await shop.expect(0, "run").output.contains("ambiguous: 2 routines are named tax"))
        #expect(try shop.comments() == [:])
        try shop.describe(.procedure("tax(date)", "Of a day."))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["function tax(date)": "Of a day."])
    }
}
