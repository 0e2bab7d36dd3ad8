import Foundation
import GRDB
import RevmetaTestSupport
import Testing

/// `revmeta serve` that asks the catalog what has happened.
@Suite struct PolledEventsTests {
    private func catalog() throws -> LiveCatalog {
        let catalog = try LiveCatalog(
            "CREATE TABLE orders (id int); CREATE TABLE notes ()",
            .table("orders", "One row an order.", columns: ["id": "Its number."]), .table("notes", "What people say."))
        try catalog.shop.folder.write(
            catalog.shop.folder.text(of: "revmeta.yaml") + "\nserve: { pollEvents: 1s, listen: \"127.0.0.1:0\" }\n", to: "revmeta.yaml")
        return catalog
    }

    private func describe(_ catalog: LiveCatalog, _ table: String, _ text: String) async throws {
        try await catalog.server.patch(
            "tables", catalog.name("public", table), [["op": "add", "path": "/description", "value": text]])
    }

    /// Reads the journal, which the server may be about to write.
    private func journal<Value: Sendable>(_ catalog: LiveCatalog, _ body: @Sendable (Database) throws -> Value) async throws -> Value {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(600)
        let queue = try DatabaseQueue(path: catalog.shop.folder.path + "/journal.sqlite", configuration: configuration)
        return try await queue.write { try body($0) }
    }

    private func triggers(_ catalog: LiveCatalog) async throws -> [String] {
        try await journal(catalog) { try String.fetchAll($0, sql: "SELECT DISTINCT trigger FROM run ORDER BY id") }
    }

    private func stop(_ child: Child) async throws {
        child.signal(SIGTERM)
        let answer = try await child.end()
        #expect(answer.status == 0 || answer.status == 143, "\(answer)")
    }

    @Test func anEditArrivesAndSoDoesOneOfAnOutage() async throws {
        let catalog = try catalog(), shop = catalog.shop
        let server = try shop.start("serve")
        // The first time, everything is read.
        try await server.wait(for: "everything is written") { try shop.comments().count == 3 }
        try await describe(catalog, "notes", "Anew.")
        try await server.wait(for: "the edit arrives") { try shop.comments()["table notes"] == "Anew." }

        try await catalog.server.fail(["path": "/system/version", "fault": "status", "status": 503])
        try await catalog.server.fail(["path": "/events", "fault": "close"])
        func asked() async throws -> Int { try await catalog.server.requests().all.count { $0.method == "GET" } }
        let before = try await asked()
        for edit in 1...30 { try await describe(catalog, "orders", "Edit \(edit).") }
        try await server.wait(for: "it asks in vain") { try await asked() >= before + 2 }
        #expect(try shop.comments()["table orders"] == "One row an order.")
        try await catalog.server.endFaults()
        try await server.wait(for: "the edits of the outage arrive") { try shop.comments()["table orders"] == "Edit 30." }
        try await stop(server)
        #expect(try await triggers(catalog) == ["events", "changes"])
        #expect(try await journal(catalog) { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") } == 0)
    }

    @Test func whatHappensWhileItIsDownArrivesAfterwards() async throws {
        let catalog = try catalog(), shop = catalog.shop
        let first = try shop.start("serve")
        try await first.wait(for: "everything is written") { try shop.comments().count == 3 }
        // The cursor is there once the run of everything is over.
        try await first.wait(for: "the cursor is kept") {
            try await journal(catalog) { try Int.fetchOne($0, sql: "SELECT count(*) FROM event_cursor") } == 1
        }
        first.killWithWorkers()
        _ = try await first.end()
        try await describe(catalog, "notes", "Meanwhile.")
        let second = try shop.start("serve")
        try await second.wait(for: "the edit arrives") { try shop.comments()["table notes"] == "Meanwhile." }
        try await stop(second)
        #expect(try await triggers(catalog) == ["events", "changes"])

        // After so long the catalog may have forgotten what happened: everything is read.
        try await journal(catalog) { try $0.execute(sql: "UPDATE event_cursor SET time = time - 7 * 86400000") }
        try shop.query("COMMENT ON TABLE orders IS NULL")
        let third = try shop.start("serve")
        try await third.wait(for: "everything is written") { try shop.comments()["table orders"] == "One row an order." }
        try await stop(third)
        let runs = try await journal(catalog) { try String.fetchAll($0, sql: "SELECT trigger FROM run ORDER BY id") }
        #expect(runs.last == "events")
        #expect(runs.filter { $0 == "events" }.count == 2)
    }

    @Test func anotherConfigurationAsksAnotherWay() async throws {
        let catalog = try catalog(), shop = catalog.shop
        let asking = try shop.folder.text(of: "revmeta.yaml")
        try shop.folder.write(asking.replacing("pollEvents: 1s, ", with: ""), to: "revmeta.yaml")
        let server = try shop.start("serve")
        try await server.wait(for: "it knows SIGHUP") { handlesHangup(server) }
        #expect(try shop.comments().isEmpty)
        try shop.folder.write(asking, to: "revmeta.yaml")
        server.signal(SIGHUP)
        try await server.wait(for: "everything is written") { try shop.comments().count == 3 }
        try await stop(server)
    }

    @Test func aFolderTellsNoEvents() async throws {
        let shop = try Shop("CREATE TABLE orders (id int)")
        try shop.describe(.table("orders", "One row an order."))
        try shop.configure(serve: "serve: { pollEvents: 1s, webhook: { secret: of the webhook }, listen: \"127.0.0.1:0\" }")
        let server = try shop.start("serve")
        for key in ["pollEvents", "webhook"] {
            try await server.wait(for: "it says that \(key) is of no use") {
                try server.errors.split(separator: "\n").contains { $0.contains("serve.\(key): ") && $0.contains("is a folder") }
            }
        }
        try await stop(server)
    }

    @Test func aConfigurationThatIsReadAgainDropsNoRun() async throws {
        let catalog = try catalog(), shop = catalog.shop
        try shop.folder.write(
            shop.folder.text(of: "revmeta.yaml").replacing("lockTimeout: 300", with: "lockTimeout: 3600000"), to: "revmeta.yaml")
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        let server = try shop.start("serve")
        try await shop.waitUntilItWaits()
        server.signal(SIGHUP)
        try await server.wait(for: "it is read again") { try server.errors.contains("the configuration was read again") }
        try holder.run("ROLLBACK")
        try await server.wait(for: "everything is written") { try shop.comments().count == 3 }
        try await describe(catalog, "notes", "Anew.")
        try await server.wait(for: "the edit arrives") { try shop.comments()["table notes"] == "Anew." }
        try await stop(server)
        let runs = try await journal(catalog) { try String.fetchAll($0, sql: "SELECT trigger || ' ' || state FROM run ORDER BY id") }
        #expect(runs == ["events finished", "changes finished"])
    }

    /// Whether SIGHUP would not end it.
    private func handlesHangup(_ child: Child) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(child.identifier)/status", encoding: .utf8) else { return false }
        return status.split(separator: "\n").contains { line in
            let parts = line.split(separator: ":\t")
            guard parts.count == 2, ["SigIgn", "SigCgt"].contains(parts[0]), let signals = UInt64(parts[1], radix: 16) else { return false }
            return signals & 1 << (SIGHUP - 1) != 0
        }
    }
}
