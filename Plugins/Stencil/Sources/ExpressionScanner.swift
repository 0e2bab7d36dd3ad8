internal import RevmetaSQLText

/// The words and signs of a tag or an output.
struct ExpressionScanner {
    enum Symbol: Equatable {
        /// A path, a keyword or a filter's name.
        case word(String)
        /// With its quotes.
        case quoted(String)
        case number(String)
        case sign(String)
    }

    private let bytes: [UInt8]
    private let range: Range<Int>
    private var index: Int
    private(set) var current: Symbol?
    /// Where the current symbol begins.
    private(set) var offset: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) throws(SQLTextProblem) {
        self.bytes = bytes
        self.range = range
        index = range.lowerBound
        offset = index
        try advance()
    }

    /// The current symbol's text; nil at the end.
    var text: String? {
        switch current {
        case .word(let text), .quoted(let text), .number(let text), .sign(let text): text
        case nil: nil
        }
    }

    /// What stands here, for people.
    var found: String { text.map { "\"\($0)\"" } ?? "its end" }

    mutating func advance() throws(SQLTextProblem) {
        while index < range.upperBound, bytes[index].isSpace { index += 1 }
        offset = index
        guard index < range.upperBound else {
            current = nil
            return
        }
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            current = .quoted(try quoted(byte))
        } else if byte.isDigit {
            current = .number(take { $0.isDigit })
        } else if byte.isLetter {
            current = .word(word())
        } else {
            current = .sign(try sign(byte))
        }
    }

    mutating func takes(_ sign: String) throws(SQLTextProblem) -> Bool {
        guard text == sign, current != .quoted(sign) else { return false }
        try advance()
        return true
    }

    private mutating func quoted(_ quote: UInt8) throws(SQLTextProblem) -> String {
        let start = index
        index += 1
        while index < range.upperBound, bytes[index] != quote { index += 1 }
        guard index < range.upperBound else {
            throw SQLTextProblem(offset: start, "expected a closing quote for what begins here, found its end")
        }
        index += 1
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// A word, and those that hang on it with dots: `entity.columns.0.name`.
    private mutating func word() -> String {
        let start = index
        _ = take { $0.isLetter || $0.isDigit }
        while index + 1 < range.upperBound, bytes[index] == UInt8(ascii: "."),
            bytes[index + 1].isLetter || bytes[index + 1].isDigit
        {
            index += 1
            _ = take { $0.isLetter || $0.isDigit }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func sign(_ byte: UInt8) throws(SQLTextProblem) -> String {
        let rest = bytes[index..<range.upperBound]
        let signs = ["...", "==", "!=", "<=", ">=", "<", ">", "(", ")", "|", ":", ","]
        for sign in signs where rest.starts(with: sign.utf8) {
            index += sign.utf8.count
            return sign
        }
        let found = String(decoding: rest.prefix(4), as: UTF8.self).first.map(String.init) ?? ""
        throw SQLTextProblem(
            offset: index, "expected a variable, a filter or a condition, found \"\(found)\": it has no meaning here")
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> String {
        let start = index
        while index < range.upperBound, isPart(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
    }
}
