import Testing

@testable import RevmetaJSON

@Suite struct JSONLinesSplitterTests {
    private func split(_ text: String, at cuts: [Int]) throws(Fault) -> [SplitElement] {
        let bytes = Array(text.utf8)
        var splitter = JSONLinesSplitter()
        var elements: [SplitElement] = []
        for end in cuts + [bytes.count] {
            while let element = try splitter.scan(bytes.span.extracting(splitter.position..<end)) {
                elements.append(element)
            }
        }
        if let last = try splitter.finish() { elements.append(last) }
        #expect(try splitter.finish() == nil, "the last line is given once")
        return elements
    }

    @Test(arguments: ["", "\n"])
    func findsTheSameLinesWhereverTheTextIsCut(end: String) throws {
        let text = "\n  {a}\r\n\n \t\n{b}" + end
        let expected = [SplitElement(bytes: 3..<7, line: 2), SplitElement(bytes: 12..<15, line: 5)]
        for cut in 0...text.utf8.count { #expect(try split(text, at: [cut]) == expected) }
        #expect(try split(text, at: Array(0...text.utf8.count)) == expected)
    }

    @Test func blankLinesAreNoElements() throws {
        #expect(try split("\n \r\n\t\n", at: []).isEmpty)
    }
}
