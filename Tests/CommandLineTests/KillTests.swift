import Foundation
import GRDB
import RevmetaTestSupport
import Testing

/// Runs that are killed at moments drawn by lot, and what the next run makes of them.
///
/// `REVMETA_KILLS` says how often (200 hosts and half as many workers without it), and `REVMETA_KILL_SEED` draws the same
/// moments again that a failure names.
@Suite(.serialized) struct KillTests {
    private static let tables = 40
    private static let kills = Int(ProcessInfo.processInfo.environment["REVMETA_KILLS"] ?? "") ?? 200
    private static let seed = UInt64(ProcessInfo.processInfo.environment["REVMETA_KILL_SEED"] ?? "")
        ?? UInt64.random(in: 0...9_999_999)

    private func shop() async throws -> (shop: Shop, duration: Duration) {
        let shop = try Shop((1...Self.tables).map { "CREATE TABLE t\($0) ();" }.joined())
        // Small messages, so that there are many moments between them.
        try shop.configure(connection: ["batchSize": "5"])
        try describe(shop, 0)
        let began = ContinuousClock.now
        try await shop.expect(0, "run")
        return (shop, ContinuousClock.now - began)
    }

    /// Another text for every table.
    private func describe(_ shop: Shop, _ round: Int) throws {
        try shop.describe((1...Self.tables).map { .table("t\($0)", text(round, $0)) })
    }

    private func text(_ round: Int, _ table: Int) -> String { "Text \(round) of table \(table)." }

    private func expected(_ round: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (1...Self.tables).map { ("table t\($0)", text(round, $0)) })
    }

    /// What a run said of its numbers: `32 set, 8 unchanged`.
    private func numbers(_ answer: Child.Answer) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for match in answer.output.matches(of: #/(\d+) (set|overwritten|unchanged|failed|skipped|moved)/#) {
            numbers[String(match.2)] = Int(match.1)
        }
        return numbers
    }

    @Test func aKilledHostLeavesATruth() async throws {
        let (shop, duration) = try await shop()
        var lot = Lot(seed: Self.seed)
        for round in 1...Self.kills {
            try describe(shop, round)
            let wait = duration * lot.fraction * 1.1, takesWorkers = lot.fraction < 0.5
            let place: Comment = "seed \(Self.seed), round \(round), \(wait), with workers: \(takesWorkers)"
            let child = try shop.start("run")
            try await Task.sleep(for: wait)
            if takesWorkers { child.killWithWorkers() } else { child.kill() }
            _ = try await child.end()
            try await shop.waitUntilNobodyIsConnected()
            let written = try shop.comments().count { $0.value.hasPrefix("Text \(round) ") }

            let answer = try await Program.run(["run"], in: shop.folder.path)
            #expect(answer.status == 0, place)
            #expect(try shop.comments() == expected(round), place)
            // What the killed run had written was not written again.
            #expect(numbers(answer)["unchanged", default: 0] == written, place)
            #expect(
                numbers(answer)["set", default: 0] + numbers(answer)["overwritten", default: 0] == Self.tables - written,
                place)
            try expectNothingOpen(in: shop, place)
        }
    }

    @Test func aKilledWorkerCostsNothing() async throws {
        let (shop, duration) = try await shop()
        var lot = Lot(seed: Self.seed &+ 1)
        for round in 1...max(Self.kills / 2, 1) {
            try describe(shop, round)
            let wait = duration * lot.fraction
            let place: Comment = "seed \(Self.seed), round \(round), \(wait)"
            let child = try shop.start("run")
            try await Task.sleep(for: wait)
            for worker in child.children { kill(worker, SIGKILL) }
            let answer = try await child.end()
            // The run goes on with another worker.
            #expect(answer.status == 0, "\(place.rawValue): \(answer)")
            #expect(try shop.comments() == expected(round), place)
            try expectNothingOpen(in: shop, place)
        }
    }

    private func expectNothingOpen(in shop: Shop, _ place: Comment) throws {
        let journal = try DatabaseQueue(path: shop.folder.path + "/journal.sqlite")
        let (check, open, executing) = try journal.read { db in
            (
                try String.fetchOne(db, sql: "PRAGMA quick_check"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM recorded WHERE was_sent AND outcome IS NULL"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM run WHERE state = 'executing'")
            )
        }
        #expect(check == "ok" && open == 0 && executing == 0, place)
    }
}

/// Fractions that a seed determines: Vigna's SplitMix64.
private struct Lot {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// From 0 up to 1.
    var fraction: Double {
        mutating get {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
        }
    }
}
