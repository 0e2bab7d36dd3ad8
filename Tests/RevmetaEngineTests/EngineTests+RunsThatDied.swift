import AsyncAlgorithms
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Testing

// What a run leaves open that dies while it is sending, and who settles it.
extension EngineTests {
    /// A run that dies when statements up to a number may have been sent, before any outcome was noted.
    private func runThatDies(
        _ configuration: Configuration, _ entities: [CatalogEntity], _ provider: MemoryProvider, sent count: Int
    ) async throws {
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        _ = try await Engine(configuration, provider: provider, retries: once).plan([entities].async, into: store)
        try await store.beginExecution(of: [])
        let scope = PlanScope(service: "shop", database: nil)
        let sent = try await store.statements(of: scope, after: 0, limit: count)
        try await store.willSend(scope, through: sent.numbers.last!)
    }

    @Test func anOpenIntentIsSettledByWhatTheSourceHolds() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table"])
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        try await runThatDies(configuration, table("a", "x") + table("b", "x"), provider, sent: 2)
        source["shop.public.a", .description] = "x"
        let report = try await run(configuration, table("a", "x") + table("b", "x"), provider)
        #expect(report.counts.unchanged == 1 && report.counts.set == 1)
        // It is over, and what became of it is counted, though it did not live to do so.
        let dead = try #require(try Journal(forReadingAt: configuration.journalPath)?.run(1))
        #expect(dead.state == "failed" && dead.counts?.set == 1 && dead.counts?.unsettled == 0)
        // What the dead run wrote is known to be ours, so blanking it clears it.
        let blanked = try await run(configuration, table("a", nil) + table("b", nil), provider)
        #expect(blanked.counts.cleared == 2)
    }

    /// What it had sent may or may not have arrived: the source tells, and what is ours goes back.
    @Test(arguments: [false, true]) func aRunThatDiedIsRolledBackByWhatTheSourceHolds(onlyPlanned: Bool) async throws {
        let names = ["a", "b", "c", "d"]
        let source = MemorySource(Dictionary(uniqueKeysWithValues: names.map { ("shop.public.\($0)", "table") }))
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        source["shop.public.c", .description] = "theirs"
        try await runThatDies(configuration, names.flatMap { table($0, "x") }, provider, sent: 3)
        // Of the three that were sent, two arrived, and one of them was edited since; the fourth is somebody else's.
        source["shop.public.a", .description] = "x"
        source["shop.public.c", .description] = "edited"
        source["shop.public.d", .description] = "x"
        let journal = try Journal(forRunsAt: configuration.journalPath)
        #expect(try journal.run(1)?.counts?.unsettled == 3)
        let store = onlyPlanned
            ? try await RunStore(draftOn: journal) : try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(configuration, provider: provider, retries: once).rollback(
            journal.applied(in: 1), into: store, onConflict: .keep, sends: !onlyPlanned)
        #expect(report.counts.cleared == 1 && report.counts.unchanged == 1 && report.counts.kept == 1)
        var changes: [ListedChange] = []
        try store.list { changes.append($0) }
        #expect(changes.map(\.planned.change.path.description) == ["shop.public.a", "shop.public.c"])
        #expect(changes.last?.planned.reason?.hasPrefix("the run that is rolled back died") == true)
        try await store.finish(report)
        #expect(source["shop.public.a", .description] == (onlyPlanned ? "x" : nil))
        #expect(source["shop.public.c", .description] == "edited" && source["shop.public.d", .description] == "x")
        if !onlyPlanned {
            var outcomes: [String?] = []
            try journal.list(1) { outcomes.append($0.outcome) }
            #expect(outcomes == ["applied", nil, nil, nil])
            #expect(try journal.run(1)?.counts?.set == 1 && journal.run(1)?.counts?.unsettled == 2)
        }
    }

    @Test func whatWasNeverSentIsNeverOurs() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table"])
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        try await runThatDies(configuration, table("a", "x") + table("b", "x"), provider, sent: 1)
        // Somebody else writes the text that the dead run had not come to send.
        source["shop.public.b", .description] = "x"
        _ = try await run(configuration, table("a", "x") + table("b", "x"), provider)
        _ = try await run(configuration, table("a", nil) + table("b", nil), provider)
        #expect(source["shop.public.a", .description] == nil)
        #expect(source["shop.public.b", .description] == "x")
    }
}
