import GRDB
import RevmetaTestSupport
import Testing

// What cannot be dealt with for the time being arrives later, and holds up nothing else.
extension WebhookTests {
    private func failedRuns(_ shop: Shop) async throws -> Int {
        try await shop.journal { try Int.fetchOne($0, sql: "SELECT count(*) FROM run WHERE state = 'failed'")! }
    }

    private func serveHearing(_ catalog: LiveCatalog) async throws -> Child {
        try await catalog.shop.expect(0, "run")
        let (child, address) = try await serve(catalog.shop)
        try await catalog.shop.expect(0, "webhook", "install", "--url", address + "/webhook")
        return child
    }

    @Test func anEditOfALockedTableArrivesOnceItIsFree() async throws {
        let catalog = try catalog(2), shop = catalog.shop
        let child = try await serveHearing(catalog)
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE t0 IN ACCESS EXCLUSIVE MODE")
        try await edit(catalog, "t0", "After.")
        try await child.wait(for: "a run fails") { try await failedRuns(shop) > 0 }
        try await edit(catalog, "t1", "Meanwhile.")
        try await child.wait(for: "the other edit arrives") { try shop.comments()["table t1"] == "Meanwhile." }
        #expect(try shop.comments()["table t0"] == "Before.")
        try holder.run("ROLLBACK")
        try await child.wait(for: "the edit arrives") { try shop.comments()["table t0"] == "After." }
        try await end(child)
    }

    @Test func aServerThatEndsInTheMiddleOfARunLeavesTheRestToTheNext() async throws {
        let catalog = try catalog(2), shop = catalog.shop
        let child = try await serveHearing(catalog)
        let holder = try shop.database.connect()
        // However long it takes until it ends, nothing can be written before.
        try holder.run("BEGIN; LOCK TABLE t0, t1 IN ACCESS EXCLUSIVE MODE")
        try await edit(catalog, "t0", "After.")
        try await shop.waitUntilItWaits()
        try await edit(catalog, "t1", "Meanwhile.")
        try await end(child)
        try holder.run("ROLLBACK")
        #expect(try shop.comments() == ["table t0": "Before.", "table t1": "Before."])

        let (again, _) = try await serve(shop)
        let both = ["table t0": "After.", "table t1": "Meanwhile."]
        try await again.wait(for: "both edits arrive") { try shop.comments() == both }
        try await end(again)
    }

    @Test func anEntityThatTheCatalogCannotTellHoldsUpNoOther() async throws {
        let catalog = try catalog(3), shop = catalog.shop
        let child = try await serveHearing(catalog)
        let broken = try await catalog.server.id("tables", catalog.name("public", "t0"))
        try await catalog.server.fail(["path": "/tables/\(broken)", "fault": "status", "status": 500])
        for table in ["t0", "t1", "t2"] { try await edit(catalog, table, "After.") }
        let others = ["table t0": "Before.", "table t1": "After.", "table t2": "After."]
        try await child.wait(for: "the others arrive") { try shop.comments() == others }
        try await edit(catalog, "t1", "Later.")
        try await child.wait(for: "the other edit arrives") { try shop.comments()["table t1"] == "Later." }
        #expect(try shop.comments()["table t0"] == "Before.")
        try await catalog.server.endFaults()
        try await child.wait(for: "the edit arrives") { try shop.comments()["table t0"] == "After." }
        try await end(child)
    }
}
