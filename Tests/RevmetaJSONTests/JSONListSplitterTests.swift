import Testing

@testable import RevmetaJSON

@Suite struct JSONListSplitterTests {
    @Test func findsTheElementsOfSeveralLists() throws {
        let text = #"{"a": [{"x": 1}, {}], "n": [{"not": "an element"}], "b": [], "end": "]"}"#
        let bytes = Array(text.utf8)
        var splitter = JSONListSplitter(ListShape(
            lists: ["b", "a"], allowsArray: false, whole: "a plan", element: "a line", elements: "lines"))
        var found: [(String, Int)] = []
        while let element = try splitter.scan(bytes.span.extracting(splitter.position..<bytes.count)) {
            found.append((String(decoding: bytes[element.bytes], as: UTF8.self), element.list))
        }
        _ = try splitter.finish()
        #expect(found.map(\.0) == [#"{"x": 1}"#, "{}"])
        #expect(found.map(\.1) == [1, 1])
        #expect(String(decoding: splitter.around, as: UTF8.self)
            == #"{"a": [], "n": [{"not": "an element"}], "b": [], "end": "]"}"#)
    }

    @Test(arguments: [
        (#"[{}]"#, "expected a plan, found `[`"),
        (#"{"a": [{}], "b": [], "a": []}"#, "expected one list `a`, found another"),
        (#"{"a": [{}]}"#, "expected a plan, found an object without a `b` array"),
    ])
    func refusesWhatHasOtherLists(text: String, message: String) {
        #expect(throws: Fault(message)) {
            let bytes = Array(text.utf8)
            var splitter = JSONListSplitter(ListShape(
                lists: ["b", "a"], allowsArray: false, whole: "a plan", element: "a line", elements: "lines"))
            while try splitter.scan(bytes.span.extracting(splitter.position..<bytes.count)) != nil {}
            _ = try splitter.finish()
        }
    }

    /// Splits a text that comes in pieces which end at the given places.
    private func split(_ text: String, at cuts: [Int] = []) throws(Fault) -> [SplitElement] {
        let bytes = Array(text.utf8)
        var splitter = JSONListSplitter(.answers)
        var elements: [SplitElement] = []
        for end in cuts + [bytes.count] {
            while let element = try splitter.scan(bytes.span.extracting(splitter.position..<end)) {
                elements.append(element)
            }
            #expect(splitter.position == end)
        }
        _ = try splitter.finish()
        return elements
    }

    private func texts(_ elements: [SplitElement], of text: String) -> [String] {
        elements.map { String(decoding: Array(text.utf8)[$0.bytes], as: UTF8.self) }
    }

    private static let elements = [
        #"{"a":"}]\"\\","b":[1,[2,{"c":"ü € 😀"}]]}"#, "{}", "{\n \"data\": [\n{}]}", #"{"u":"\u0000\\"}"#,
    ]
    private static let answers = [
        "[\(elements.joined(separator: ","))]",
        " {\"paging\": {\"data\": [{}]}, \"da\\\"ta\": [1], \"data\" :\n [ \(elements.joined(separator: " ,\n")) ]}\n",
        "{\"data\": [\(elements.joined(separator: ","))], \"paging\": {\"after\": \"ey]J{\", \"total\": 4}}",
    ]

    @Test(arguments: answers)
    func findsTheElements(answer: String) throws {
        #expect(texts(try split(answer), of: answer) == Self.elements)
    }

    @Test(arguments: answers)
    func findsTheSameElementsWhereverTheTextIsCut(answer: String) throws {
        let whole = try split(answer)
        for cut in 0...answer.utf8.count { #expect(try split(answer, at: [cut]) == whole) }
        #expect(try split(answer, at: Array(0...answer.utf8.count)) == whole)
    }

    @Test func namesTheLineWhereAnElementStarts() throws {
        #expect(try split("[\n{\n\"a\":1},\n\n{}, {}]").map(\.line) == [2, 5, 5])
    }

    @Test(arguments: ["[]", "{\"data\": []}", " [ ] \n", "{\"data\":[ ],\"paging\":{\"total\":0}}"])
    func anEmptyListIsAList(answer: String) throws {
        #expect(try split(answer).isEmpty)
    }

    @Test(arguments: [
        ("", "the file is empty, where a list answer, {\"data\": […]}, or an array was expected"),
        (" \n", "the file is empty, where a list answer, {\"data\": […]}, or an array was expected"),
        ("7", "expected a list answer, {\"data\": […]}, or an array, found `7`"),
        ("]", "expected a value, found `]`"),
        ("[", "the file ends within its list of entities"),
        ("[{},", "the file ends within its list of entities"),
        ("[{}", "the file ends within its list of entities"),
        ("[{\"a\":", "the file ends within the entity that starts here"),
        ("{\"data\": [{}]", "the file ends before it is whole"),
        ("[{},]", "expected an entity, {…}, found `]`"),
        ("[,{}]", "expected an entity, {…}, found `,`"),
        ("[{} {}]", "expected `,` or `]` after an entity, found `{`"),
        ("[1]", "expected an entity, {…}, found `1`"),
        ("[{\"a\":[}]", "expected `]`, found `}`"),
        ("[{\n\"a\":[}]", "expected `]`, found `}`, on line 2"),
        ("[{\"a\":\"x\n\"}]", "expected the text's closing \", found the end of the line"),
        ("[{}] x", "expected the end of the file after the list, found `x`"),
        ("[{}]\u{7F}", "expected the end of the file after the list, found byte 0x7F"),
        ("{\"data\": [{}]}]", "expected the end of the file after the list, found `]`"),
        ("{\"data\": [{}] \"paging\": {}}", "what stands around the list's `data` is not valid JSON"),
        ("{}", "expected a list answer, {\"data\": […]}, or an array, found an object without a `data` array"),
        ("{\"data\": {\"data\": []}}",
         "expected a list answer, {\"data\": […]}, or an array, found an object without a `data` array"),
        ("{\"error\":404}", "an error was saved: {\"error\":404}"),
    ])
    func refusesWhatIsNoList(answer: String, message: String) {
        #expect(throws: Fault(message)) { try split(answer) }
    }

    @Test func refusesWhatIsTooDeepOrTooLong() {
        let deep = "[{\"a\":" + String(repeating: "[", count: 511)
        #expect(throws: Fault("nested deeper than 512 levels")) { try split(deep) }

        let long = "{\"name\":\"" + String(repeating: "x", count: 70_000) + "\"}"
        #expect(throws: Fault(
            "expected a list answer, {\"data\": […]}, or an array, found an object with more than a list in it")
        ) { try split(long) }
    }
}

extension ListShape {
    fileprivate static let answers = ListShape(
        lists: ["data"], allowsArray: true, whole: "a list answer, {\"data\": […]}, or an array", element: "an entity",
        elements: "entities"
    ) { data in
        let text = String(decoding: data, as: UTF8.self)
        return text.contains("error") ? Fault("an error was saved: \(text)") : nil
    }
}
