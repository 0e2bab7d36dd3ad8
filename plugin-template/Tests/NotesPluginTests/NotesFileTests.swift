import Testing

@testable import NotesPlugin

@Suite struct NotesFileTests {
    private let text = """
        # by hand
        describe .: The department's files
        describe orders.csv: One line an order

          indented, and no note
        own orders.csv:alice
        describe orders.csv/total: a
        describe orders.csv/total: b
        describe broken.csv: a\\qb

        """

    private func file(_ text: String) -> NotesFile { NotesFile(contents: Array(text.utf8)) }

    @Test func whatIsSaidIsFound() {
        let file = file(text)
        #expect(file.said(.describe, of: []) == .text("The department's files"))
        #expect(file.said(.describe, of: ["orders.csv"]) == .text("One line an order"))
        #expect(file.said(.own, of: ["orders.csv"]) == .text("alice"))
        #expect(file.said(.describe, of: ["nosuch.csv"]) == .nothing)
        #expect(file.said(.own, of: []) == .nothing)
    }

    @Test func whatCannotBeToldIsUnclear() {
        guard case .unclear(let twice) = file(text).said(.describe, of: ["orders.csv", "total"]) else {
            Issue.record("two lines were taken for one")
            return
        }
        #expect(twice.contains("lines 7 and 8"))
        guard case .unclear(let broken) = file(text).said(.describe, of: ["broken.csv"]) else {
            Issue.record("a lone backslash was taken for a text")
            return
        }
        #expect(broken.contains("line 9"))
        let latin = NotesFile(contents: Array("describe a.csv: caf".utf8) + [0xE9, .newline])
        #expect(latin.said(.describe, of: ["a.csv"]) != .nothing)
        #expect(latin.said(.describe, of: ["a.csv"]) != .text("caf\u{FFFD}"))
    }

    @Test func otherLinesStayAsTheyWere() {
        var file = file(text)
        file.say(.describe, of: ["orders.csv"], "Two\nlines")
        file.say(.own, of: ["orders.csv"], nil)
        file.say(.describe, of: ["new.csv"], "New")
        #expect(file.isChanged)
        let expected = text
            .replacing("One line an order", with: "Two\\nlines")
            .replacing("own orders.csv:alice\n", with: "") + "describe new.csv: New\n"
        #expect(String(decoding: file.contents, as: UTF8.self) == expected)
    }

    @Test func aNoteTakenOutCanBePutBack() {
        var file = file("own a.csv: alice\n")
        file.say(.own, of: ["a.csv"], nil)
        #expect(file.said(.own, of: ["a.csv"]) == .nothing)
        #expect(file.contents.isEmpty)
        file.say(.own, of: ["a.csv"], "bob")
        #expect(file.said(.own, of: ["a.csv"]) == .text("bob"))
        #expect(String(decoding: file.contents, as: UTF8.self) == "own a.csv: bob\n")
    }

    @Test func sayingTheSameChangesNothing() {
        var file = file("describe a.csv: A")
        file.say(.describe, of: ["a.csv"], "A")
        file.say(.describe, of: ["b.csv"], nil)
        #expect(!file.isChanged)
    }

    @Test func lineEndsOfOtherEditorsAreNoText() {
        let file = file("describe a.csv: A\r\ndescribe b.csv:\r\n")
        #expect(file.said(.describe, of: ["a.csv"]) == .text("A"))
        #expect(file.said(.describe, of: ["b.csv"]) == .nothing)
        #expect(String(decoding: file.contents, as: UTF8.self) == "describe a.csv: A\r\ndescribe b.csv:\r\n")
    }

    @Test func anEmptyFileSaysNothing() {
        #expect(file("").said(.describe, of: ["a.csv"]) == .nothing)
        #expect(file("").contents.isEmpty)
    }

    @Test func theHeadingIsNoNote() {
        var file = file(NotesFile.heading)
        file.say(.describe, of: [], "All")
        let lines = file.contents.split(separator: .newline)
        #expect(lines.count == 3)
        #expect(lines[0].first == UInt8(ascii: "#") && lines[1].first == UInt8(ascii: "#"))
        #expect(Array(lines[2]) == Array("describe .: All".utf8))
    }

    @Test func namesThatLookAlikeAreDifferent() {
        let file = file("describe caf\u{e9}.csv: composed\ndescribe cafe\u{301}.csv: decomposed\n")
        #expect(file.said(.describe, of: ["caf\u{e9}.csv"]) == .text("composed"))
        #expect(file.said(.describe, of: ["cafe\u{301}.csv"]) == .text("decomposed"))
    }
}
