import Foundation
import RevmetaTestSupport
import Testing

/// What somebody changed since it was written.
@Suite struct DriftTests {
    private func shop() async throws -> Shop {
        let shop = try Shop("""
            CREATE TABLE a (); CREATE TABLE b (); CREATE TABLE c (); CREATE TABLE d ();
            COMMENT ON TABLE d IS 'Theirs.'
            """)
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b."), .table("c", "Ours c."))
        try await shop.expect(0, "run")
        return shop
    }

    private func started(_ run: Int, of shop: Shop) async throws -> String {
        let answer = try await shop.expect(0, "show", "\(run)", "--format", "json")
        let shown = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
        return try #require((shown?["run"] as? [String: Any])?["started"] as? String)
    }

    @Test func nothingHasChanged() async throws {
        let shop = try await shop()
        let answer = try await shop.expect(0, "drift")
        #expect(answer.output == "No drift: 3 facts as revmeta wrote them\n")
    }

    @Test func whatHasChangedIsToldWithTheTimeSinceWhenItCanHave() async throws {
        let shop = try await shop()
        // A second run writes b anew and finds a and c as they were written.
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b, anew."), .table("c", "Ours c."))
        try await shop.expect(0, "run")
        try shop.query("COMMENT ON TABLE a IS 'Yours a.'; COMMENT ON TABLE b IS NULL; DROP TABLE c; COMMENT ON TABLE d IS 'x'")
        let before = try shop.comments()
        let answer = try await shop.expect(1, "drift")
        let time = try await started(2, of: shop), name = shop.database.name
        #expect(answer.output == """
            changed: description of table \(name).public.a (shop)
                [-Ours -]{+Yours +}a.
                since \(time), when run 2 found it as written
            taken away: description of table \(name).public.b (shop)
                [-Ours b, anew.-]
                since \(time), when run 2 wrote it
            gone: description of table \(name).public.c (shop)
                since \(time), when run 2 found it as written
            Drift: 2 changed, 1 gone of 3 facts

            """)
        #expect(try shop.comments() == before, "it writes nothing")

        let one = try await shop.expect(1, "drift", "--entity", "*.b")
        #expect(one.output.contains("Drift: 1 changed of 1 fact"))
        let json = try await shop.expect(1, "drift", "--format", "json")
        let told = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let drift = try #require(told["drift"] as? [[String: Any]])
        #expect(drift.map { $0["found"] as? String } == ["changed", "changed", "gone"])
        #expect(drift[0]["actual"] as? String == "Yours a." && drift[0]["wrote"] as? String == "Ours a.")
        #expect(drift[1]["actual"] == nil && drift[1]["since"] as? String == time)
    }

    /// A run that overwrites it ends the drift; so does one that keeps it, but not what is drift.
    @Test func aRunEndsIt() async throws {
        let shop = try await shop()
        try shop.query("COMMENT ON TABLE a IS 'Yours a.'")
        try shop.configure(channel: "updateDescriptions: true, onConflict: keep")
        try await shop.expect(0, "run")
        let kept = try await shop.expect(1, "drift")
        let first = try await started(1, of: shop)
        #expect(kept.output.contains("since \(first), when run 1 wrote it"), "the second run did not find it as written")
        try shop.configure()
        try await shop.expect(0, "run")
        try await shop.expect(0, "drift")
    }

    /// A run of one channel does not make the journal forget what the others saw.
    @Test func aRunOfOneChannelAddsToWhatIsKnown() async throws {
        let shop = try await shop()
        let text = try shop.folder.text(of: "revmeta.yaml")
        try shop.folder.write(
            text + "  - { name: only-a, updateDescriptions: true, filter: { tables: [a] } }\n", to: "revmeta.yaml")
        try await shop.expect(0, "run")
        try await shop.expect(0, "run", "--channel", "only-a")
        try shop.query("COMMENT ON TABLE a IS 'Yours a.'; COMMENT ON TABLE b IS 'Yours b.'")
        let drift = try await shop.expect(1, "drift").output
        #expect(drift.contains("when run 3 found it as written") && drift.contains("when run 2 found it as written"))
    }

    @Test func aDatabaseThatIsGoneTakesItsFactsWithIt() async throws {
        let shop = try await shop()
        let other = try shop.database.server.createDatabase(owner: "app_owner")
        try other.query("SET ROLE app_owner; CREATE TABLE a ()")
        try shop.describe(.table("a", "Ours a."), .table("a", "Other a.").with { $0.database = other.name })
        try await shop.expect(0, "run")
        try PostgresClient(shop.database.server, database: "postgres").run("DROP DATABASE \(other.name)")
        let drift = try await shop.expect(1, "drift").output
        #expect(drift.contains("gone: description of table \(other.name).public.a"))
        #expect(drift.contains("Drift: 1 gone of 4 facts"))
    }

    @Test func whatCannotBeIsSaid() async throws {
        let shop = try Shop()
        try shop.describe()
        #expect(try await shop.expect(2, "drift").errors.contains("there is no journal"))
        try await shop.expect(0, "run")
        #expect(try await shop.expect(0, "drift").output.contains("No drift: 0 facts"))
        #expect(try await shop.expect(2, "drift", "--service", "x").errors.contains("there is no service 'x'"))
        #expect(try await shop.expect(2, "drift", "--entity", "/(/").errors.contains("--entity"))
    }

    @Test func aServiceThatIsDownIsNotKnown() async throws {
        let shop = try await shop()
        try shop.configure(connection: ["hostPort": "\"/no/such/folder:5432\""])
        let answer = try await shop.expect(3, "drift")
        #expect(answer.output.contains("service 'shop' failed") && !answer.output.contains("gone"))
    }
}
