import Foundation
import RevmetaTestSupport
import Testing

/// What standard error holds.
@Suite struct LogTests {
    private func shop() throws -> Shop {
        let shop = try Shop("CREATE TABLE a (); CREATE TABLE b (); COMMENT ON TABLE b IS 'Theirs.'")
        try shop.configure(channel: "updateDescriptions: true, onConflict: keep")
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b."), .table("gone", "Gone."))
        return shop
    }

    private func lines(_ answer: Child.Answer) throws -> [[String: String]] {
        try answer.errors.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String], "\(line)")
        }
    }

    @Test func aPersonIsToldNothingTwice() async throws {
        let shop = try shop()
        #expect(try await shop.expect(0, "run").errors == "")
        let answer = try await shop.expect(0, "run", "--verbose")
        #expect(answer.errors.contains("info: the run begins (run=2, trigger=manual)"))
    }

    @Test func aProgramIsToldEachThingWithWhatItIsAbout() async throws {
        let shop = try shop()
        let told = try lines(try await shop.expect(0, "run", "--log-format", "json"))
        #expect(told.first?["message"] == "the run begins" && told.last?["message"] == "the run has ended")
        for line in told {
            #expect(line["run"] == "1" && line["level"] != nil)
            #expect(line["time"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        }
        let omitted = told.filter { $0["message"] == "not written" }
        #expect(omitted.count == 2)
        let name = shop.database.name
        let kept = try #require(omitted.first { $0["outcome"] == "keep" })
        #expect(kept["channel"] == "all" && kept["service"] == "shop" && kept["database"] == name)
        #expect(kept["entity"] == "\(name).public.b" && kept["attribute"] == "description" && kept["reason"] != nil)
        #expect(omitted.contains { $0["entity"] == "\(name).public.gone" && $0["outcome"] == "skip" })
        let sent = try #require(told.first { $0["message"] == "sending has ended" })
        #expect(sent["changes"] == "1" && sent["service"] == "shop")
    }

    @Test func withDetailsEachChangeIsTold() async throws {
        let shop = try shop()
        let told = try lines(try await shop.expect(0, "run", "--log-format", "json", "--verbose"))
        let written = try #require(told.first { $0["message"] == "written" })
        #expect(written["level"] == "debug" && written["entity"] == "\(shop.database.name).public.a")
        #expect(written["outcome"] == "applied" && written["run"] == "1")
    }

    @Test func aChangeThatFailsIsToldWithItsReason() async throws {
        let shop = try shop()
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
        let told = try lines(try await shop.expect(1, "run", "--log-format", "json"))
        #expect(told.contains { $0["message"] == "it will be tried again" && $0["attempt"] == "1" && $0["level"] == "warning" })
        let failed = try #require(told.first { $0["outcome"] == "failed" })
        #expect(failed["level"] == "error" && failed["reason"]?.contains("lock") == true)
        #expect(told.last?["failed"] == "1" && told.last?["exit_status"] == "1")
    }

    @Test func errorsAreLinesToo() async throws {
        let shop = try shop()
        try shop.folder.write("nonsense: [", to: "revmeta.yaml")
        let told = try lines(try await shop.expect(2, "run", "--log-format", "json"))
        #expect(told.count == 1 && told[0]["level"] == "error" && told[0]["message"]?.contains("revmeta.yaml") == true)
        #expect(try await shop.expect(2, "run", "--log-format", "xml").errors.contains("text"))
    }

    @Test func pluginsAreNamed() async throws {
        let zoo = try Zoo(way: "flood")
        let told = try lines(try await zoo.run("--log-format", "json"))
        let line = try #require(told.first { $0["message"]?.contains("line 0 of a flood") == true })
        #expect(line["plugin"] == "org.example.beast" && line["service"] == "beast" && line["level"] == "warning")
    }
}
