import RevmetaModel
import Testing

@testable import RevmetaEngine

@Suite struct BatchProgressTests {
    private let busy = Failure(.transient, "busy"), gone = Failure(.transient, "the source went away")

    private func progress(_ count: Int) -> BatchProgress {
        let changes = (0..<count).map {
            Change(kind: "table", path: EntityPath(["d", "s", "t\($0)"]), attribute: .description, before: nil, value: "x")
        }
        return BatchProgress(PlannedBatch(
            numbers: (0..<count).map { Int64($0) + 1 },
            statements: (0..<count).map { Statement(text: "\($0)", changes: [$0]) }, changes: changes,
            items: (0..<count).map {
                PlannedBatch.Item(number: Int64($0) + 1, entityKind: .table, action: .set)
            }))
    }

    private func ends(_ progress: BatchProgress) -> [Int: BatchProgress.Ended] {
        Dictionary(uniqueKeysWithValues: progress.ended.map { ($0.statement, $0) })
    }

    @Test func whatIsPostponedIsSentAgainAlone() {
        var progress = progress(3)
        progress.take(Execution(outcomes: [.applied, .failed(busy), .failed(Failure(.denied, "no"))]))
        #expect(progress.statements.map(\.text) == ["1"])
        #expect(progress.reasonToWait == busy && progress.unclear.isEmpty)
        progress.take(Execution(outcomes: [.applied]))
        #expect(progress.open.isEmpty && progress.reasonToWait == nil)
        #expect(ends(progress).mapValues(\.attempts) == [0: 1, 1: 2, 2: 1])
        #expect(ends(progress)[2]?.outcome == .failed(Failure(.denied, "no")))
    }

    /// A template may name what was never there.
    @Test func whatATemplateMissesIsAFailure() {
        let statements = [Statement(text: "0", changes: [0]), Statement(text: "1", changes: [1], parts: ["1"])]
        let batch = progress(2).batch, missing = Failure(.notFound, "no such table")
        var progress = BatchProgress(PlannedBatch(
            numbers: batch.numbers, statements: statements, changes: batch.changes, items: batch.items))
        progress.take(Execution(outcomes: [.failed(missing), .failed(missing)]))
        #expect(ends(progress).mapValues(\.outcome) == [0: .skipped(missing), 1: .failed(missing)])
    }

    @Test func whatStaysPostponedFailsInTheEnd() {
        var progress = progress(1)
        progress.take(Execution(outcomes: [.failed(busy)]))
        progress.take(Execution(outcomes: [.failed(busy)]))
        progress.giveUp()
        #expect(progress.ended == [.init(statement: 0, outcome: .failed(busy), attempts: 2)])
    }

    @Test func aDoubtIsSettledByWhatTheSourceShows() {
        var progress = progress(3)
        progress.take(Execution(outcomes: [.applied, nil, nil], failure: gone))
        #expect(progress.unclear == [1, 2])
        progress.settle { $0 == 1 }
        #expect(progress.statements.map(\.text) == ["2"])
        #expect(ends(progress).mapValues(\.outcome) == [0: .applied, 1: .applied])
    }

    /// The old session's statement ended after the source was read: its own value is what the guard finds.
    @Test func aConflictWithOnesOwnDoubtIsNone() {
        var progress = progress(2)
        progress.take(Execution(outcomes: [nil, nil], failure: gone))
        progress.settle { _ in false }
        let moved = Failure(.conflict, "it moved")
        progress.take(Execution(outcomes: [.failed(moved), .failed(moved)]))
        #expect(progress.unclear == [0, 1])
        progress.settle { $0 == 0 }
        #expect(ends(progress).mapValues(\.outcome) == [0: .applied, 1: .conflict(moved)])
        #expect(progress.open.isEmpty)
    }

    @Test func aConflictWithoutADoubtIsOne() {
        var progress = progress(1)
        progress.take(Execution(outcomes: [.failed(Failure(.conflict, "it moved"))]))
        #expect(progress.ended.map(\.outcome) == [.conflict(Failure(.conflict, "it moved"))])
    }

    @Test func whatIsInDoubtIsNeverCalledFailed() {
        var progress = progress(2)
        progress.take(Execution(outcomes: [nil, nil], failure: gone))
        progress.take(Execution(outcomes: [.failed(busy), nil], failure: gone))
        progress.giveUp()
        #expect(progress.ended.isEmpty && progress.open == [0, 1])
    }
}
