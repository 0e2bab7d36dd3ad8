import RevmetaPlugin

/// What `SHOW CREATE` prints of a table or a database, with the places of its comments.
struct Definition {
    /// As the server wrote it, but for literals of bytes that are no text: those stand in hexadecimal.
    let bytes: [UInt8]
    /// Its own comment.
    private(set) var comment = Comment.none
    /// In the table's own order; of a database: none.
    private(set) var columns: [Column] = []
    /// The columns that indexes are made of.
    private(set) var indexed: Set<ExactText> = []
    /// The unique keys that MariaDB keeps by hash values, in a column that nobody sees.
    private(set) var hashedKeys: [HashedKey] = []
    /// It has a key `WITHOUT OVERLAPS`.
    private(set) var hasPeriodKey = false
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

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads what `SHOW CREATE TABLE` printed.
    init(table printed: [UInt8]) throws(Failure) {
        let tokens: [Token]
        (bytes, tokens) = try Self.readable(printed)
        guard let open = tokens.firstIndex(where: { $0.kind == .symbol(UInt8(ascii: "(")) }),
            let close = tokens[open...].firstIndex(where: {
                $0.kind == .symbol(UInt8(ascii: ")")) && $0.depth == 0
            }), tokens.first.map({ word($0, is: "CREATE") }) == true
        else { throw Lexer.unreadable(bytes, at: 0) }
        for element in tokens[(open + 1)..<close].split(whereSeparator: {
            $0.kind == .symbol(UInt8(ascii: ",")) && $0.depth == 1
        }) {
            guard let first = element.first, let last = element.last else { continue }
            guard first.kind == .name else {
                addIndex(element)
                continue
            }
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
    init(database printed: [UInt8]) throws(Failure) {
        let tokens: [Token]
        (bytes, tokens) = try Self.readable(printed)
        options = tokens[...]
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

    struct HashedKey {
        var columns: [String]
        /// Whether the beginning of some column is enough for it.
        var isOfPrefixes: Bool
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

    private mutating func addIndex(_ element: ArraySlice<Token>) {
        guard let first = element.first, !word(first, is: "CONSTRAINT"), !word(first, is: "CHECK") else { return }
        for token in element where token.depth == 2 && token.kind == .name {
            indexed.insert(ExactText(ServerText.name(ofQuoted: bytes[token.range])))
        }
        hasPeriodKey = hasPeriodKey || element.contains { $0.depth == 2 && word($0, is: "OVERLAPS") }
        if word(first, is: "UNIQUE"), element.contains(where: { $0.depth == 1 && word($0, is: "HASH") }) {
            hashedKeys.append(HashedKey(
                columns: element.filter { $0.depth == 2 && $0.kind == .name }
                    .map { ServerText.name(ofQuoted: bytes[$0.range]) },
                isOfPrefixes: element.contains { $0.depth == 3 }))
        }
    }

    /// The server prints the default of a BINARY column as the bytes it is. Statements are texts, and say it in
    /// hexadecimal.
    private static func readable(_ printed: [UInt8]) throws(Failure) -> (bytes: [UInt8], tokens: [Token]) {
        let tokens = try Lexer.tokens(of: printed)
        guard String(validating: printed, as: UTF8.self) == nil else { return (printed, tokens) }
        var bytes: [UInt8] = []
        var position = 0
        for token in tokens where token.kind == .text {
            guard String(validating: printed[token.range], as: UTF8.self) == nil else { continue }
            bytes += printed[position..<token.range.lowerBound]
            bytes += Array(ServerText.hexadecimal(ofLiteral: printed[token.range]).utf8)
            position = token.range.upperBound
        }
        bytes += printed[position...]
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Lexer.unreadable(bytes, at: 0) }
        return (bytes, try Lexer.tokens(of: bytes))
    }

    /// Finds `COMMENT 'text'` or `COMMENT='text'`.
    private func comment(in tokens: ArraySlice<Token>, depth: Int) -> Comment {
        for index in tokens.indices where tokens[index].depth == depth && word(tokens[index], is: "COMMENT") {
            guard var next = tokens.index(index, offsetBy: 1, limitedBy: tokens.endIndex), next < tokens.endIndex
            else { break }
            if symbol(tokens[next], is: "=") { next += 1 }
            guard next < tokens.endIndex, tokens[next].kind == .text else { continue }
            return Comment(
                range: (tokens[index].range.lowerBound - 1)..<tokens[next].range.upperBound,
                text: ServerText.text(ofLiteral: bytes[tokens[next].range]))
        }
        return .none
    }
}
