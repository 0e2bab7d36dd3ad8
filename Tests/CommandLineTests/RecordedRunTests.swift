import Foundation
import Testing

/// What the journal remembers, told by `history` and `show`.
@Suite(.serialized) struct RecordedRunTests {
    private func twoRuns() async throws -> Shop {
        let shop = try Shop("CREATE TABLE orders (id int); CREATE TABLE refunds ()")
        try shop.describe(.table("orders", "One row for each order.", columns: ["id": "The id."]))
        try await shop.expect(0, "run")
        try shop.describe(.table("orders", "One line for each paid order."), .table("gone", "Dropped since."))
        try await shop.expect(0, "run")
        return shop
    }

    @Test func thereIsNoHistoryBeforeTheFirstRun() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        #expect(try await shop.expect(0, "history").output == "No runs.\n")
        try await shop.expect(2, "show", "1")
    }

    @Test func historyTellsTheRunsNewestFirst() async throws {
        let shop = try await twoRuns()
        let lines = try await shop.expect(0, "history").output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("2  ") == true && lines.first?.contains("1 set, 1 skipped") == true)
        #expect(lines.last?.hasPrefix("1  ") == true && lines.last?.hasSuffix("2 set") == true)
        #expect(try await shop.expect(0, "history", "--limit", "1").output.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        (["--outcome", "skipped"], [2]), (["--outcome", "failed"], []), (["--entity", "*.public.gone"], [2]),
        (["--entity", "/orders\\.id$/"], [1]), (["--service", "elsewhere"], []), (["--since", "2020-01-01"], [2, 1]),
        (["--since", "2999-01-01"], []), (["--outcome", "skipped", "--entity", "*orders*"], []),
    ])
    func historyIsFiltered(arguments: [String], runs: [Int]) async throws {
        let shop = try await twoRuns()
        let answer = try await shop.expect(0, ["history"] + arguments)
        #expect(answer.output.split(separator: "\n").compactMap { $0.first?.wholeNumberValue } == runs)
    }

    @Test func showMarksWhatChangedWordByWord() async throws {
        let shop = try await twoRuns()
        let output = try await shop.expect(0, "show", "2").output
        #expect(output.contains("applied: set description of table"))
        #expect(output.contains("    One [-row -]{+line +}for each {+paid +}order.\n"))
        #expect(output.contains("(the source has no such table)"))
        #expect(!output.contains("\u{1B}"))
    }

    @Test func historyIsListedToAProgram() async throws {
        let shop = try await twoRuns()
        let output = try await shop.expect(0, "history", "--format", "json").output
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(answer["format"] as? String == "revmeta.history/0")
        let runs = try #require(answer["runs"] as? [[String: Any]])
        #expect(runs.map { $0["id"] as? Int } == [2, 1])
        #expect((runs[1]["counts"] as? [String: Any])?["set"] as? Int == 2)
    }

    /// To look at what was done needs no password, nor channels that are right.
    @Test func whatWasDoneIsToldWhateverElseIsWrong() async throws {
        let shop = try await twoRuns()
        let configuration = try shop.folder.text(of: "revmeta.yaml")
        try shop.folder.write(
            configuration.replacing("username: metadata_writer", with: "username: \"${NOBODY_SET_THIS}\"")
                .replacing("channels:", with: "channels:\n  - { nonsense: true }"),
            to: "revmeta.yaml")
        #expect(try await shop.expect(2, "plan").errors.contains("NOBODY_SET_THIS"))
        #expect(try await shop.expect(0, "history").output.split(separator: "\n").count == 2)
        #expect(try await shop.expect(0, "show", "1").output.contains("applied: set description"))
        try shop.folder.write(configuration.replacing("path: journal.sqlite", with: "pth: j"), to: "revmeta.yaml")
        #expect(try await shop.expect(2, "history").errors.contains("unknown key 'pth'"))
    }

    @Test func aRunThatCameToNothingSaysWhy() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        try shop.configure(connection: ["hostPort": "/no/such/folder:5432"])
        let answer = try await shop.expect(3, "run")
        #expect(answer.output.contains("Run 1. Not whole: nothing was compared"))
        #expect(try await shop.expect(0, "history").output.contains("failed  ") == true)
        #expect(try await shop.expect(0, "history").output.contains("nothing was written"))
        let shown = try await shop.expect(0, "show", "1").output
        #expect(shown.contains("service 'shop' failed: ") && shown.contains("/no/such/folder"))
        try shop.configure()
        try shop.folder.write("{}", to: "plan.json")
        let refused = try await shop.expect(2, "run", "--plan", "plan.json")
        let reason = try #require(refused.errors.split(separator: "\n").first { $0.contains("plan.json:") })
        let recorded = try await shop.expect(0, "show", "2").output
        #expect(recorded.contains(reason.drop { $0 != "p" }), "\(reason) in \(recorded)")
    }

    @Test func showGivesEverythingToAProgram() async throws {
        let shop = try await twoRuns()
        let output = try await shop.expect(0, "show", "2", "--format", "json").output
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        let changes = try #require(answer["changes"] as? [[String: Any]])
        #expect(changes.count == 2)
        #expect(changes[0]["before"] as? String == "One row for each order.")
        #expect(changes[0]["value"] as? String == "One line for each paid order.")
        #expect(changes[0]["outcome"] as? String == "applied")
        #expect(changes[0]["attempts"] as? Int == 1)
        #expect(try #require(changes[0]["duration"] as? Double) > 0)
        #expect((answer["run"] as? [String: Any])?["state"] as? String == "finished")
    }

    @Test func wrongArgumentsSayWhatWasExpected() async throws {
        let shop = try await twoRuns()
        #expect(try await shop.expect(2, "history", "--since", "yesterday").errors.contains("2026-11-22"))
        #expect(try await shop.expect(2, "history", "--entity", "/(/").errors.contains("regular expression"))
        #expect(try await shop.expect(2, "show", "7").errors.contains("no run 7"))
        try await shop.expect(2, "show", "first")
    }
}
