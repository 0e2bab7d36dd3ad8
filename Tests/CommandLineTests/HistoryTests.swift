import Foundation
import Testing

/// What was written before decides what may be written now.
@Suite(.serialized) struct HistoryTests {
    @Test func whatWeDidNotWriteIsNeverWiped() async throws {
        let shop = try Shop(
            """
            CREATE TABLE orders (id int, day date); COMMENT ON TABLE orders IS 'Theirs.';
            COMMENT ON COLUMN orders.id IS 'Same.';
            """)
        try shop.describe(.table("orders", nil, columns: ["id": "Same.", "day": "Ours."]))
        try await shop.expect(0, "run")
        try shop.describe(.table("orders", nil, columns: ["id": nil, "day": nil]))
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("1 cleared"))
        #expect(try shop.comments() == ["table orders": "Theirs.", "column id of table orders": "Same."])
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do"))
    }

    @Test func removalsCanBeIgnored() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Ours."))
        try await shop.expect(0, "run")
        try shop.describe(.table("orders", nil))
        try shop.configure(channel: "updateDescriptions: true, removals: ignore")
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table orders": "Ours."])
        try shop.configure()
        try await shop.expect(0, "run")
        #expect(try shop.comments() == [:])
    }

    @Test func whatIsGoneFromTheCatalogIsLeftAlone() async throws {
        let shop = try Shop("CREATE TABLE orders (); CREATE TABLE refunds ()")
        try shop.describe(.table("orders", "Orders."), .table("refunds", "Refunds."))
        try await shop.expect(0, "run")
        let before = try await shop.traces()
        try shop.describe(.table("orders", "Orders."))
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)
    }

    @Test func aRebuiltTableGetsItsCommentsBack() async throws {
        let shop = try Shop("CREATE TABLE orders (id int, day date)")
        try shop.describe(.table("orders", "Orders.", columns: ["id": "The id.", "day": "The day."]))
        try await shop.expect(0, "run")
        let comments = try shop.comments()
        #expect(comments.count == 3)
        try shop.query("DROP TABLE orders; SET ROLE app_owner; CREATE TABLE orders (id int, day date)")
        #expect(try shop.comments() == [:])
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
    }

    @Test(arguments: [("overwrite", 0, "Catalog."), ("keep", 0, "Theirs."), ("fail", 1, "Theirs.")])
    func aChangeBehindTheCatalogsBack(policy: String, status: Int32, remaining: String) async throws {
        let shop = try Shop("CREATE TABLE orders (); CREATE TABLE refunds ()")
        try shop.configure(channel: "updateDescriptions: true, onConflict: \(policy)")
        try shop.describe(.table("orders", "Ours."), .table("refunds", "Old."))
        try await shop.expect(0, "run")
        try shop.query("COMMENT ON TABLE orders IS 'Theirs.'")
        try shop.describe(.table("orders", "Catalog."), .table("refunds", "New."))
        let plan = try await shop.expect(status, "plan")
        #expect(plan.output.contains("conflict") && plan.output.contains("Theirs.") || policy == "fail")
        let answer = try await shop.expect(status, "run")
        #expect(try shop.comments() == ["table orders": remaining, "table refunds": "New."])
        let number = ["overwrite": "1 conflict overwritten", "keep": "1 conflict kept", "fail": "1 failed"][policy]
        #expect(answer.output.contains(try #require(number)))
        if policy == "fail" { #expect(answer.output.contains("onConflict is fail")) }
    }

    @Test func ourOwnOldTextIsNoConflict() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.configure(channel: "updateDescriptions: true, onConflict: fail")
        for text in ["First.", "Second.", "Third."] {
            try shop.describe(.table("orders", text))
            try await shop.expect(0, "run")
            #expect(try shop.comments() == ["table orders": text])
        }
    }

    @Test func aTableAndAFunctionOfOneNameAreTwo() async throws {
        let shop = try Shop(
            "CREATE TABLE orders (); CREATE FUNCTION orders() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        try shop.describe(.table("orders", "A table."), .procedure("orders", "A function."))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table orders": "A table.", "function orders()": "A function."])
        let before = try await shop.traces()
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)
        try shop.describe(.table("orders", nil), .procedure("orders", "A function."))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["function orders()": "A function."])
    }
}
