import RevmetaTestSupport
import Testing

/// A catalog that has lost more than anybody may have meant.
@Suite struct MassChangeTests {
    /// A shop with so many tables that are described.
    private func shop(tables: Int) async throws -> Shop {
        let shop = try Shop((0..<tables).map { "CREATE TABLE t\($0) ();" }.joined())
        try shop.describe((0..<tables).map { .table("t\($0)", "Table \($0).") })
        try await shop.expect(0, "run")
        return shop
    }

    /// The catalog loses the descriptions of the first tables.
    private func lose(_ lost: Int, of tables: Int, in shop: Shop) throws {
        try shop.describe((0..<tables).map { .table("t\($0)", $0 < lost ? nil : "Table \($0).") })
    }

    @Test func moreThanAHundredAreNotClearedUnasked() async throws {
        let shop = try await shop(tables: 120)
        try lose(101, of: 120, in: shop)
        let planned = try await shop.expect(2, "plan")
        #expect(planned.output.contains("A run would stop: the plan clears 101 facts, and a run may clear 100"))
        let refused = try await shop.expect(2, "run")
        #expect(refused.output.contains("Nothing was written: the plan clears 101 facts, and a run may clear 100"))
        #expect(refused.output.contains("--max-removals 101"))
        #expect(try shop.comments().count == 120)
        let shown = try await shop.expect(0, "show", "2")
        #expect(shown.output.contains("not sent: clear description of table \(shop.database.name).public.t100"))

        try await shop.expect(0, "run", "--max-removals", "101")
        #expect(try shop.comments().count == 19)
    }

    @Test func aHundredAre() async throws {
        let shop = try await shop(tables: 100)
        try lose(100, of: 100, in: shop)
        try await shop.expect(0, "run")
        #expect(try shop.comments().isEmpty)
    }

    @Test func aTenthOfWhatIsOursMayGo() async throws {
        let shop = try await shop(tables: 1200)
        try lose(121, of: 1200, in: shop)
        #expect(try await shop.expect(2, "run").output.contains("clears 121 facts, and a run may clear 120"))
        try lose(120, of: 1200, in: shop)
        try await shop.expect(0, "run")
        #expect(try shop.comments().count == 1080)
    }

    @Test func theConfigurationMayBeStricter() async throws {
        let shop = try await shop(tables: 3)
        try shop.folder.write(shop.folder.text(of: "revmeta.yaml") + "maxRemovals: 1\n", to: "revmeta.yaml")
        try lose(2, of: 3, in: shop)
        #expect(try await shop.expect(2, "run").output.contains("clears 2 facts, and a run may clear 1"))
        // A kept plan is looked at, but the limit is the limit.
        try await shop.expect(2, "plan", "--out", "plan.json")
        try await shop.expect(2, "run", "--plan", "plan.json")
        try await shop.expect(0, "run", "--plan", "plan.json", "--max-removals", "2")
        #expect(try shop.comments() == ["table t2": "Table 2."])
    }

    @Test func aCatalogThatHasNothingAnyMoreIsNotBelieved() async throws {
        let shop = try await shop(tables: 3)
        try shop.folder.write("", to: "catalog/tables.jsonl")
        let refused = try await shop.expect(2, "run")
        #expect(refused.output.contains("the channels select nothing in the catalog, although revmeta wrote 3 facts"))
        #expect(try shop.comments().count == 3)
        try await shop.expect(0, "run", "--allow-empty")
        #expect(try shop.comments().count == 3, "what is gone from the catalog is left as it is")
    }

    @Test func aRollbackMayTakeAwayAll() async throws {
        let shop = try await shop(tables: 101)
        try await shop.expect(0, "rollback", "1")
        #expect(try shop.comments().isEmpty)
    }
}
