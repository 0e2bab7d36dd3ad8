import Foundation
import RevmetaTestSupport
import Testing

/// A connection that is cut after each of a small run's frames in turn, whichever side sent it.
@Suite struct CutConnectionTests {
    private static let schema = """
        CREATE TABLE a (x int); CREATE TABLE b (); CREATE VIEW v AS SELECT 1 AS y;
        COMMENT ON TABLE b IS 'Theirs.'
        """
    private static let comments = [
        "table a": "Ours a.", "column x of table a": "Ours x.", "table b": "Ours b.", "view v": "Ours v.",
    ]

    private func shop() throws -> Shop {
        let shop = try Shop(Self.schema)
        try shop.describe(
            .table("a", "Ours a.", columns: ["x": "Ours x."], owners: ["team:finance"]), .table("b", "Ours b."), .table("v", "Ours v."))
        return shop
    }

    private func connect(_ shop: Shop, through proxy: CuttingProxy?) throws {
        var connection: [String: String] = [:]
        if let proxy { connection["hostPort"] = "\"127.0.0.1:\(proxy.port)\"" }
        try shop.configure(connection: connection, channel: "updateDescriptions: true, updateOwners: true")
    }

    private func proxy(of shop: Shop, cutAfter cut: Int? = nil, _ afterwards: CuttingProxy.Afterwards) throws -> CuttingProxy {
        let server = shop.database.server
        return try CuttingProxy(to: "\(server.folder)/.s.PGSQL.\(server.port)", cutAfter: cut, afterwards)
    }

    /// How many frames a run has that nobody cuts.
    private func frames() async throws -> Int {
        let shop = try shop()
        let proxy = try proxy(of: shop, .open)
        try connect(shop, through: proxy)
        try await shop.expect(0, "run")
        #expect(try shop.comments() == Self.comments)
        return proxy.frames
    }

    /// After the cut the server can be reached again: the run goes on, and ends well.
    @Test func aCutIsMended() async throws {
        let frames = try await frames()
        #expect(frames > 30)
        try await forEach(1...frames) { cut in
            let shop = try shop()
            let proxy = try proxy(of: shop, cutAfter: cut, .open)
            try connect(shop, through: proxy)
            let answer = try await shop.expect(0, "run")
            #expect(try shop.comments() == Self.comments, "cut after \(cut) of \(frames): \(answer.output)")
            #expect(try shop.owners()["table a"] == "finance_role")
            let again = try await shop.expect(0, "run")
            #expect(again.output.contains("Nothing to do: 5 unchanged"), "cut after \(cut): \(again.output)")
            // The value before the first attempt is what is put back.
            try await shop.expect(0, "rollback", "1")
            #expect(try shop.comments() == ["table b": "Theirs."], "cut after \(cut)")
        }
    }

    /// After the cut nothing can be reached: the run says so, and the next one finds out what had arrived.
    @Test func aCutForGoodLeavesATruth() async throws {
        let frames = try await frames()
        try await forEach(1...frames) { cut in
            let shop = try shop()
            let proxy = try proxy(of: shop, cutAfter: cut, .closed)
            try connect(shop, through: proxy)
            try shop.folder.write(shop.folder.text(of: "revmeta.yaml") + "attempts: 1\n", to: "revmeta.yaml")
            let cutRun = try await Program.run(["run"], in: shop.folder.path)
            // The last frames are a good-bye that nobody misses.
            #expect([0, 1, 3].contains(cutRun.status) && (cutRun.status != 0 || cut > frames / 2), "\(cut): \(cutRun)")
            if cutRun.status != 0 { #expect(cutRun.output.contains("service 'shop' failed"), "\(cut): \(cutRun)") }

            try connect(shop, through: nil)
            let found = try shop.comments()
            let arrived = Self.comments.count { found[$0.key] == $0.value }
                + (try shop.owners()["table a"] == "finance_role" ? 1 : 0)
            let next = try await shop.expect(0, "run")
            #expect(try shop.comments() == Self.comments, "cut after \(cut): \(next.output)")
            #expect(arrived == 0 || next.output.contains("\(arrived) unchanged"), "\(cut): \(next.output)")
            // All of it is ours: it goes when the catalog takes it back.
            try shop.describe(.table("a", nil, columns: ["x": nil]), .table("b", nil), .table("v", nil))
            try await shop.expect(0, "run")
            #expect(try shop.comments() == [:], "cut after \(cut)")
        }
    }

    /// A few at a time.
    private func forEach(_ numbers: ClosedRange<Int>, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                if number > numbers.lowerBound + 7 { try await group.next() }
                group.addTask { try await body(number) }
            }
            try await group.waitForAll()
        }
    }
}
