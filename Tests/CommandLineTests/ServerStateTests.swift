import Foundation
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

/// Servers that let us in but not write, or not now.
@Suite struct ServerStateTests {
    private func shop() throws -> Shop {
        let shop = try Shop("CREATE TABLE a (); CREATE TABLE b ()", server: try Shop.newServer())
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b."))
        return shop
    }

    /// A standby, or a server that is being moved: it can be planned for, and writing says why it cannot be.
    @Test func aServerThatOnlyLetsUsRead() async throws {
        let shop = try shop()
        let administrator = try PostgresClient(shop.database.server, database: "postgres")
        try administrator.run("ALTER SYSTEM SET default_transaction_read_only = on")
        try administrator.run("SELECT pg_reload_conf()")
        // The setting has arrived once new sessions have it.
        try await eventually("the server only lets us read") {
            try shop.query("SHOW default_transaction_read_only") == [["on"]]
        }
        #expect(try await shop.expect(0, "plan").output.contains("Plan: 2 to set"))
        #expect(try await shop.expect(1, "check").output.contains("the server only lets this role read"))
        let answer = try await shop.expect(1, "run")
        #expect(answer.output.contains("the server only lets this role read"), "\(answer)")
        #expect(answer.output.contains("2 failed"), "\(answer)")
        try administrator.run("ALTER SYSTEM RESET default_transaction_read_only")
        try administrator.run("SELECT pg_reload_conf()")
        try await eventually("the server lets us write") {
            try shop.query("SHOW default_transaction_read_only") == [["off"]]
        }
        #expect(try shop.comments() == [:])
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table a": "Ours a.", "table b": "Ours b."])
    }

    /// Somebody began a transaction, locked a table in it, and went for lunch.
    @Test func aTransactionThatNobodyEnds() async throws {
        let shop = try shop()
        let holder = try shop.database.connect()
        try holder.run("BEGIN; ALTER TABLE a ADD COLUMN x int")
        let answer = try await shop.expect(1, "run")
        // Three attempts of 300 ms each, and waits between them: it ends by itself, before lunch does.
        #expect(answer.output.contains("failed: description of table \(shop.database.name).public.a"), "\(answer)")
        #expect(answer.output.contains("lock"), "\(answer)")
        #expect(try shop.comments() == ["table b": "Ours b."])
        // Nothing of ours is left that somebody else would wait for.
        #expect(try shop.query(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE application_name LIKE 'revmeta%'") == [["0"]])
        try holder.run("ROLLBACK")
        #expect(try await shop.expect(0, "run").output.contains("Done: 1 set, 1 unchanged"))
    }

    @Test func aRunThatTakesTooLongStopsAfterItsBatch() async throws {
        let shop = try shop()
        try shop.configure(connection: ["lockTimeout": "3600000"])
        let configuration = try shop.folder.text(of: "revmeta.yaml")
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
        // A machine that is too slow to come to the lock within the time has more of it.
        for seconds in [2, 60, 1800] {
            try shop.folder.write(configuration + "runTimeout: \(seconds)s\n", to: "revmeta.yaml")
            let child = try shop.start("run")
            try await eventually("it waits for the lock, or has ended") { try !child.isRunning || shop.isWaiting() }
            guard child.isRunning else { continue }
            try await child.wait(for: "its time is over") {
                try child.errors.contains("The run takes longer than runTimeout, \(seconds) s")
            }
            #expect(child.isRunning, "what is being sent is finished")
            try holder.run("ROLLBACK")
            let answer = try await child.end()
            // Everything was in the one batch, so nothing was left out.
            #expect(answer.status == 0, "\(answer)")
            #expect(try shop.comments().count == 2)
            return
        }
        Issue.record("it never came to the lock")
    }
}
