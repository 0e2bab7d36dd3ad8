internal import RevmetaPlugin

/// Reads a source as its dialect does, and finds what stands around each place.
///
/// What cannot be told apart with certainty is refused, never guessed: a wrong guess would let a value end its literal.
struct SQLLexer {
    let rules: SQLRules
    let source: SQLSource
    /// The next unit to read.
    var index = 0
    var parts = StatementParts()
    var blocks = BlockDepth()
    /// The last thing read is a literal with a prefix, which some sources continue in the literal that follows.
    var mayBeContinued = false

    init(_ source: SQLSource, _ rules: SQLRules) {
        self.source = source
        self.rules = rules
    }

    mutating func statements() throws(SQLTextProblem) -> [[StatementPart]] {
        while let unit = unit(at: index) {
            if unit < 0 {
                try readPlace()
            } else {
                try read(UInt8(unit))
            }
        }
        parts.endStatement()
        return parts.statements
    }

    private mutating func read(_ byte: UInt8) throws(SQLTextProblem) {
        if byte.isBlank {
            parts.append(byte, isBlank: true)
            index += 1
        } else if isComment(byte) {
            try readComment()
        } else if let end = endOfDollarQuote(byte) {
            try readDollarQuote(opening: index..<end)
        } else if let (quoting, isName) = rules.opening(byte) {
            try readQuoted(quoting, isName: isName, prefix: nil)
        } else if byte.isWord {
            try readWord()
        } else if matches(rules.statementEnd, at: index) {
            readStatementEnd()
        } else {
            mayBeContinued = false
            parts.append(byte)
            index += 1
        }
    }

    private mutating func readStatementEnd() {
        mayBeContinued = false
        if blocks.isInside || blocks.endsHere {
            // A block's own end belongs to it: PL/SQL does not run without.
            for byte in rules.statementEnd { parts.append(byte) }
        }
        if !blocks.isInside { parts.endStatement() }
        blocks.endStatement()
        index += rules.statementEnd.count
    }

    /// A word, with what may hang on it: a literal's quote or a place.
    private mutating func readWord() throws(SQLTextProblem) {
        let start = index
        var word: [UInt8] = []
        // A number ends before a dollar, which may begin a dollar quote.
        let mayHoldDollars = byte(at: index).map { !$0.isDigit } ?? false
        while let byte = byte(at: index), byte.isWord || mayHoldDollars && byte == UInt8(ascii: "$") {
            word.append(byte)
            index += 1
        }
        let text = String(decoding: word, as: UTF8.self)
        let isFirst = !parts.hasStatement
        let opening = byte(at: index).flatMap { rules.opening($0) }
        if let opening, !opening.isName {
            try readQuoted(opening.quoting, isName: false, prefix: (text, start))
        } else if let unit = unit(at: index), unit < 0 {
            try readPlace(prefix: (text, start))
        } else {
            mayBeContinued = false
            parts.append(text)
            blocks.read(text, isFirst: isFirst)
        }
    }

    func unit(at position: Int) -> Int32? {
        source.units.indices.contains(position) ? source.units[position] : nil
    }

    /// Nil at the ends and where a place is.
    func byte(at position: Int) -> UInt8? {
        unit(at: position).flatMap { $0 < 0 ? nil : UInt8($0) }
    }

    func matches(_ bytes: [UInt8], at position: Int) -> Bool {
        guard !bytes.isEmpty else { return false }
        for (offset, byte) in bytes.enumerated() where self.byte(at: position + offset) != byte { return false }
        return true
    }

    func problem(at unit: Int, _ message: String) -> SQLTextProblem {
        SQLTextProblem(offset: source.offset(of: unit), message)
    }
}
