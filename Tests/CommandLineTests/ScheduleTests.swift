import Foundation
import GRDB
import RevmetaTestSupport
import Testing

/// `revmeta serve` and the times of its channels.
@Suite struct ScheduleTests {
    /// Tests run side by side.
    private static let serve = "serve: { listen: '127.0.0.1:0' }"

    private func shop(_ schedule: String, connection: [String: String] = [:]) throws -> Shop {
        let shop = try Shop("CREATE TABLE t ();")
        try shop.configure(connection: connection, channel: "updateDescriptions: true, \(schedule)", serve: Self.serve)
        try shop.describe(.table("t", "Text."))
        return shop
    }

    private func journal(_ shop: Shop) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        // The server may be about to write.
        configuration.busyMode = .timeout(600)
        return try DatabaseQueue(path: shop.folder.path + "/journal.sqlite", configuration: configuration)
    }

    private func schedules(_ shop: Shop) throws -> [String: Int64] {
        guard FileManager.default.fileExists(atPath: shop.folder.path + "/journal.sqlite") else { return [:] }
        return try journal(shop).read { db in
            guard try db.tableExists("schedule") else { return [:] }
            let rows = try Row.fetchAll(db, sql: "SELECT channel, handled FROM schedule")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }

    /// Ends a server as the system does.
    private func stop(_ child: Child) async throws -> Child.Answer {
        child.signal(SIGTERM)
        return try await child.end()
    }

    /// Starts a server for the first time, and has it think that it was down for years.
    private func absence(_ shop: Shop) async throws {
        let first = try shop.start("serve")
        try await first.wait(for: "the schedule is remembered") { try !schedules(shop).isEmpty }
        let answer = try await stop(first)
        #expect(try shop.comments().isEmpty, "\(answer)")
        try await journal(shop).write { try $0.execute(sql: "UPDATE schedule SET handled = 1700000000000") }
    }

    @Test func aMissedTimeIsMadeUpForAtTheNextStart() async throws {
        let shop = try shop("schedule: '@yearly'")
        try await absence(shop)
        let second = try shop.start("serve")
        try await second.wait(for: "the missed run has written") { try shop.comments() == ["table t": "Text."] }
        _ = try await stop(second)
        let runs = try await journal(shop).read { try String.fetchAll($0, sql: "SELECT trigger || ' ' || state FROM run") }
        #expect(runs == ["schedule finished"])

        // Once.
        let third = try shop.start("serve")
        try await third.wait(for: "the next time is told") { try third.errors.contains(/channel 'all' is run next at \d{4}-01-01T00:00:00Z/) }
        _ = try await stop(third)
        #expect(try await journal(shop).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") } == 1)
    }

    /// A server that starts at these moments, by the clock of Berlin: 2:30 is skipped on 29 March, and comes twice on 25 October.
    @Test func theChangesOfTheClock() async throws {
        let shop = try shop("schedule: '30 2 * * *', timeZone: Europe/Berlin, catchUp: skip")
        let library = try #require(HostileMachineTests.fakeTime)
        let starts = [
            ("2026-03-29 00:30:00", nil, "2026-03-29T01:00:00Z"),
            ("2026-03-29 01:00:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
            ("2026-10-25 00:00:00", nil, "2026-10-25T00:30:00Z"),
            ("2026-10-25 00:30:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            ("2026-10-25 01:30:30", nil, "2026-10-26T01:30:00Z"),
        ]
        for (moment, due, next) in starts {
            let server = try Child(
                [Program.path, "serve", "--log-format", "json"], in: shop.folder.path,
                environment: [
                    // Its clock stands still, so that it is as late as it is, however long it takes to start.
                    "LD_PRELOAD": library, "FAKETIME": moment, "DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1",
                    "TZ": "UTC",
                ])
            // After what was due has begun.
            try await server.wait(for: "the next time is \(next)") { try server.errors.contains("is run next at \(next)") }
            if due != nil {
                try await server.wait(for: "the run has ended") { try server.errors.contains("the run has ended") }
            }
            let answer = try await stop(server)
            let dues = answer.errors.matches(of: #/"due":"([^"]*)"/#).map { String($0.1) }
            #expect(dues == (due.map { [$0] } ?? []), "\(moment): \(answer)")
        }
        let begun = try await journal(shop).read { try String.fetchAll($0, sql: "SELECT started FROM run ORDER BY id") }
        #expect(begun.map { $0.prefix(16) } == ["2026-03-29T01:00", "2026-10-25T00:30"])
    }

    /// The journal knew of the run before it began.
    @Test func aRunInWhichTheServerWasKilledIsMadeUpFor() async throws {
        let shop = try shop("schedule: '@yearly'", connection: ["lockTimeout": "3600000"])
        try await absence(shop)
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK t")
        let killed = try shop.start("serve")
        try await shop.waitUntilItWaits()
        killed.killWithWorkers()
        _ = try await killed.end()
        // Its server process waits on, and would write.
        try holder.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = '\(shop.database.name)' AND usename = 'metadata_writer'; ROLLBACK
            """)
        try await shop.waitUntilNobodyIsConnected()
        #expect(try shop.comments().isEmpty)

        let next = try shop.start("serve")
        try await next.wait(for: "the run is made up for") { try shop.comments() == ["table t": "Text."] }
        _ = try await stop(next)
        let open = "SELECT count(*) FROM schedule WHERE unfinished IS NOT NULL"
        #expect(try await journal(shop).read { try Int.fetchOne($0, sql: open) } == 0)
    }

    @Test func anotherConfigurationHoldsWithoutAnotherStart() async throws {
        let shop = try shop("schedule: '@yearly'")
        let server = try shop.start("serve")
        try await server.wait(for: "the schedule is remembered") { try schedules(shop).keys.sorted() == ["all"] }
        // One that cannot be read changes nothing.
        try shop.configure(channel: "updateDescriptions: true, schedule: '61 * * * *'", serve: Self.serve)
        server.signal(SIGHUP)
        try await server.wait(for: "the mistake is told") {
            try server.errors.contains("field 1 (minute), character 1: expected a number from 0 to 59")
        }
        #expect(try schedules(shop).keys.sorted() == ["all"])

        try shop.configure(
            channel: "updateDescriptions: true, schedule: none",
            others: ["name: late, updateOwners: true, schedule: '@monthly', timeZone: Asia/Kathmandu"], serve: Self.serve)
        server.signal(SIGHUP)
        try await server.wait(for: "the other channel's time is told") { try server.errors.contains("channel 'late' is run next at ") }
        try await server.wait(for: "the first is forgotten") { try schedules(shop).keys.sorted() == ["late"] }
        _ = try await stop(server)
        let check = try await shop.expect(0, "check")
        #expect(check.output.contains(
            #/✓ channel 'late': revmeta serve runs it by @monthly Asia/Kathmandu, next at \d{4}-\d\d-\d\dT18:15:00Z/#))
        #expect(!check.output.contains("channel 'all'"))
    }
}
