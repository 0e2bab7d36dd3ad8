import Foundation
import RevmetaTestSupport
import Testing

/// Machines that are short of something, or have the wrong time.
@Suite(.serialized) struct HostileMachineTests {
    private static let count = 1500

    private func shop() throws -> Shop {
        let shop = try Shop((1...Self.count).map { "CREATE TABLE t\($0) ();" }.joined())
        try shop.describe((1...Self.count).map { .table("t\($0)", "Table \($0).") })
        return shop
    }

    private var comments: [String: String] {
        Dictionary(uniqueKeysWithValues: (1...Self.count).map { ("table t\($0)", "Table \($0).") })
    }

    /// There is no room for the journal, or none after a while. Then nothing more is sent, and the next run knows all.
    @Test(arguments: [0, 32, 128, 256, 384, 512, 768, 1024, 1536])
    func noRoomForTheJournal(kilobytes: Int) async throws {
        let shop = try shop()
        // In blocks of 512 bytes, as the shell counts.
        let answer = try await Child.run(
            ["/bin/sh", "-c", "ulimit -f \(kilobytes * 2); exec \"$0\" run", Program.path], in: shop.folder.path)
        if answer.status != 0 {
            #expect(answer.status == 3, "\(answer)")
            // Where no file may grow, the one that takes the errors may not either.
            #expect(kilobytes == 0 || answer.errors.contains("journal"), "\(answer)")
        }
        let written = try shop.comments().count
        if kilobytes < 256 { #expect(answer.status == 3 && written == 0, "\(answer)") }

        let next = try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
        #expect(!next.output.contains("conflict"), "what had arrived is ours: \(next.output)")
        try shop.describe((1...Self.count).map { .table("t\($0)", nil) })
        try await shop.expect(0, "run", "--max-removals", "100000")
        #expect(try shop.comments() == [:])
    }

    /// The clock of each run is another, and one jumps while it runs: nothing is decided by the time of day.
    @Test func aClockThatJumps() async throws {
        let shop = try Shop("CREATE TABLE a (); CREATE TABLE b (); COMMENT ON TABLE b IS 'Theirs.'")
        func describe(_ text: String) throws { try shop.describe(.table("a", text), .table("b", text)) }
        let library = try #require(Self.fakeTime)
        func environment(_ offset: String) -> [String: String] {
            ["LD_PRELOAD": library, "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1"]
        }
        for (number, offset) in ["-400d", "+400d", "-3650d", "+0"].enumerated() {
            try describe("Ours \(number).")
            let answer = try await Program.run(["run"], in: shop.folder.path, environment: environment(offset))
            #expect(answer.status == 0, "\(offset): \(answer)")
            #expect(try shop.comments() == ["table a": "Ours \(number).", "table b": "Ours \(number)."])
        }
        // The runs stand in the order in which they were, whatever time they had.
        let history = try await shop.expect(0, "history").output.split(separator: "\n")
        #expect(history.map { $0.prefix(3) } == ["4  ", "3  ", "2  ", "1  "])
        let then = Date(timeIntervalSinceNow: -3650 * 86400).formatted(.iso8601.year())
        #expect(try #require(history.dropFirst().first).contains("\(then)-"), "the clock was another: \(history)")

        // Two years ahead while a statement waits for a lock: its time is not over.
        try describe("Ours at last.")
        try shop.configure(connection: ["lockTimeout": "3600000"])
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
        try shop.folder.write("+0", to: "offset")
        var jumping = environment("+0")
        jumping["FAKETIME"] = nil
        jumping["FAKETIME_TIMESTAMP_FILE"] = shop.folder.path + "/offset"
        let child = try Child([Program.path, "run"], in: shop.folder.path, environment: jumping)
        try await shop.waitUntilItWaits()
        try shop.folder.write("+730d", to: "offset")
        try await Task.sleep(for: .milliseconds(500))
        #expect(child.isRunning)
        try holder.run("ROLLBACK")
        let answer = try await child.end()
        #expect(answer.status == 0, "\(answer)")
        #expect(try shop.comments() == ["table a": "Ours at last.", "table b": "Ours at last."])
        // A run that seems to come from the future is not in the way of the next one, nor of the way back.
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do: 2 unchanged"))
        for run in [5, 4, 3, 2, 1] { try await shop.expect(0, "rollback", "\(run)") }
        #expect(try shop.comments() == ["table b": "Theirs."])
    }

    /// The library that gives a program another clock.
    static var fakeTime: String? {
        let folder = "/usr/lib/x86_64-linux-gnu/faketime", other = "/usr/lib/aarch64-linux-gnu/faketime"
        return [folder, other].map { $0 + "/libfaketimeMT.so.1" }.first { FileManager.default.fileExists(atPath: $0) }
    }
}
