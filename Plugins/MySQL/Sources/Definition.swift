import RevmetaPlugin

/// What `SHOW CREATE` prints of a table or a database, with the places of its comments.
struct Definition {
    /// As the server wrote it.
    let text: String
    let bytes: [UInt8]
    /// Its own comment.
    private(set) var comment = Comment.none
    /// In the table's own order; of a database: none.
    private(set) var columns: [Column] = []
    /// The options that stand after a table's columns.
    private var options: ArraySlice<Token> = []
    /// What inserts move: the table's `AUTO_INCREMENT=7`.
    private var counter: Range<Int>?

    /// A comment clause, or that there is none.
    struct Comment {
        /// With the space before it.
        var range: Range<Int>?
        /// Empty: none.
        var text = ""

        static let none = Comment()
    }

    /// A column, as its line defines it.
    struct Column {
        var name: String
        /// From the name's quote to the end of the clause.
        var range: Range<Int>
        var tokens: ArraySlice<Token>
        var comment: Comment
    }

    /// Reads what `SHOW CREATE TABLE` printed.
    init(table text: String) throws(Failure) {
        self.text = text
        bytes = Array(text.utf8)
        let tokens = try Lexer.tokens(of: bytes)
        guard let open = tokens.firstIndex(where: { $0.kind == .symbol(UInt8(ascii: "(")) }),
            let close = tokens[open...].firstIndex(where: {
                $0.kind == .symbol(UInt8(ascii: ")")) && $0.depth == 0
            }), tokens.first.map({ word($0, is: "CREATE") }) == true
        else { throw Lexer.unreadable(bytes, at: 0) }
        for element in tokens[(open + 1)..<close].split(whereSeparator: {
            $0.kind == .symbol(UInt8(ascii: ",")) && $0.depth == 1
        }) {
            guard let first = element.first, let last = element.last, first.kind == .name else { continue }
            columns.append(Column(
                name: ServerText.name(ofQuoted: bytes[first.range]),
                range: first.range.lowerBound..<last.range.upperBound, tokens: element,
                comment: comment(in: element, depth: 1)))
        }
        guard !columns.isEmpty else { throw Lexer.unreadable(bytes, at: 0) }
        options = tokens[(close + 1)...]
        comment = comment(in: options, depth: 0)
        if let word = options.firstIndex(where: { $0.depth == 0 && word($0, is: "AUTO_INCREMENT") }),
            options.indices.contains(word + 2) {
            counter = (options[word].range.lowerBound - 1)..<options[word + 2].range.upperBound
        }
    }

    /// Reads what `SHOW CREATE DATABASE` printed.
    init(database text: String) throws(Failure) {
        self.text = text
        bytes = Array(text.utf8)
        options = try Lexer.tokens(of: bytes)[...]
        comment = comment(in: options, depth: 0)
    }

    /// All that comments and inserts do not change: what must hold when a statement runs, and still hold after it.
    var shape: String {
        let left = ([counter, comment.range] + columns.map(\.comment.range)).compactMap(\.self)
            .sorted { $0.lowerBound < $1.lowerBound }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var position = 0
        for range in left {
            kept += bytes[position..<range.lowerBound]
            position = range.upperBound
        }
        kept += bytes[position...]
        return String(decoding: kept, as: UTF8.self)
    }

    func column(_ name: String) -> Column? {
        columns.first { $0.name.isExactly(name) }
    }

    /// The value of a word among the table's options: `COLLATE=…`.
    func option(_ name: StaticString) -> String? {
        guard let index = options.firstIndex(where: { $0.depth == 0 && !$0.isInHint && word($0, is: name) }),
            options.indices.contains(index + 2)
        else { return nil }
        return String(decoding: bytes[options[index + 2].range], as: UTF8.self)
    }

    func word(_ token: Token, is word: StaticString) -> Bool {
        token.kind == .word && word.withUTF8Buffer { bytes[token.range].elementsEqual($0) }
    }

    func symbol(_ token: Token, is symbol: Unicode.Scalar) -> Bool {
        token.kind == .symbol(UInt8(ascii: symbol))
    }

    /// Finds `COMMENT 'text'` or `COMMENT='text'`.
    private func comment(in tokens: ArraySlice<Token>, depth: Int) -> Comment {
        for index in tokens.indices where tokens[index].depth == depth && word(tokens[index], is: "COMMENT") {
            guard var next = tokens.index(index, offsetBy: 1, limitedBy: tokens.endIndex), next < tokens.endIndex else { break }
            if symbol(tokens[next], is: "=") { next += 1 }
            guard next < tokens.endIndex, tokens[next].kind == .text else { continue }
            return Comment(
                range: (tokens[index].range.lowerBound - 1)..<tokens[next].range.upperBound,
                text: ServerText.text(ofLiteral: bytes[tokens[next].range]))
        }
        return .none
    }
}
