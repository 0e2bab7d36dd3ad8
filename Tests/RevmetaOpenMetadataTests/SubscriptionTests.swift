import Foundation
import RevmetaCatalog
import RevmetaModel
import RevmetaTestSupport
import Testing

@testable import RevmetaOpenMetadata

/// The subscription by which a server sends its change events, and the events it lists.
@Suite struct SubscriptionTests {
    private let secret = Secret("a s3cret of the webhook")

    @Test func itIsMadeShownAndRemoved() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.with { server in
            #expect(try await server.subscription() == nil)
            let made = try await server.subscribe(to: "https://revmeta.example.com/webhook", secret: secret)
            #expect(made.name == "revmeta")
            #expect(made.endpoint == "https://revmeta.example.com/webhook")
            #expect(made.resources == ["database", "databaseSchema", "table", "storedProcedure"])
            #expect(made.isEnabled)
            #expect(made.status?.word == "active")
            #expect(try await server.subscribe(to: "https://revmeta.example.com/webhook", secret: secret) == made)
            #expect(try await server.subscription() == made)
            // Another address replaces the first.
            #expect(try await server.subscribe(to: "http://other/hook", secret: secret).endpoint == "http://other/hook")
            #expect(try await server.unsubscribe())
            #expect(try await !server.unsubscribe())
            #expect(try await server.subscription() == nil)
        }
    }

    @Test(arguments: [("1.13.0", true), ("1.12.4", false), ("1.4.0", false)])
    func theSecretIsGivenAsEachReleaseTakesIt(version: String, hasAuthentication: Bool) async throws {
        let catalog = try TestCatalog.shop(tables: 1, options: ["--version", version])
        _ = try await catalog.with { try await $0.subscribe(to: "http://other/hook", secret: secret) }
        let asked = try #require(try await catalog.server.subscriptions()["revmeta"] as? [String: Any])
        let destination = try #require((asked["destinations"] as? [[String: Any]])?.first)
        let config = try #require(destination["config"] as? [String: Any])
        #expect(config["secretKey"] as? String == (hasAuthentication ? nil : secret.exposed))
        let authentication = config["authType"] as? [String: String]
        #expect(authentication == (hasAuthentication ? ["type": "bearer", "secretKey": secret.exposed] : nil))
    }

    @Test func whatIsMissingIsSaidWithoutTheSecret() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail([
            "path": "/events/subscriptions", "method": "PUT", "fault": "status", "status": 403,
            "message": "Principal: CatalogPrincipal{name='revmeta-bot'} operations [Create] not allowed",
        ])
        let error = await #expect(throws: CatalogServerError.self) {
            try await catalog.with { try await $0.subscribe(to: "http://other/hook", secret: secret) }
        }
        let text = "\(try #require(error))"
        #expect(text.contains("may not change event subscriptions"))
        #expect(text.contains("allows Create on eventsubscription"))
        #expect(!text.contains(secret.exposed))
        #expect(error?.mayPass == false)
    }

    @Test func anOlderServerTellsNoStatus() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail(["path": "/destinations", "fault": "status", "status": 404])
        let made = try await catalog.with { try await $0.subscribe(to: "http://other/hook", secret: secret) }
        #expect(made.endpoint == "http://other/hook")
        #expect(made.status == nil)
    }

    @Test func eventsTellWhatWasThereBefore() async throws {
        let catalog = try TestCatalog.shop(tables: 2)
        let name = "shop.d0.s0.t1"
        try await catalog.with { server in
            let time = try await server.currentTime() - 60_000
            try await catalog.server.patch("tables", name, [
                ["op": "replace", "path": "/description", "value": "Anew."],
                ["op": "add", "path": "/tags/-", "value": ["tagFQN": "PII.Sensitive"]],
                ["op": "replace", "path": "/columns/0/description", "value": "Its key."],
            ])
            try await catalog.server.patch("tables", name, [["op": "replace", "path": "/description", "value": "Anew again."]])
            let events = try await server.events(since: time)
            #expect(events.map(\.entityType) == ["table", "table"])
            #expect(events.map(\.service) == ["shop", "shop"])
            #expect(Set(events.map(\.id)).count == 2)
            #expect(events[0].changes.map(\.name).sorted() == ["columns.id.description", "description", "tags"])

            var changes = CoalescedChanges()
            for event in events { changes.append(event.changes) }
            let pending = PendingEntity(
                entityType: "table", entityID: events[0].entityID, service: "shop", events: 1...2, changes: changes.all)
            let stranger = PendingEntity(entityType: "table", entityID: "gone", service: "elsewhere", events: 3...3)
            var read: [CatalogEntity] = []
            for try await batch in server.batches(of: [pending, stranger], CatalogReach(everything)) { read += batch }
            #expect(read.map(\.description) == [.present("Anew again."), .present("Its key.")])
            #expect(read.map(\.previous) == [
                PreviousValues(description: .present("No. 1"), tags: []), PreviousValues(description: .present("Its number.")),
            ])
        }
        let asked = try await catalog.server.requests().all.map(\.path)
        #expect(!asked.contains { $0.contains("gone") })
    }

    @Test func whatMayBeDealtWithAlreadySaysNothingOfBefore() async throws {
        let catalog = try TestCatalog.shop(tables: 2)
        func describe(_ table: Int, _ text: String) async throws {
            try await catalog.server.patch(
                "tables", "shop.d0.s0.t\(table)", [["op": "replace", "path": "/description", "value": text]])
        }
        try await catalog.with { server in
            let reach = CatalogReach(everything)
            try await describe(0, "Anew.")
            try await describe(1, "Anew.")
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            // All of it lies within the stretch that is asked for twice.
            let again = try #require(try await server.changes(since: now - 30_000, reach))
            #expect(again.map(\.changes) == [[], []])
            // None of it does.
            let first = try #require(try await server.changes(since: now - 3_600_000, reach))
            #expect(Set(first.map(\.id)) == Set(again.map(\.id)))
            #expect(Set(first.flatMap(\.changes).map(\.before)) == ["No. 0", "No. 1"])
        }
    }
}
