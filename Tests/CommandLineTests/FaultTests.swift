import Foundation
import GRDB
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

/// Servers and programs that end in the middle of a run.
@Suite(.serialized) struct FaultTests {
    private static let count = 6000
    /// The table that is held: what was given to the connector with it and after it is not yet all.
    private static let held = 1200

    /// Tables enough for several messages. One in their middle is held by another session, so that a run stops there.
    private func halfwayShop(_ server: PostgresServer? = nil) throws -> (shop: Shop, holder: PostgresClient) {
        let shop = try Shop((1...Self.count).map { "CREATE TABLE t\($0) ();" }.joined(), server: server)
        try shop.configure(connection: ["lockTimeout": "3600000"])
        try shop.describe((1...Self.count).map { .table("t\($0)", "Table \($0).") })
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE t\(Self.held) IN SHARE UPDATE EXCLUSIVE MODE")
        return (shop, holder)
    }

    private var comments: [String: String] {
        Dictionary(uniqueKeysWithValues: (1...Self.count).map { ("table t\($0)", "Table \($0).") })
    }

    /// Fails unless the run stands in its middle.
    private func expectTheMiddle(of shop: Shop) throws -> Int {
        let written = try shop.comments().count
        #expect(written > 0 && written < Self.count)
        return written
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aRunThatIsAskedToStop(signal: Int32, status: Int32) async throws {
        let (shop, holder) = try halfwayShop()
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        let before = try shop.comments().count
        child.signal(signal)
        try await child.wait(for: "it knows that it is to stop") { try child.errors.contains("Stopping after") }
        #expect(child.isRunning)
        try holder.run("ROLLBACK")
        let answer = try await child.end()
        #expect(answer.status == status, "\(answer)")
        // What the connector had was finished, and nothing after it was begun.
        #expect(try expectTheMiddle(of: shop) > before)

        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
        try blank(shop)
        try await shop.expect(0, "run", "--max-removals", "100000")
        #expect(try shop.comments() == [:])
    }

    @Test func aRunThatIsAskedTwiceStopsAtOnce() async throws {
        let (shop, holder) = try halfwayShop()
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        child.signal(SIGTERM)
        try await child.wait(for: "it knows that it is to stop") { try child.errors.contains("Stopping after") }
        child.signal(SIGTERM)
        let answer = try await child.end()
        #expect(answer.status == 143, "\(answer)")
        // What it waited for was not finished. Another connection may have been in the middle of what it was sent.
        _ = try expectTheMiddle(of: shop)
        #expect(try shop.comments()["table t1700"] == nil)
        try holder.run("ROLLBACK")
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
    }

    private func blank(_ shop: Shop) throws {
        try shop.describe((1...Self.count).map { .table("t\($0)", nil) })
    }

    @Test func aServerThatGoesAway() async throws {
        let server = try Shop.newServer()
        let (shop, holder) = try halfwayShop(server)
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        let written = try expectTheMiddle(of: shop)
        try server.stop()
        let answer = try await child.end()
        #expect(answer.status == 1, "\(answer)")
        #expect(answer.output.contains("service 'shop' failed: the connection to \(server.folder)"))
        #expect(answer.output.contains("was lost"))
        withExtendedLifetime(holder) {}

        #expect(try await shop.expect(3, "run").output.contains("could not connect"))
        try server.start()
        // Another connection may have ended what it was sent before the server did.
        #expect(try expectTheMiddle(of: shop) >= written)
        #expect(try shop.comments()["table t1700"] == nil)
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
        let before = try await shop.traces()
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)

        try blank(shop)
        try await shop.expect(0, "run", "--max-removals", "100000")
        #expect(try shop.comments() == [:])
    }

    @Test func aServerThatRestartsBeneathARun() async throws {
        let server = try Shop.newServer()
        let (shop, holder) = try halfwayShop(server)
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        try server.stop()
        try server.start()
        let answer = try await child.end()
        // What was in doubt is settled, the rest is sent to the new server.
        #expect(answer.status == 0, "\(answer)")
        #expect(try shop.comments() == comments)
        withExtendedLifetime(holder) {}
        let again = try await shop.expect(0, "run")
        #expect(again.output.contains("Nothing to do: \(Self.count) unchanged"))
    }

    /// The worker notices that the host is gone, and cancels at the source what it still runs there.
    @Test func whatAKilledRunLeftRunningIsCancelled() async throws {
        let (shop, holder) = try halfwayShop()
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        let workers = child.children
        #expect(workers.count == 1)
        child.kill()
        #expect(try await child.end().status == -SIGKILL)
        // The lock that it waits for is still held.
        try await shop.waitUntilNobodyIsConnected()
        try await eventually("the workers are gone") { workers.allSatisfy { kill($0, 0) != 0 || isZombie($0) } }
        try holder.run("ROLLBACK")
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
    }

    /// Whether a process has ended and only waits for whoever adopted it.
    private func isZombie(_ process: Int32) -> Bool {
        (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.contains(") Z ") ?? true
    }

    @Test func aKilledRunIsTakenUpByTheNext() async throws {
        let (shop, holder) = try halfwayShop()
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        _ = try expectTheMiddle(of: shop)
        child.killWithWorkers()
        #expect(try await child.end().status == -SIGKILL)

        // The server works on for the dead client, and nobody else may write meanwhile.
        let second = try await shop.expect(1, "run")
        #expect(second.output.contains("another revmeta (pid "))
        try holder.run("ROLLBACK")
        try await shop.waitUntilNobodyIsConnected()
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
    }

    @Test func whatAKilledRunWroteIsOurs() async throws {
        let (shop, holder) = try halfwayShop()
        try shop.query("COMMENT ON TABLE t\(Self.count) IS 'Theirs.'")
        let child = try shop.start("run")
        try await shop.waitUntilItWaits()
        child.killWithWorkers()
        _ = try await child.end()
        try holder.run("ROLLBACK")
        try await shop.waitUntilNobodyIsConnected()
        #expect(try expectTheMiddle(of: shop) > Self.held)

        try blank(shop)
        try await shop.expect(0, "run", "--max-removals", "100000")
        #expect(try shop.comments() == ["table t\(Self.count)": "Theirs."])
    }

    /// Ends runs wherever they happen to be, not only where they wait.
    @Test func runsKilledAnywhere() async throws {
        let (shop, holder) = try halfwayShop()
        try holder.run("ROLLBACK")
        func count() throws -> [[String?]] {
            try holder.run("SELECT count(*) FROM pg_description WHERE objoid >= 16384")
        }
        // Early ones, and then each as soon as it is seen to have written something.
        for wait in [Duration.milliseconds(50), .milliseconds(150), nil, nil, nil] {
            let before = try count()
            let child = try shop.start("run")
            if let wait {
                try await Task.sleep(for: wait)
            } else {
                try await eventually("it has written something, or ended") {
                    try !child.isRunning || count() != before
                }
            }
            child.kill()
            _ = try await child.end()
            try await shop.waitUntilNobodyIsConnected()
        }
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
        // What they left open is settled by now, and no later run looks at them again.
        let journal = try DatabaseQueue(path: shop.folder.path + "/journal.sqlite")
        let states = try await journal.read { try String.fetchAll($0, sql: "SELECT state FROM run ORDER BY id") }
        #expect(states.last == "finished" && !states.contains("executing"))
        try blank(shop)
        try await shop.expect(0, "run", "--max-removals", "100000")
        #expect(try shop.comments() == [:])
    }
}
