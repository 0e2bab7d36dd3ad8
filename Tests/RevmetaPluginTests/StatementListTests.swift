import CRevmeta
import Testing

@testable import RevmetaPlugin

@Suite struct StatementListTests {
    /// A statement of a host whose structures are larger than ours.
    private struct Larger {
        var statement: revmeta_statement
        var more = 0
    }

    @Test func itStepsByTheHostsStride() {
        let change = Change(kind: "table", path: ["db", "s", "t"], attribute: "description", before: nil, value: "new")
        withText("first") { first in
            withText("second") { second in
                withIndexes([1, 0]) { changes, count in
                    let statements = [first, second].map { text in
                        Larger(statement: revmeta_statement(
                            text: text, changes: changes, change_count: count, guard: revmeta_str(ptr: nil, len: 0),
                            parts: revmeta_strs(items: nil, count: 0)))
                    }
                    statements.withUnsafeBytes { bytes in
                        let list = StatementList(
                            revmeta_statements(
                                items: bytes.baseAddress?.assumingMemoryBound(to: revmeta_statement.self), count: 2,
                                stride: MemoryLayout<Larger>.stride),
                            of: revmeta_changes(items: nil, count: 0, stride: 0))
                        #expect(list.count == 2 && list.changeCount == 0)
                        #expect(list[0] == Statement(text: "first", changes: [1, 0]))
                        #expect(list[1] == Statement(text: "second", changes: [1, 0]))
                    }
                }
            }
        }
        let own = StatementList([Statement(text: "own", changes: [0])], of: [change])
        #expect(own.count == 1 && own[0].text == "own")
        #expect(own.changeCount == 1 && own.change(0) == change)
    }
}
