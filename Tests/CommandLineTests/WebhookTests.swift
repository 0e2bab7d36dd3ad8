import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

import GRDB
import RevmetaTestSupport
import Testing

/// `revmeta serve` that the catalog tells what happens, down to the database.
@Suite struct WebhookTests {
    private static let secret = "s3cret-of-the-hook"

    func catalog(_ tables: Int) throws -> LiveCatalog {
        let names = (0..<tables).map { "t\($0)" }
        let catalog = try LiveCatalog(
            names.map { "CREATE TABLE \($0) ()" }.joined(separator: "; "), own: true, names.map { .table($0, "Before.") })
        try catalog.shop.folder.write(
            catalog.shop.folder.text(of: "revmeta.yaml")
                + "\nserve: { listen: \"127.0.0.1:0\", webhook: { secret: \(Self.secret) } }\n", to: "revmeta.yaml")
        return catalog
    }

    func edit(_ catalog: LiveCatalog, _ table: String, _ text: String) async throws {
        try await catalog.server.patch(
            "tables", catalog.name("public", table), [["op": "add", "path": "/description", "value": text]])
    }

    func serve(_ shop: Shop) async throws -> (Child, address: String) {
        let child = try shop.start("serve")
        return (child, try await child.address())
    }

    private func post(
        _ body: String, to address: String, _ headers: [String: String] = ["Authorization": "Bearer \(secret)"]
    ) async throws -> Int {
        var request = URLRequest(url: URL(string: address + "/webhook")!)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        return (try await URLSession.shared.data(for: request).1 as! HTTPURLResponse).statusCode
    }

    private func event(_ catalog: LiveCatalog, _ table: String, id: String = UUID().uuidString) async throws -> String {
        let entity = try await catalog.server.id("tables", catalog.name("public", table))
        return """
            {"id":"\(id)","eventType":"entityUpdated","entityType":"table","entityId":"\(entity)","timestamp":1769982651320,
            "entityFullyQualifiedName":"\(catalog.name("public", table))"}
            """
    }

    func end(_ child: Child) async throws {
        child.signal(SIGTERM)
        #expect(try await child.end().status == 0)
    }

    @Test func aThousandEditsArriveInOrderWhilePostgreSQLRestarts() async throws {
        let catalog = try catalog(50), shop = catalog.shop
        try await shop.expect(0, "run")
        let (child, address) = try await serve(shop)
        try await shop.expect(0, "webhook", "install", "--url", address + "/webhook")
        try await edit(catalog, "t0", "The first.")
        try await child.wait(for: "the edit arrives") { try shop.comments()["table t0"] == "The first." }

        try await withThrowingTaskGroup { group in
            for table in 0..<50 {
                group.addTask {
                    for round in 1...20 {
                        try await edit(catalog, "t\(table)", "Edit \(round).")
                        if table == 0, round == 5 { try shop.database.server.stop() }
                        if table == 0, round == 15 { try shop.database.server.start() }
                    }
                }
            }
            try await group.waitForAll()
        }
        // All of them were told, and all are dealt with.
        try await child.wait(for: "all events are dealt with") {
            try await shop.journal { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM event_seen") == 1001
                    && Int.fetchOne(db, sql: "SELECT count(*) FROM event") == 0
            }
        }
        #expect(try shop.comments() == Dictionary(uniqueKeysWithValues: (0..<50).map { ("table t\($0)", "Edit 20.") }))
        let written = try await shop.journal { db in
            try Row.fetchAll(db, sql: "SELECT path, value FROM recorded WHERE outcome = 'applied' ORDER BY number")
                .map { (path: $0[0] as String, value: $0[1] as String) }
        }
        for (path, edits) in Dictionary(grouping: written, by: \.path) {
            let numbers = edits.compactMap { Int($0.value.filter(\.isNumber)) }
            #expect(numbers == numbers.sorted(), "\(path): \(edits)")
        }
        try await end(child)
    }

    @Test func whatWasAnsweredArrivesThoughTheServerIsKilled() async throws {
        let catalog = try catalog(2), shop = catalog.shop
        try await shop.expect(0, "run")
        try await edit(catalog, "t0", "After.")
        let event = try await event(catalog, "t0")
        // The entity is asked for, and no answer comes.
        try await catalog.server.fail(["path": "/api/v1/tables/", "fault": "hang"])
        let (child, address) = try await serve(shop)
        #expect(try await post(event, to: address) == 200)
        child.killWithWorkers()
        #expect(try await child.end().status == -SIGKILL)
        try await catalog.server.endFaults()
        #expect(try shop.comments()["table t0"] == "Before.")

        let (again, _) = try await serve(shop)
        try await again.wait(for: "what was answered arrives") { try shop.comments()["table t0"] == "After." }
        try await end(again)
    }

    @Test func onlyTheCatalogIsHeardAndEachEventOnce() async throws {
        let catalog = try catalog(1), shop = catalog.shop
        try await shop.expect(0, "run")
        let (child, address) = try await serve(shop)
        let event = try await event(catalog, "t0", id: "one")
        #expect(try await post(event, to: address, [:]) == 401)
        #expect(try await post(event, to: address, ["Authorization": "Bearer guessed"]) == 401)
        #expect(try await post(event, to: address, ["X-OM-Signature": "sha256=AAAA"]) == 401)
        #expect(try await post("{\"id\": ", to: address) == 400)
        #expect(try await shop.journal { try Int.fetchOne($0, sql: "SELECT count(*) FROM event_seen") } == 0)

        try await edit(catalog, "t0", "After.")
        for _ in 1...3 { #expect(try await post(event, to: address) == 200) }
        try await child.wait(for: "the edit arrives") { try shop.comments()["table t0"] == "After." }
        #expect(try await shop.journal { try Int.fetchOne($0, sql: "SELECT count(*) FROM event_seen") } == 1)

        // A body of ten megabytes, in which the event is the least.
        let large = event.replacing("\"one\"", with: "\"two\"").dropLast() + ",\"more\":\"\(String(repeating: "x", count: 10 << 20))\"}"
        try await edit(catalog, "t0", "Later.")
        #expect(try await post(String(large), to: address) == 200)
        try await child.wait(for: "the edit of a large event arrives") { try shop.comments()["table t0"] == "Later." }
        try await end(child)
    }

    @Test func whatWasWrittenComesBackWithoutTouchingTheSource() async throws {
        let catalog = try catalog(1), shop = catalog.shop
        try await shop.expect(0, "run")
        try await shop.waitUntilNobodyIsConnected()
        let runs = try await shop.journal { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") }
        let (child, address) = try await serve(shop)
        // Its own ingestion tells the catalog what revmeta has written.
        #expect(try await post(try await event(catalog, "t0"), to: address) == 200)
        try await child.wait(for: "the event is dealt with") {
            try await shop.journal { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") } == 0
        }
        #expect(try await shop.journal { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") } == runs)
        #expect(try shop.query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'metadata_writer'") == [["0"]])
        try await end(child)
    }
}
