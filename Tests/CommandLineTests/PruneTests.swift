import Foundation
import GRDB
import RevmetaTestSupport
import Testing

/// Old runs and the room they take.
@Suite struct PruneTests {
    /// A shop with two runs, the first of them a hundred days ago.
    private func shop() async throws -> Shop {
        let shop = try Shop("CREATE TABLE a (); CREATE TABLE b ()")
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b."))
        try await shop.expect(0, "run")
        try await age(1, in: shop)
        try shop.describe(.table("a", "Ours a, anew."), .table("b", "Ours b."))
        try await shop.expect(0, "run")
        return shop
    }

    private func age(_ run: Int, in shop: Shop, days: Double = 100) async throws {
        let time = Date(timeIntervalSinceNow: -days * 86400).formatted(.iso8601)
        try await journal(of: shop).write { try $0.execute(sql: "UPDATE run SET started = ? WHERE id = ?", arguments: [time, run]) }
    }

    private func journal(of shop: Shop) throws -> DatabaseQueue {
        try DatabaseQueue(path: shop.folder.path + "/journal.sqlite")
    }

    private func rows(of shop: Shop) throws -> [String: Int] {
        try journal(of: shop).read { db in
            var rows: [String: Int] = [:]
            for table in ["run", "scope", "change", "outcome", "base"] {
                rows[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)")
            }
            return rows
        }
    }

    @Test func oldRunsGoAndWhatIsOursStays() async throws {
        let shop = try await shop()
        let pruned = try await shop.expect(0, "history", "prune", "--keep", "90d")
        #expect(pruned.output == "Removed 1 run; 1 left.\n")
        #expect(try rows(of: shop) == ["run": 1, "scope": 1, "change": 1, "outcome": 1, "base": 2])
        #expect(try await shop.expect(2, "show", "1").errors.contains("there is no run 1"))
        #expect(try await shop.expect(0, "history").output.hasPrefix("2  "))

        // Both facts are ours still: drift tells them, and they go when the catalog takes them back.
        try shop.query("COMMENT ON TABLE b IS 'Yours.'")
        #expect(try await shop.expect(1, "drift").output.contains("Drift: 1 changed of 2 facts"))
        try shop.query("COMMENT ON TABLE b IS 'Ours b.'")
        try shop.describe(.table("a", nil), .table("b", nil))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == [:])
    }

    @Test func numbersAreNeverGivenTwice() async throws {
        let shop = try await shop()
        try await age(2, in: shop)
        #expect(try await shop.expect(0, "history", "prune", "--keep", "1d").output == "Removed 2 runs; 0 left.\n")
        try shop.query("COMMENT ON TABLE a IS 'Yours.'")
        #expect(try await shop.expect(1, "drift").output.contains("a time that the journal no longer knows, when run 2"))
        #expect(try await shop.expect(0, "run").output.contains("Run 3. Done: 1 conflict overwritten"))
    }

    @Test func theConfigurationMayAskForIt() async throws {
        let shop = try await shop()
        let text = try shop.folder.text(of: "revmeta.yaml")
        try shop.folder.write(text.replacing("journal.sqlite }", with: "journal.sqlite, keep: 90d }"), to: "revmeta.yaml")
        try await shop.expect(0, "run")
        #expect(try rows(of: shop)["run"] == 2, "the run removed what is too old")
        try await age(2, in: shop, days: 91)
        #expect(try await shop.expect(0, "history", "prune").output == "Removed 1 run; 1 left.\n")
    }

    /// What nobody knows the end of is not history yet.
    @Test func aRunWithOpenIntentsStays() async throws {
        let shop = try await shop()
        try await journal(of: shop).write { db in
            try db.execute(sql: "UPDATE run SET state = 'executing' WHERE id = 1; DELETE FROM outcome WHERE first >> 32 = 1")
        }
        #expect(try await shop.expect(0, "history", "prune", "--keep", "90d").output == "Removed 0 runs; 2 left.\n")
        try shop.describe(.table("a", "Ours a, again."), .table("b", "Ours b."))
        try await shop.expect(0, "run")
        #expect(try await shop.expect(0, "history", "prune", "--keep", "90d").output == "Removed 1 run; 2 left.\n")
    }

    @Test func whatCannotBeIsSaid() async throws {
        let shop = try Shop()
        #expect(try await shop.expect(2, "history", "prune").errors.contains("Say it with --keep 90d"))
        #expect(try await shop.expect(2, "history", "prune", "--keep", "soon").errors.contains("found 'soon'"))
        #expect(try await shop.expect(0, "history", "prune", "--keep", "1d").output.contains("There is no journal yet"))
    }
}
