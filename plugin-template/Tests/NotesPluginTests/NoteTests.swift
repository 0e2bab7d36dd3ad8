import RevmetaPlugin
import Testing

@testable import NotesPlugin

@Suite struct NoteTests {
    @Test(arguments: [
        "A text", " leading and trailing ", "two\nlines", "a\ttab", "return\r\nnewline", #"back\slash"#,
        #"\n is no newline"#, "a: b / c", "quotes ' \" ` $$ $x$ /* -- %s", "e\u{301} is not \u{e9}",
        "😀 עברית", "\\",
    ])
    func aLineReadsBackAsItWasWritten(text: String) throws {
        let note = Note(verb: .describe, names: ["sa:les", "or/ders.csv", "to\\tal\n"], value: text)
        #expect(!note.line.utf8.contains(.newline))
        #expect(!note.line.utf8.contains(.carriageReturn))
        let read = try Note(parsing: note.line)
        #expect(read.verb == .describe)
        #expect(read.names.map { Array($0.utf8) } == note.names.map { Array($0.utf8) })
        #expect(read.value.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test func aLineIsWhatAPersonWouldWrite() {
        let note = Note(verb: .own, names: ["sales", "orders.csv"], value: "alice")
        #expect(note.line == "own sales/orders.csv: alice")
    }

    @Test(arguments: ["describe sales:", "describe sales: "])
    func nothingAfterTheColonSaysNothing(text: String) throws {
        #expect(try Note(parsing: text).value == nil)
        #expect(Note(verb: .describe, names: ["sales"], value: "").line == "describe sales:")
    }

    @Test func theSpaceAfterTheColonMayBeMissing() throws {
        #expect(try Note(parsing: "describe sales:x").value == "x")
    }

    @Test func aNewlineNeedsNoBackslashInAStatement() throws {
        #expect(try Note(parsing: "describe sales: a\nb").value == "a\nb")
    }

    @Test(arguments: [
        "", "describe", "describe ", "describe sales", "Describe sales: x", "forget sales: x", ": x", "describe: x",
        #"describe sales\: x"#, #"describe sales: a\qb"#, #"describe sales: a\"#, #"describe s\q: a"#,
    ])
    func anythingElseIsInvalid(text: String) {
        let failure = #expect(throws: Failure.self) { try Note(parsing: text) }
        #expect(failure?.status == .invalid)
        #expect(failure?.message.hasSuffix("found '\(text)'") == true)
    }

    @Test(arguments: [
        ("describe a: x", "schema"), ("describe a/b: x", "table"), ("describe a/b/c: x", "column"),
        ("describe a/b/c/d: x", nil),
    ] as [(String, String?)])
    func aStatementIsAboutAKind(text: String, kind: String?) throws {
        #expect(try Note(parsing: text).kind == kind)
    }

    @Test func aChangeMakesANote() throws {
        let change = Change(
            kind: "column", path: ["any", "sales", "orders.csv", "total"], attribute: "description", before: nil,
            value: "Sum")
        #expect(try Note(making: change).line == "describe sales/orders.csv/total: Sum")
    }

    @Test(arguments: [
        (Change(kind: "table", path: ["", "s", "t.csv"], attribute: "tag.PII", before: nil, value: "x"), .unsupported),
        (Change(kind: "schema", path: ["", "s"], attribute: "owner", before: nil, value: "x"), .unsupported),
        (Change(kind: "view", path: ["", "s", "t.csv"], attribute: "owner", before: nil, value: "x"), .unsupported),
        (Change(kind: "table", path: ["", "s", "t.csv"], attribute: "owner", before: "x", value: nil), .unsupported),
        (Change(kind: "table", path: ["", "s", "t.csv"], attribute: "owner", before: "x", value: ""), .unsupported),
        (Change(kind: "table", path: ["", "s"], attribute: "description", before: nil, value: "x"), .notFound),
        (Change(kind: "table", path: ["", "s", "t.csv"], attribute: "description", before: nil, value: "\0"), .invalid),
        (
            Change(
                kind: "table", path: ["", "s", "t.csv"], attribute: "owner", before: nil,
                value: String(repeating: "x", count: 256)), .invalid
        ),
    ] as [(Change, Failure.Status)])
    func aChangeThatCannotBeKeptIsRefused(change: Change, status: Failure.Status) {
        let failure = #expect(throws: Failure.self) { try Note(making: change) }
        #expect(failure?.status == status)
    }

    @Test func aValueAtItsLimitIsKept() throws {
        let change = Change(
            kind: "table", path: ["", "s", "t.csv"], attribute: "owner", before: nil,
            value: String(repeating: "x", count: 255))
        #expect(try Note(making: change).value?.count == 255)
    }
}
