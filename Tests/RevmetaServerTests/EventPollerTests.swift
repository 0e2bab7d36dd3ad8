import Foundation
import RevmetaJournal
import RevmetaModel
import RevmetaOpenMetadata
import RevmetaServer
import RevmetaTestSupport
import Synchronization
import Testing

/// Asking a catalog again and again what has happened.
@Suite struct EventPollerTests {
    private typealias Reason = EventPoller.FullRunReason
    private struct Unreachable: Error {}

    /// A catalog whose clock and events a test sets.
    private final class Scripted: Sendable {
        struct State {
            var time: Int64 = 1_700_000_000_000
            var events: [CatalogEvent] = []
            var isDown = false
            var asked: [Int64] = []
        }
        private let state = Mutex(State())

        func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
        var asked: [Int64] { state.withLock { $0.asked } }

        var catalog: EventPoller.Catalog {
            EventPoller.Catalog(address: "https://catalog/api") {
                try self.state.withLock { state in
                    guard !state.isDown else { throw Unreachable() }
                    return state.time
                }
            } events: { since in
                try self.state.withLock { state in
                    guard !state.isDown else { throw Unreachable() }
                    state.asked.append(since)
                    return state.events.filter { $0.time >= since }
                }
            }
        }
    }

    private let store: TemporaryJournal
    private let scripted = Scripted()
    private let reasons = Told<Reason>()
    private let heard = Told<Int>()
    private let start: Int64 = 1_700_000_000_000

    init() throws {
        store = try TemporaryJournal()
    }

    private func poller(
        every interval: Duration = .seconds(30), sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in },
        fullRunIsDue: (@Sendable (Reason) async throws -> Void)? = nil
    ) -> EventPoller {
        EventPoller(
            scripted.catalog, journal: store.journal, every: interval, log: silent, sleep: sleep,
            heard: { [heard] in heard.add($0) }, fullRunIsDue: fullRunIsDue ?? { [reasons] in reasons.add($0) })
    }

    private func event(_ id: String, at time: Int64) -> CatalogEvent {
        CatalogEvent(id: id, time: time, entityType: "table", entityID: id, qualifiedName: "shop.main.public.\(id)")
    }

    private func happen(_ id: String, after milliseconds: Int64) {
        scripted.change {
            $0.time += milliseconds
            $0.events.append(event(id, at: $0.time))
        }
    }

    private func pending() async throws -> [String] { try await store.journal.pending(limit: 100).map(\.entityID) }

    @Test func itBeginsWithARunOfEverythingAndGoesOnFromThere() async throws {
        let poller = poller()
        try await poller.poll()
        #expect(reasons.all == [.neverAsked])
        #expect(scripted.asked == [])
        happen("a", after: 1000)
        happen("b", after: 1000)
        try await poller.poll()
        #expect(try await pending() == ["a", "b"])
        #expect(heard.all == [2])
        // A minute is asked for again, and what comes twice is kept once.
        happen("c", after: 5000)
        try await poller.poll()
        #expect(try await pending() == ["a", "b", "c"])
        #expect(heard.all == [2, 1])
        #expect(scripted.asked == [start - 60_000, start + 2000 - 60_000])
        #expect(reasons.all == [.neverAsked])
    }

    @Test func whatTurnsUpLateIsFound() async throws {
        let poller = poller()
        try await poller.poll()
        scripted.change { $0.time += 30_000 }
        try await poller.poll()
        // Its transaction ended after the server was asked.
        scripted.change { $0.events.append(event("late", at: $0.time - 20_000)) }
        try await poller.poll()
        #expect(try await pending() == ["late"])
    }

    @Test func itGoesOnAfterARestart() async throws {
        try await poller().poll()
        happen("a", after: 86_400_000)
        try await poller().poll()
        #expect(try await pending() == ["a"])
        #expect(reasons.all == [.neverAsked])
    }

    @Test func afterSixDaysEverythingIsRead() async throws {
        try await poller().poll()
        happen("a", after: 6 * 86_400_000)
        // As long as nobody sees to it, it is due.
        await #expect(throws: Unreachable.self) { try await poller(fullRunIsDue: { _ in throw Unreachable() }).poll() }
        try await poller().poll()
        #expect(reasons.all == [.neverAsked, .askedTooLongAgo(since: Date(timeIntervalSince1970: Double(start - 60_000) / 1000))])
        #expect("\(reasons.all[1])".contains("it was last asked for its events at 2023-11-14T22:12:20Z"))
        try await poller().poll()
        #expect(reasons.all.count == 2)
    }

    @Test func anOutageIsWaitedOutAndNothingIsLost() async throws {
        let waits = Told<Duration>(), scripted = scripted
        try await poller().poll()
        scripted.change { $0.isDown = true }
        let poller = poller(every: .seconds(5)) { wait in
            waits.add(wait)
            switch waits.all.count {
            // Edits go on while it does not answer.
            case 3: happen("during", after: 3_600_000)
            case 5: scripted.change { $0.isDown = false }
            case 7: throw CancellationError()
            default: break
            }
        }
        try await poller.run()
        #expect(waits.all == [10, 20, 30, 30, 30, 5, 5].map { .seconds($0) })
        #expect(try await pending() == ["during"])
        #expect(heard.all == [1])
        #expect(reasons.all == [.neverAsked])
    }

    @Test func aServerIsAskedAcrossAnOutage() async throws {
        let folder = store.folder + "/catalog"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, line) in [
            ("databaseServices", #"{"name":"shop","serviceType":"Postgres"}"#), ("databases", #"{"fullyQualifiedName":"shop.main"}"#),
            ("databaseSchemas", #"{"fullyQualifiedName":"shop.main.public"}"#),
            ("tables", #"{"fullyQualifiedName":"shop.main.public.orders","description":"Old.","columns":[]}"#),
        ] {
            try line.write(toFile: folder + "/\(name).jsonl", atomically: false, encoding: .utf8)
        }
        let standIn = try CatalogStandIn(folder: folder)
        let settings = CatalogServerSettings(address: standIn.address, token: Secret("a.b.c"), timeout: .seconds(600))
        let server = try await CatalogServer.connect(settings, retries: RetryPolicy(attempts: 1))
        let rounds = Told<Duration>()
        let poller = EventPoller(
            EventPoller.Catalog(server, address: standIn.address), journal: store.journal, every: .seconds(1), log: silent,
            sleep: { wait in
                rounds.add(wait)
                switch rounds.all.count {
                case 1:
                    try await standIn.fail(["path": "/events", "fault": "status", "status": 503])
                    try await standIn.patch(
                        "tables", "shop.main.public.orders", [["op": "replace", "path": "/description", "value": "Anew."]])
                case 3: try await standIn.endFaults()
                case 5: throw CancellationError()
                default: break
                }
            }, heard: { [heard] in heard.add($0) }, fullRunIsDue: { [reasons] in reasons.add($0) })
        try await poller.run()
        await server.shutDown()
        #expect(rounds.all == [1, 2, 4, 1, 1].map { .seconds($0) })
        #expect(heard.all == [1])
        let pending = try await store.journal.pending(limit: 9)
        #expect(pending.map(\.qualifiedName) == ["shop.main.public.orders"])
        #expect(pending.first?.changes == [CatalogFieldChange(name: "description", before: "Old.")])
    }
}
