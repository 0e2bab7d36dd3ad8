/// The lines of a `NOTES.txt`. Those that are not asked to change stay as people wrote them, byte for byte.
struct NotesFile {
    /// What a file says of one thing.
    enum Said: Equatable {
        case nothing
        case text(String)
        /// What is said cannot be told, and why.
        case unclear(String)
    }

    /// Nil: a line that was taken out; the others keep their numbers.
    private var lines: [[UInt8]?]
    private var numbers: [[UInt8]: [Int]] = [:]
    private(set) var isChanged = false

    /// What a new file begins with.
    static let heading = """
        # One line a note: "describe NAME: TEXT" or "own NAME: OWNER", where "." is this folder.
        # A backslash is written \\\\, a new line \\n, a return \\r, a tab \\t; in names also \\/ and \\:

        """

    init(contents: [UInt8]) {
        var pieces = contents.split(separator: .newline, omittingEmptySubsequences: false)
        if pieces.last?.isEmpty == true { pieces.removeLast() }
        lines = pieces.map(Array.init)
        for (number, line) in pieces.enumerated() {
            if let end = Note.keyEnd(of: line) { numbers[Array(line[..<end]), default: []].append(number) }
        }
    }

    /// The file as bytes.
    var contents: [UInt8] {
        var contents: [UInt8] = []
        for case let line? in lines {
            contents += line
            contents.append(.newline)
        }
        return contents
    }

    /// What is said of the thing with these names; no names: the folder itself.
    func said(_ verb: Note.Verb, of names: ArraySlice<String>) -> Said {
        let key = Array(note(verb, names, nil).key.utf8)
        let numbers = numbers[key] ?? []
        guard let number = numbers.first, let line = lines[number] else { return .nothing }
        guard numbers.count == 1 else {
            return .unclear(
                """
                NOTES.txt says it more than once, first in lines \(number + 1) and \(numbers[1] + 1): keep one of them
                """)
        }
        var rest = line[key.count...]
        // An editor's line end. A return that belongs to the text is written \r.
        if rest.last == .carriageReturn { rest.removeLast() }
        guard let value = Note.value(in: rest) else {
            return .unclear("line \(number + 1) of NOTES.txt is not UTF-8, or a lone backslash in it should be two")
        }
        return value.isEmpty ? .nothing : .text(value)
    }

    /// Says something else, or nothing, of a thing of which at most one line speaks.
    mutating func say(_ verb: Note.Verb, of names: ArraySlice<String>, _ value: String?) {
        let note = note(verb, names, value)
        let key = Array(note.key.utf8)
        let line = note.value.map { _ in Array(note.line.utf8) }
        if let number = numbers[key]?.first {
            isChanged = isChanged || lines[number] != line
            lines[number] = line
        } else if let line {
            isChanged = true
            numbers[key] = [lines.count]
            lines.append(line)
        }
    }

    private func note(_ verb: Note.Verb, _ names: ArraySlice<String>, _ value: String?) -> Note {
        Note(verb: verb, names: names.isEmpty ? ["."] : Array(names), value: value)
    }
}
