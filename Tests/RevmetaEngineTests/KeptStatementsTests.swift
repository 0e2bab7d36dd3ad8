import AsyncAlgorithms
import Foundation
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

/// What a session has at hand of a plan is what is sent: each execution in memory compares the two.
@Suite struct KeptStatementsTests {
    /// More than a piece of a plan has, and more than goes with one call: pieces are joined; cut, if the source is slow.
    @Test(arguments: [8 << 20, 600_000], [Duration.zero, .milliseconds(1100)])
    func allThatIsInMemoryIsAtHand(memory: Int, firstCall: Duration) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-kept-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let names = (1...9000).map { "shop.public.t\($0)" }
        let source = MemorySource(Dictionary(uniqueKeysWithValues: names.map { ($0, "table") }))
        source.state.withLock {
            $0.delays = [firstCall]
            // Nothing can be done about it: what it is not in is planned by another statement.
            for place in stride(from: 0, to: names.count, by: 700) {
                $0.refused[EntityPath(names[place])!] = Failure(.denied, "it is somebody else's")
            }
        }
        let configuration = Configuration(
            catalog: .folder("/none"), services: [ServiceDefinition(name: "shop", type: "Memory")],
            ownerMap: ["jane.doe": "app_owner"], journalPath: folder + "/journal.sqlite",
            channels: [Channel(name: "all", updateDescriptions: true, updateOwners: true)])
        let entities = names.map { name in
            CatalogEntity(
                service: "shop", kind: .table, path: EntityPath(name)!, tableType: "Regular",
                description: CatalogText("The table \(name)"),
                owners: .known(name.hasSuffix("5") ? [OwnerReference(kind: .user, name: "jane.doe")] : []))
        }
        let store = try await RunStore(
            beginIn: try Journal(forRunsAt: configuration.journalPath), person: "tester", version: "test", memory: memory)
        let report = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source])).run(
            stride(from: 0, to: entities.count, by: 100).map { Array(entities[$0..<$0 + 100]) }.async, into: store)
        let expected = 9000 + 900 - report.counts.failed
        #expect(report.counts.failed >= 13)
        #expect(report.counts.set == expected)
        #expect(source.sent.count == expected)
        let (atHand, sizes) = source.state.withLock { ($0.keptStatements, $0.sizes) }
        if memory > 1 << 20 { #expect(atHand == expected) } else { #expect(atHand > 0 && atHand < expected) }
        // Twice what it does in a second, and no piece of the plan has so few.
        if firstCall > .zero { #expect(sizes[2] <= 1000) } else { #expect(sizes.max()! > 3000) }
    }

    private final class Plan: KeptPlan {}

    private func batch(_ plan: Plan?, _ count: Int) -> PlannedBatch {
        var batch = PlannedBatch()
        for place in 0..<count {
            batch.numbers.append(Int64(place))
            batch.statements.append(Statement(text: "\(place)", changes: [place]))
            batch.changes.append(Change(
                kind: "table", path: EntityPath("a.b.t\(place)")!, attribute: .description, before: nil, value: "x"))
            batch.items.append(PlannedBatch.Item(number: Int64(place), entityKind: .table, action: .set))
        }
        if let plan { batch.kept = [KeptStatements(of: plan, 0..<count)] }
        return batch
    }

    private func ranges(_ batch: PlannedBatch) -> [Range<Int>] { batch.kept.map(\.range) }

    @Test func whatIsJoinedAndCutIsStillAtHand() {
        let plans = (Plan(), Plan())
        var all = PlannedBatch()
        all.append(batch(plans.0, 5))
        all.append(batch(plans.1, 4))
        #expect(ranges(all) == [0..<5, 0..<4])
        #expect(all.statements.map(\.changes) == (0..<9).map { [$0] })
        let first = all.removeFirst(2)
        #expect(ranges(first) == [0..<2] && ranges(all) == [2..<5, 0..<4])
        let second = all.removeFirst(5)
        #expect(ranges(second) == [2..<5, 0..<2] && ranges(all) == [2..<4])
        #expect(second.kept[0].plan === plans.0 && second.kept[1].plan === plans.1 && all.kept[0].plan === plans.1)
        #expect(all.statements.map(\.changes) == [[0], [1]])
    }

    @Test func whatIsPartlyAtHandIsNot() {
        var all = batch(Plan(), 3)
        all.append(batch(nil, 2))
        #expect(all.kept.isEmpty)
        all.append(batch(Plan(), 2))
        #expect(all.kept.isEmpty)
        #expect(all.removeFirst(3).kept.isEmpty && all.kept.isEmpty)
    }
}
