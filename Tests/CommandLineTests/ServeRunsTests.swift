import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

import RevmetaTestSupport
import Testing

/// `revmeta serve` that is asked for runs: which of them go on side by side, and which wait.
@Suite struct ServeRunsTests {
    private struct Job: Decodable {
        struct Part: Decodable {
            var service: String
            var state: String
            var run: Int64?
        }

        var id: Int
        var isOver: Bool
        var exitStatus: Int32?
        var services: [Part]

        subscript(service: String) -> String? { services.first { $0.service == service }?.state }
    }

    /// A shop and a lake, each in a database of its own.
    private func shops() throws -> (shop: Shop, lake: Shop) {
        let shop = try Shop("CREATE TABLE orders ()"), lake = try Shop("CREATE TABLE fish ()")
        let server = lake.database.server
        try shop.configure(connection: ["lockTimeout": "3600000"], services: """
              lake:
                type: Postgres
                connection: { hostPort: "\(server.folder):\(server.port)", username: metadata_writer, \
            database: \(lake.database.name), sslMode: disable }
            """)
        try shop.folder.write(
            shop.folder.text(of: "revmeta.yaml") + "\nserve: { listen: \"127.0.0.1:0\" }\n", to: "revmeta.yaml")
        try shop.describe(
            .table("orders", "Ours."),
            .table("fish", "Theirs.").with { ($0.service, $0.database) = ("lake", lake.database.name) })
        return (shop, lake)
    }

    private func ask(_ method: String, _ address: String) async throws -> Job {
        var request = URLRequest(url: URL(string: address)!)
        request.httpMethod = method
        let (data, _) = try await URLSession.shared.data(for: request)
        return try JSONDecoder().decode(Job.self, from: data)
    }

    @Test func servicesRunSideBySideAndTheRunsOfOneInTurn() async throws {
        let (shop, lake) = try shops()
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        let child = try shop.start("serve")
        let address = try await child.address(), jobs = address + "/api/v1/jobs/"
        func job(_ id: Int, until isSo: (Job) -> Bool) async throws -> Job {
            var job: Job?
            try await child.wait(for: "job \(id) has come so far") {
                job = try await ask("GET", jobs + "\(id)")
                return job.map(isSo) ?? false
            }
            return try #require(job)
        }

        let first = try await ask("POST", address + "/api/v1/runs")
        // The lake's run ends while the shop's waits for a lock.
        let begun = try await job(first.id) { $0["lake"] == "ended" && $0["shop"] == "running" }
        #expect(try lake.comments() == ["table fish": "Theirs."])
        #expect(!begun.isOver)
        let second = try await ask("POST", address + "/api/v1/runs")
        let waiting = try await job(second.id) { $0["lake"] == "ended" }
        #expect(waiting["shop"] == "waiting")

        try holder.run("ROLLBACK")
        #expect(try await job(first.id, until: \.isOver).exitStatus == 0)
        #expect(try await job(second.id, until: \.isOver).exitStatus == 0)
        #expect(try shop.comments() == ["table orders": "Ours."])
        child.signal(SIGTERM)
        #expect(try await child.end().status == 0)
        // Each has a run of its own in the journal, one for each service and job.
        let history = try await shop.expect(0, "history").output
        #expect(history.split(separator: "\n").filter { $0.contains("finished") || $0.contains("done") }.count == 4, "\(history)")
    }
}
