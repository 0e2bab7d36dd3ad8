import Foundation
import RevmetaJournal
import RevmetaModel
import RevmetaServer
import Testing

@Suite struct WebhookReceiverTests {
    private let store: TemporaryJournal
    private let receiver: WebhookReceiver

    init() throws {
        let store = try TemporaryJournal()
        self.store = store
        receiver = WebhookReceiver(secret: Secret("s3cret"), log: silent) { try await store.journal.keep($0) }
    }

    private func receive(_ body: String, secret: String? = "s3cret") async -> WebhookAnswer {
        await receiver.receive(headers: secret.map { [signature(of: body, secret: $0)] } ?? [], body: Array(body.utf8))
    }

    @Test func whatIsSignedIsKeptOnce() async throws {
        #expect(await receive(event("a")) == WebhookAnswer(status: 200, text: "1 new, 0 known, 0 ignored", new: 1))
        // Sent again, since the answer did not arrive, with others.
        let again = await receive("{\"data\":[\(event("a")),\(event("b"))]}")
        #expect(again == WebhookAnswer(status: 200, text: "1 new, 1 known, 0 ignored", new: 1, known: 1))
        #expect(try await store.journal.pending(limit: 9).map(\.count) == [2])
        // Dealt with, and sent again.
        try await store.journal.settle(try await store.journal.pending(limit: 9))
        #expect(await receive(event("a")).new == 0)
        #expect(try await store.journal.pending(limit: 9).isEmpty)
    }

    @Test func aBurstIsOneEntity() async throws {
        for number in 1...50 { #expect(await receive(event("e\(number)")).status == 200) }
        let pending = try await store.journal.pending(limit: 9)
        #expect(pending.map(\.count) == [50])
        #expect(pending.map(\.events) == [1...50])
    }

    @Test func whatIsNotSignedIsRefusedBeforeItIsRead() async throws {
        for secret in [nil, "other", ""] as [String?] {
            for body in [event("a"), "no JSON", ""] {
                let answer = await receive(body, secret: secret)
                #expect(answer.status == 401)
                #expect(!answer.text.contains("s3cret"))
            }
        }
        #expect(try await store.journal.eventBacklog().events == 0)
    }

    @Test func whatIsNotUnderstoodIsSaid() async throws {
        for body in ["no JSON", "{}", "{\"data\":[{}]}", "[\(event("a")),{]"] {
            let answer = await receive(body)
            #expect(answer.status == 400)
            #expect(answer.text.hasPrefix("expected "))
        }
        // None of a body's events is kept if one cannot be read: the whole of it comes again.
        #expect(try await store.journal.eventBacklog().events == 0)
    }

    @Test func theServersTestAndOthersEventsAreFine() async throws {
        #expect(await receive(#"{"message":"a test"}"#).status == 200)
        let other = #"{"id":"x","eventType":"entityCreated","entityType":"dashboard","entityId":"1","timestamp":1}"#
        #expect(await receive(other) == WebhookAnswer(status: 200, text: "1 ignored", ignored: 1))
        #expect(try await store.journal.eventBacklog().events == 0)
    }

    @Test func aBodyOfTenMegabytesIsTaken() async throws {
        let filler = String(repeating: "x", count: 10_000)
        let events = (0..<1100).map { event("e\($0)", of: "\($0)").dropLast() + ",\"entity\":\"\(filler)\"}" }
        let body = "[" + events.joined(separator: ",") + "]"
        #expect(body.utf8.count > 11_000_000)
        #expect(await receive(body).new == 1100)
        #expect(try await store.journal.eventBacklog().events == 1100)
    }

    @Test func whatCannotBeKeptIsToBeSentAgain() async throws {
        struct Full: Error {}
        let receiver = WebhookReceiver(secret: Secret("s3cret"), log: silent) { _ in throw Full() }
        let body = event("a")
        let answer = await receiver.receive(headers: [signature(of: body, secret: "s3cret")], body: Array(body.utf8))
        #expect(answer == WebhookAnswer(status: 503, text: "the events could not be kept: send them again"))
    }

    @Test func theAnswerIsGivenWhenTheEventsAreKeptAndNotBefore() async throws {
        let told = Told<String>()
        let receiver = WebhookReceiver(secret: Secret("s3cret"), log: silent) { events in
            for _ in 0..<100 { await Task.yield() }
            told.add("kept \(events.count)")
            return events.count
        }
        let body = event("a")
        _ = await receiver.receive(headers: [signature(of: body, secret: "s3cret")], body: Array(body.utf8))
        #expect(told.all == ["kept 1"])
    }

    @Test func manyAtOnceAreAllKept() async throws {
        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 0..<1000 { group.addTask { await receive(event("e\(number)", of: "\(number % 10)")).status } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(statuses == [200])
        let pending = try await store.journal.pending(limit: 20)
        #expect(pending.map(\.count).reduce(0, +) == 1000)
        #expect(pending.count == 10)
    }
}
