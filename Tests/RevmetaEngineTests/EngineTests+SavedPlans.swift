import AsyncAlgorithms
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Testing

// Plans that were made before, at sources that have moved on.
extension EngineTests {
    @Test func whatASavedPlanFindsDoneIsNotTakenForOurs() async throws {
        let names = ["a", "b", "c"]
        let source = MemorySource(Dictionary(uniqueKeysWithValues: names.map { ("shop.public.\($0)", "table") }))
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        _ = try await run(configuration, table("b", "x"), provider)
        source["shop.public.b", .description] = nil
        let (_, changes) = try await plan(configuration, names.flatMap { table($0, "x") }, provider)
        func runSaved() async throws -> RunReport {
            var piece = PlanPiece(service: "shop", database: nil)
            piece.changes = changes.map(\.planned)
            piece.statements = changes.indices.map { Statement(text: changes[$0].statementText ?? "", changes: [$0]) }
            let store = try await RunStore(
                beginIn: Journal(forRunsAt: configuration.journalPath), person: "tester", version: "test")
            let report = try await Engine(configuration, provider: provider, retries: once).run(saved: [piece].async, into: store)
            try await store.finish(report)
            return report
        }
        // Somebody else is faster, and does the same to two of them, one of which is ours.
        source["shop.public.a", .description] = "x"
        source["shop.public.b", .description] = "x"
        let report = try await runSaved()
        #expect(report.counts.set == 1 && report.counts.unchanged == 2 && report.exitCode == 0)
        let again = try await runSaved()
        #expect(again.counts.written == 0 && again.counts.unchanged == 3)
        _ = try await run(configuration, names.flatMap { table($0, nil) }, provider)
        #expect(names.map { source["shop.public.\($0)", .description] } == ["x", nil, nil])
    }

    /// A statement may write several facts, as an ALTER does: what of them was there before is neither ours nor rolled back.
    @Test(arguments: [false, true]) func halfAStatementOfASavedPlanMayBeDone(isRolledBack: Bool) async throws {
        let names = ["a", "b", "c"]
        let source = MemorySource(Dictionary(uniqueKeysWithValues: names.map { ("shop.public.\($0)", "table") }))
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        let (_, changes) = try await plan(configuration, names.flatMap { table($0, "x") }, provider)
        var piece = PlanPiece(service: "shop", database: nil)
        piece.changes = changes.map(\.planned)
        piece.statements = [Statement(text: "c alone", changes: [2]), Statement(text: "a and b", changes: [0, 1])]
        source["shop.public.a", .description] = "x"
        source["shop.public.c", .description] = "x"
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(configuration, provider: provider, retries: once).run(saved: [piece].async, into: store)
        try await store.finish(report)
        #expect(report.counts.set == 2 && report.counts.unchanged == 1 && report.counts.failed == 0)
        #expect(source.sent == ["a and b"])
        if isRolledBack {
            let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
            let back = try await Engine(configuration, provider: provider, retries: once).rollback(
                journal.applied(in: 1), into: store, onConflict: .fail, sends: true)
            try await store.finish(back)
            #expect(back.counts.cleared == 1 && back.counts.unchanged == 1)
        } else {
            let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
            let blanked = try await Engine(configuration, provider: provider, retries: once).run(
                [names.flatMap { table($0, nil) }].async, into: store)
            try await store.finish(blanked)
        }
        #expect(names.map { source["shop.public.\($0)", .description] } == ["x", nil, "x"])
    }
}
