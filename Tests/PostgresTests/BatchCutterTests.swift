import RevmetaPlugin
import Testing

@testable import RevmetaPostgres

@Suite struct BatchCutterTests {
    /// The batches of statements about columns of the named tables, a statement each.
    private func batches(
        _ tables: [String], most: Int = 1000, smaller: (batches: Int, statements: Int) = (0, 0), text: String = "text",
        keepsTogether: Bool = false
    ) -> [Batch] {
        let changes = tables.enumerated().map { number, table in
            Change(
                kind: "column", path: ["db", "public", table, "c\(number)"], attribute: "description", before: nil,
                value: "x")
        }
        let statements = changes.indices.map { Statement(text: text, changes: [$0]) }
        var cutter = BatchCutter(
            StatementList(statements, of: changes), most: most, smaller: smaller, keepsTogether: keepsTogether)
        var outcomes = CertainOutcomes()
        var batches: [Batch] = []
        while let batch = cutter.next(&outcomes) { batches.append(batch) }
        #expect(outcomes.isEmpty)
        return batches
    }

    @Test func aBatchHasItsMostStatements() {
        #expect(batches(["a", "a", "a", "a", "a"], most: 2).map { $0.items.map(\.index) } == [[0, 1], [2, 3], [4]])
        #expect(batches([]).isEmpty)
        #expect(batches(["a", "a", "a", "a"], most: 2, smaller: (1, 1)).map { $0.items.map(\.index) } == [[0], [1, 2], [3]])
        #expect(batches(["a", "a", "a"], most: 2, smaller: (1, 3)).map { $0.items.map(\.index) } == [[0, 1], [2]])
    }

    @Test func whatGoesOutSideBySideIsCutBetweenTables() {
        // Nine tenths are enough where a table begins; a table that is longer is cut where it must be.
        let tables = Array(repeating: "a", count: 8) + ["b", "b"] + Array(repeating: "c", count: 12) + ["d"]
        let batches = batches(tables, most: 10, keepsTogether: true)
        #expect(batches.map(\.items.count) == [10, 10, 3])
        #expect(self.batches(tables + ["d"], most: 11, keepsTogether: true).map(\.items.count) == [10, 11, 3])
        #expect(!batches[0].sharesRelation(with: batches[1]))
        #expect(batches[1].sharesRelation(with: batches[2]))
    }

    @Test func whatCannotBeSentIsInNoBatch() throws {
        let change = Change(kind: "table", path: ["db", "public", "a"], attribute: "description", before: nil, value: "x")
        let statements = [
            Statement(text: "text", changes: [1]), Statement(text: "te\0xt", changes: [0]), Statement(text: "text", changes: []),
            Statement(text: "text", changes: [2]), Statement(text: "text", changes: [0], guardText: "guard"),
            Statement(text: "text", changes: [0]),
        ]
        var cutter = BatchCutter(StatementList(statements, of: [change, change]), most: 2)
        var outcomes = CertainOutcomes()
        let cut = cutter.next(&outcomes), batch = try #require(cut), rest = cutter.next(&outcomes)
        #expect(batch.items.map(\.index) == [0, 5])
        // Its statements point to its own copies of the changes.
        #expect(batch.items.map(\.statement.changes) == [[0], [1]] && batch.changes == [change, change])
        #expect(rest == nil)
        #expect(outcomes.kept.map(\.index) == [1, 2, 3, 4])
        #expect(outcomes.kept.allSatisfy { $0.failure?.status == .invalid })
    }

    @Test func theColumnsOfATableHaveItsNumberWhereverTheyStand() {
        #expect(batches(["a", "b", "a", "a", "c", "b"]).map { $0.items.map(\.relation) } == [[0, 1, 0, 0, 2, 1]])
        // Two names to the server, though one text to Swift.
        #expect(batches(["caf\u{E9}", "cafe\u{301}"]).map { $0.items.map(\.relation) } == [[0, 1]])
    }

    @Test func aBatchLocksFiveHundredRelations() {
        let tables = (0..<501).map { "t\($0)" } + ["t500", "t0"]
        #expect(batches(tables).map(\.items.count) == [500, 3])
        #expect(batches((0..<500).map { "t\($0)" } + ["t499", "t0"]).map(\.items.count) == [502])
    }

    @Test func aBatchIsAMebibyteAtMost() {
        let text = String(repeating: "x", count: 400_000)
        #expect(batches(["a", "a", "a"], text: text).map { $0.items.map(\.index) } == [[0, 1], [2]])
        // One that is longer on its own goes on its own.
        #expect(batches(["a", "a"], text: text + text + text).map { $0.items.map(\.index) } == [[0], [1]])
    }
}
