import RevmetaPlugin
import Testing

@testable import RevmetaPostgres

@Suite struct BatchCutterTests {
    /// The batches of statements about columns of the named tables, a statement each.
    private func batches(
        _ tables: [String], most: Int = 1000, first: Int? = nil, text: String = "text", indexes: [Int]? = nil,
        keepsTogether: Bool = false
    ) -> [Batch] {
        let changes = tables.enumerated().map { number, table in
            Change(
                kind: "column", path: ["db", "public", table, "c\(number)"], attribute: "description", before: nil,
                value: "x")
        }
        let statements = changes.indices.map { Statement(text: text, changes: [$0]) }
        var cutter = BatchCutter(indexes ?? Array(changes.indices), of: statements, changes, most: most, first: first,
            keepsTogether: keepsTogether)
        var batches: [Batch] = []
        while let batch = cutter.next() { batches.append(batch) }
        return batches
    }

    @Test func aBatchHasItsMostStatements() {
        #expect(batches(["a", "a", "a", "a", "a"], most: 2).map(\.statements) == [[0, 1], [2, 3], [4]])
        #expect(batches([]).isEmpty)
        #expect(batches(["a", "a", "a", "a"], most: 2, first: 1).map(\.statements) == [[0], [1, 2], [3]])
        #expect(batches(["a", "a", "a"], most: 2, first: 3).map(\.statements) == [[0, 1], [2]])
    }

    @Test func whatGoesOutSideBySideIsCutBetweenTables() {
        // Nine tenths are enough where a table begins; a table that is longer is cut where it must be.
        let tables = Array(repeating: "a", count: 8) + ["b", "b"] + Array(repeating: "c", count: 12) + ["d"]
        let batches = batches(tables, most: 10, keepsTogether: true)
        #expect(batches.map(\.statements.count) == [10, 10, 3])
        #expect(self.batches(tables + ["d"], most: 11, keepsTogether: true).map(\.statements.count) == [10, 11, 3])
        #expect(!batches[0].sharesRelation(with: batches[1]))
        #expect(batches[1].sharesRelation(with: batches[2]))
    }

    @Test func onlyTheIndexedAreCut() {
        #expect(batches(["a", "a", "b", "a"], most: 2, indexes: [0, 2, 3]).map(\.statements) == [[0, 2], [3]])
    }

    @Test func theColumnsOfATableHaveItsNumberWhereverTheyStand() {
        #expect(batches(["a", "b", "a", "a", "c", "b"]).map(\.relations) == [[0, 1, 0, 0, 2, 1]])
        // Two names to the server, though one text to Swift.
        #expect(batches(["caf\u{E9}", "cafe\u{301}"]).map(\.relations) == [[0, 1]])
    }

    @Test func aBatchLocksFiveHundredRelations() {
        let tables = (0..<501).map { "t\($0)" } + ["t500", "t0"]
        #expect(batches(tables).map(\.statements.count) == [500, 3])
        #expect(batches((0..<500).map { "t\($0)" } + ["t499", "t0"]).map(\.statements.count) == [502])
    }

    @Test func aBatchIsAMebibyteAtMost() {
        let text = String(repeating: "x", count: 400_000)
        #expect(batches(["a", "a", "a"], text: text).map(\.statements) == [[0, 1], [2]])
        // One that is longer on its own goes on its own.
        #expect(batches(["a", "a"], text: text + text + text).map(\.statements) == [[0], [1]])
    }
}
