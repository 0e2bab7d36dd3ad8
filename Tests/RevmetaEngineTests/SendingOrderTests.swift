import AsyncAlgorithms
import Logging
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

/// Nothing goes to a source, nor is said to, before what is intended is safe.
@Suite struct SendingOrderTests {
    /// What happened, in its order.
    private final class Story: Sendable {
        private let told = Mutex<[String]>([])
        var lines: [String] { told.withLock { $0 } }
        func add(_ line: String) { told.withLock { $0.append(line) } }
    }

    private struct Handler: LogHandler {
        let story: Story
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { story.add("\(event.message)") }
    }

    /// A journal whose disk is slow, or full.
    private struct SlowJournal: PlanJournal {
        let store: RunStore
        let source: MemorySource
        let story: Story
        var failure: Failure?

        var label: String? { store.label }
        func memories(of service: String, paths: [EntityPath]) async throws -> [FactKey: Memory] {
            try await store.memories(of: service, paths: paths)
        }
        func append(_ piece: PlanPiece) async throws { try await store.append(piece) }
        func scopes() async throws -> [PlanScope] { store.scopes() }
        func statements(of scope: PlanScope, after number: Int64, limit: Int) async throws -> PlannedBatch {
            try await store.statements(of: scope, after: number, limit: limit)
        }
        func willSend(_ scope: PlanScope, through number: Int64) async throws {
            story.add("sent so far: \(source.sent.count)")
            try await store.willSend(scope, through: number)
        }
        func record(_ outcomes: [RecordedOutcome]) async throws { try await store.record(outcomes) }
        func beginExecution(of scopes: [PlanScope]) async throws {
            // Whoever does not wait is far ahead by then.
            try await Task.sleep(for: .milliseconds(50))
            if let failure { throw failure }
            try await store.beginExecution(of: scopes)
            story.add("it is on the disk, sent so far: \(source.sent.count)")
        }
        func countManaged(of services: [String], upTo limit: Int) async throws -> Int {
            try await store.countManaged(of: services, upTo: limit)
        }
    }

    private let source = MemorySource(["shop.public.orders": "table"]), story = Story()

    private func run(failure: Failure? = nil) async throws -> RunReport {
        let configuration = Configuration(
            catalog: .folder("/none"), services: [ServiceDefinition(name: "shop", type: "Memory")], journalPath: "/none",
            channels: [Channel(name: "all", updateDescriptions: true)])
        let journal = SlowJournal(store: try await RunStore(draftOn: nil), source: source, story: story, failure: failure)
        let story = story
        return try await Engine(
            configuration, provider: MemoryProvider(sources: ["shop": source]),
            logger: Logger(label: "test") { _ in Handler(story: story) }
        ).run(
            [[CatalogEntity(
                service: "shop", kind: .table, path: EntityPath("shop.public.orders")!, description: .present("One row an order."))
            ]].async, into: journal)
    }

    @Test func nothingIsSentBeforeTheJournalIsOnTheDisk() async throws {
        #expect(try await run().counts.set == 1)
        #expect(story.lines == [
            "the plan is whole", "it is on the disk, sent so far: 0", "sending begins", "sent so far: 0", "sending has ended",
        ])
        #expect(source.sent.count == 1)
    }

    @Test func nothingIsSentIfItCannotBe() async throws {
        await #expect(throws: Failure.self) { try await run(failure: Failure(.failed, "the disk is full")) }
        #expect(story.lines == ["the plan is whole"])
        #expect(source.sent.isEmpty)
    }
}
