import AsyncAlgorithms
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

/// A source is asked for what comes next before it has answered.
@Suite struct ReadingAheadTests {
    /// Pieces that are read ahead are cancelled with the plan that they are for.
    @Test func aPlanThatIsCancelledWaitsForNoSource() async throws {
        let paths = (1...4000).map { "shop.public.t\($0)" }
        let source = MemorySource(Dictionary(uniqueKeysWithValues: paths.map { ($0, "table") }))
        source.state.withLock { $0.hangs = true }
        let batches = paths.map { path in
            [CatalogEntity(service: "shop", kind: .table, path: EntityPath(path)!, description: .present("a"))]
        }
        let configuration = Configuration(
            catalog: .folder("/none"), services: [ServiceDefinition(name: "shop", type: "Memory")], journalPath: "/none",
            channels: [Channel(name: "all", updateDescriptions: true)])
        let engine = Engine(configuration, provider: MemoryProvider(sources: ["shop": source]))
        let store = try await RunStore(draftOn: nil)
        let planning = Task { try await engine.plan(batches.async, into: store) }
        // The second one is asked for before the first is answered.
        while source.state.withLock({ $0.reads }) < 2 { try await Task.sleep(for: .milliseconds(1)) }
        planning.cancel()
        let result = await planning.result
        #expect(throws: (any Error).self) { try result.get() }
        #expect(source.state.withLock { $0.openSessions } == 0)
    }
}
