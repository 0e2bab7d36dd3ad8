import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

import RevmetaJournal
import RevmetaModel
import RevmetaOpenMetadata
import RevmetaServer
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

/// What the stand-in for a catalog sends by its webhook, from an edit to the journal.
@Suite struct WebhookDeliveryTests {
    private let secret = Secret("s3cret of the webhook")
    private let name = "shop.main.public.orders"

    private func standIn(_ store: TemporaryJournal, _ options: String...) throws -> CatalogStandIn {
        let folder = store.folder + "/catalog"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (file, line) in [
            ("databaseServices", #"{"name":"shop","serviceType":"Postgres"}"#), ("databases", #"{"fullyQualifiedName":"shop.main"}"#),
            ("databaseSchemas", #"{"fullyQualifiedName":"shop.main.public"}"#),
            ("tables", #"{"fullyQualifiedName":"\#(name)","description":"Old.","columns":[]}"#),
        ] {
            try line.write(toFile: folder + "/\(file).jsonl", atomically: false, encoding: .utf8)
        }
        return try CatalogStandIn(folder: folder, options: options)
    }

    private func subscribe(
        _ standIn: CatalogStandIn, to listener: WebhookListener, secret: Secret
    ) async throws {
        let settings = CatalogServerSettings(address: standIn.address, token: Secret("a.b.c"), timeout: .seconds(600))
        let server = try await CatalogServer.connect(settings, retries: RetryPolicy(attempts: 1))
        _ = try await server.subscribe(to: "http://127.0.0.1:\(listener.port)/webhook", secret: secret)
        await server.shutDown()
    }

    private func status(_ standIn: CatalogStandIn) async throws -> EventSubscription.Status? {
        let settings = CatalogServerSettings(address: standIn.address, token: Secret("a.b.c"), timeout: .seconds(600))
        let server = try await CatalogServer.connect(settings, retries: RetryPolicy(attempts: 1))
        let status = try await server.subscription()?.status
        await server.shutDown()
        return status
    }

    private func describe(_ standIn: CatalogStandIn, _ text: String) async throws {
        try await standIn.patch("tables", name, [["op": "replace", "path": "/description", "value": text]])
    }

    /// Each release gives its secret another place, and signs.
    @Test(arguments: ["1.13.0", "1.12.0"]) func editsArriveAndABurstIsOneEntity(version: String) async throws {
        let store = try TemporaryJournal(), standIn = try standIn(store, "--version", version)
        let receiver = WebhookReceiver(secret: secret, log: silent) { try await store.journal.keep($0) }
        let listener = try await WebhookListener(receiver)
        try await subscribe(standIn, to: listener, secret: secret)
        for edit in 1...50 { try await describe(standIn, "Edit \(edit).") }
        try await eventually("all edits have arrived") { try await store.journal.eventBacklog().events == 50 }
        let pending = try await store.journal.pending(limit: 9)
        #expect(pending.map(\.count) == [50])
        #expect(pending.map(\.qualifiedName) == [name])
        #expect(pending.first?.changes == [CatalogFieldChange(name: "description", before: "Old.")])
        #expect(try await status(standIn)?.word == "active")
        try await listener.close()
    }

    @Test func whatIsSentAgainIsKeptOnce() async throws {
        let store = try TemporaryJournal(), standIn = try standIn(store), answers = Told<Int>()
        let receiver = WebhookReceiver(secret: secret, log: silent) { events in
            // The first time the events are kept, and yet the catalog does not learn of it.
            let new = try await store.journal.keep(events)
            answers.add(new)
            if answers.all.count == 1 { throw CancellationError() }
            return new
        }
        let listener = try await WebhookListener(receiver)
        try await subscribe(standIn, to: listener, secret: secret)
        try await describe(standIn, "Anew.")
        try await eventually("it is sent again") { answers.all.count >= 2 }
        #expect(answers.all == [1, 0])
        #expect(try await store.journal.pending(limit: 9).map(\.count) == [1])
        try await listener.close()
    }

    @Test func anotherSecretIsRefusedAndTheCatalogSaysSo() async throws {
        let store = try TemporaryJournal(), standIn = try standIn(store)
        let receiver = WebhookReceiver(secret: secret, log: silent) { try await store.journal.keep($0) }
        let listener = try await WebhookListener(receiver)
        try await subscribe(standIn, to: listener, secret: Secret("another"))
        try await describe(standIn, "Anew.")
        try await eventually("the catalog knows of it") { try await status(standIn)?.lastFailure != nil }
        #expect(try await status(standIn)?.reason?.hasPrefix("status 401") == true)
        #expect(try await store.journal.eventBacklog().events == 0)
        try await listener.close()
    }

    private func post(_ body: String, _ headers: [(name: String, value: String)], to listener: WebhookListener) async throws -> Int {
        var request = URLRequest(url: URL(string: "http://127.0.0.1:\(listener.port)/webhook")!)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        for header in headers { request.setValue(header.value, forHTTPHeaderField: header.name) }
        return try await (URLSession.shared.data(for: request).1 as! HTTPURLResponse).statusCode
    }

    @Test func requestsOfAllSortsAreAnswered() async throws {
        let store = try TemporaryJournal()
        let receiver = WebhookReceiver(secret: secret, log: silent) { try await store.journal.keep($0) }
        let listener = try await WebhookListener(receiver)
        func send(_ body: String, secret: String? = nil) async throws -> Int {
            try await post(body, [signature(of: body, secret: secret ?? self.secret.exposed)], to: listener)
        }
        #expect(try await send(event("a")) == 200)
        #expect(try await send(event("a")) == 200)
        #expect(try await send(event("b"), secret: "wrong") == 401)
        #expect(try await post(event("b"), [], to: listener) == 401)
        #expect(try await post(event("b"), [("Authorization", "Bearer \(secret.exposed)")], to: listener) == 200)
        #expect(try await send("{\"id\":") == 400)
        let filler = String(repeating: "x", count: 11_000_000)
        #expect(try await send(event("c").dropLast() + ",\"entity\":\"\(filler)\"}") == 200)
        #expect(try await store.journal.pending(limit: 9).map(\.count) == [3])
        try await listener.close()
    }
}
