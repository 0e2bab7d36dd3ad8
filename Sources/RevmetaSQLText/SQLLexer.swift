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
    private var mayBeContinued = false

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
        while let byte = byte(at: index), byte.isWord || byte == UInt8(ascii: "$") {
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

    // MARK: Places

    private mutating func readPlace(prefix: (text: String, start: Int)? = nil) throws(SQLTextProblem) {
        let here = index
        if isRaw(here) {
            if let prefix { parts.append(prefix.text) }
            parts.append(here.value(in: source), .raw)
            index += 1
            return
        }
        if mayBeContinued { throw continued(here) }
        try lookAround(here, prefix: prefix)
        let letter = prefix.map { $0.text.uppercased() }
        if letter == "N" {
            parts.append(here.value(in: source), .prefixed(prefix?.text ?? "N", rules.literalQuoting("'")))
        } else if letter == "E" {
            parts.append(here.value(in: source), .prefixed(prefix?.text ?? "E", SQLRules.escapeLiteral))
            mayBeContinued = true
        } else {
            parts.append(here.value(in: source), .bare)
        }
        index += 1
    }

    /// A value outside quotes brings its own, so nothing may touch it that could join with them.
    private func lookAround(_ here: Int, prefix: (text: String, start: Int)?) throws(SQLTextProblem) {
        if let prefix {
            let touches = unit(at: prefix.start - 1).map { $0 < 0 || !rules.mayTouchValue(UInt8($0)) } ?? false
            let isLetter = switch prefix.text {
            case "N", "n": true
            case "E", "e": rules.dialect.hasEscapeLiterals
            default: false
            }
            if touches || !isLetter { throw glued(here, to: prefix.text) }
        } else if let before = unit(at: here - 1) {
            if before < 0 { throw neighbours(here) }
            if !rules.mayTouchValue(UInt8(before)) { throw glued(here, to: shown(here - 1)) }
        }
        if let after = unit(at: here + 1) {
            if after < 0 { throw neighbours(here + 1) }
            if !rules.mayTouchValue(UInt8(after)) { throw glued(here, to: shown(here + 1)) }
        }
    }

    /// The word or sign at a unit.
    private func shown(_ unit: Int) -> String {
        var start = unit
        var end = unit + 1
        if let byte = byte(at: unit), byte.isWord {
            while let before = self.byte(at: start - 1), before.isWord, end - start < 24 { start -= 1 }
            while let after = self.byte(at: end), after.isWord, end - start < 24 { end += 1 }
        }
        return String(decoding: (start..<end).compactMap(byte(at:)), as: UTF8.self)
    }

    private func glued(_ unit: Int, to text: String) -> SQLTextProblem {
        problem(
            at: unit, "expected a space or a sign between the value and \"\(text)\": a value outside quotes brings its own."
                + " Put quotes around the whole, as '…' for a text or \(rules.nameExample) for a name")
    }

    private func neighbours(_ unit: Int) -> SQLTextProblem {
        problem(
            at: unit, "expected something between two values, found one right after the other:"
                + " outside quotes each brings its own. Put quotes around both, or a dot, a comma or a space between them")
    }

    private func isRaw(_ unit: Int) -> Bool {
        !source.rawValues.isEmpty && source.rawValues.contains(unit.value(in: source))
    }

    // MARK: Quotes

    /// - Parameter prefix: The word right before the quote, and where it begins.
    private mutating func readQuoted(
        _ quoting: Quoting, isName: Bool, prefix: (text: String, start: Int)?
    ) throws(SQLTextProblem) {
        let start = index
        if mayBeContinued, !isName { throw continued(start) }
        var quoting = quoting
        var takesValues = true
        if let prefix {
            (quoting, takesValues) = try literal(after: prefix, quoting)
            mayBeContinued = SQLRules.escapeLiteral == quoting || !takesValues
            parts.append(prefix.text)
        } else if !isName, let before = byte(at: start - 1), before == UInt8(ascii: "&") {
            throw problem(at: start, "expected a literal without the prefix U&, whose escapes are not followed here")
        } else {
            mayBeContinued = false
        }
        if isName, byte(at: start - 1) == UInt8(ascii: "&") {
            throw problem(at: start, "expected a name without the prefix U&, whose escapes are not followed here")
        }
        let hasPlaces = isName && self.hasPlaces(from: start + 1, quoting)
        if hasPlaces { parts.append(.nameBegins) }
        parts.append(byte(at: start) ?? 0)
        index += 1
        try readBody(quoting, isName: isName, takesValues: takesValues, openedAt: start)
        if hasPlaces { parts.append(.nameEnds) }
    }

    /// How a literal with a prefix is read, and whether a value may stand in it.
    private func literal(
        after prefix: (text: String, start: Int), _ quoting: Quoting
    ) throws(SQLTextProblem) -> (Quoting, takesValues: Bool) {
        let isAlone = unit(at: prefix.start - 1).map { $0 >= 0 && rules.mayTouchValue(UInt8($0)) } ?? true
        switch prefix.text {
        case "N", "n": if isAlone { return (quoting, true) }
        case "E", "e": if isAlone, rules.dialect.hasEscapeLiterals { return (SQLRules.escapeLiteral, true) }
        case "B", "b", "X", "x": if isAlone { return (quoting, false) }
        case let charset where charset.hasPrefix("_"): if isAlone { return (quoting, true) }
        default: break
        }
        throw problem(
            at: index, "expected a space between \"\(prefix.text)\" and the literal:"
                + " a word right before a quote can change what the literal means")
    }

    private mutating func readBody(
        _ quoting: Quoting, isName: Bool, takesValues: Bool, openedAt start: Int
    ) throws(SQLTextProblem) {
        let close = quoting.close[0]
        while let unit = unit(at: index) {
            guard unit >= 0 else {
                guard takesValues else {
                    throw problem(at: index, "expected no value inside a literal of bits or bytes")
                }
                parts.append(
                    index.value(in: source), isRaw(index) ? .raw : isName ? .name(quoting) : .literal(quoting))
                index += 1
                continue
            }
            let byte = UInt8(unit)
            if byte == close {
                let isDouble = self.byte(at: index + 1) == close
                if isDouble, quoting.escapesClose {
                    throw problem(
                        at: index + 1, "expected a space after the closing quote: \(rules.dialect.name) does not read two"
                            + " quotes as one, write a quote inside as \\\(Character(Unicode.Scalar(close)))")
                }
                parts.append(byte)
                index += 1
                guard isDouble else { return }
                parts.append(byte)
            } else {
                parts.append(byte)
                if byte == UInt8(ascii: "\\"), quoting.hasBackslashes {
                    index += 1
                    guard let escaped = self.byte(at: index) else {
                        throw problem(
                            at: index - 1, "expected a character after the backslash, which escapes it; found a value or"
                                + " the end. Write \\\\ for a backslash")
                    }
                    parts.append(escaped)
                }
            }
            index += 1
        }
        throw problem(
            at: start, "expected \(Character(Unicode.Scalar(close))) to close what begins here, found the template's end")
    }

    /// Whether a quoted name has places, looked up to the next closing quote.
    private func hasPlaces(from start: Int, _ quoting: Quoting) -> Bool {
        var position = start
        while let unit = unit(at: position), unit != Int32(quoting.close[0]) {
            if unit < 0 { return true }
            position += 1
        }
        return false
    }

    private func continued(_ unit: Int) -> SQLTextProblem {
        problem(
            at: unit, "expected no literal or value right after a literal with a prefix, which would be continued by it."
                + " Write it as one literal")
    }

    // MARK: Comments and dollar quotes

    private func isComment(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"): self.byte(at: index + 1) == byte
        case UInt8(ascii: "#"): rules.dialect.hasHashComments
        case UInt8(ascii: "/"):
            self.byte(at: index + 1) == UInt8(ascii: "*")
                || rules.dialect.hasSlashComments && self.byte(at: index + 1) == byte
        default: false
        }
    }

    private mutating func readComment() throws(SQLTextProblem) {
        if byte(at: index) == UInt8(ascii: "/"), byte(at: index + 1) == UInt8(ascii: "*") {
            try readBlockComment()
        } else {
            try readLineComment()
        }
    }

    private mutating func readLineComment() throws(SQLTextProblem) {
        // MySQL takes "--x" for two signs and "-- x" for a comment.
        if byte(at: index) == UInt8(ascii: "-"), rules.dialect.hasHashComments, let after = unit(at: index + 2),
            after < 0 || !UInt8(after).isBlank
        {
            throw problem(at: index, "expected a space after --, without which it is no comment in every source")
        }
        while let unit = unit(at: index) {
            guard unit >= 0 else { throw inComment(index) }
            let byte = UInt8(unit)
            if byte == UInt8(ascii: "\r"), let after = self.unit(at: index + 1), after != Int32(UInt8(ascii: "\n")) {
                throw problem(at: index, "expected a line feed after the carriage return that ends this comment's line")
            }
            parts.append(byte, isBlank: true)
            index += 1
            if byte == UInt8(ascii: "\n") { return }
        }
    }

    private mutating func readBlockComment() throws(SQLTextProblem) {
        let start = index
        if rules.dialect.hasHashComments, [UInt8(ascii: "!"), UInt8(ascii: "M")].contains(byte(at: index + 2)) {
            throw problem(at: index, "expected a plain comment: what /*! and /*M hold is run by some sources")
        }
        var depth = 0
        while let unit = unit(at: index) {
            guard unit >= 0 else { throw inComment(index) }
            let byte = UInt8(unit)
            if byte == UInt8(ascii: "/"), self.byte(at: index + 1) == UInt8(ascii: "*"),
                depth == 0 || rules.dialect.hasNestedComments
            {
                depth += 1
                parts.append(byte, isBlank: true)
                index += 1
            } else if byte == UInt8(ascii: "*"), self.byte(at: index + 1) == UInt8(ascii: "/") {
                depth -= 1
                parts.append(byte, isBlank: true)
                index += 1
            }
            // The second sign of /* and */ comes here, and so "/*/" neither opens nor closes twice.
            guard let second = self.byte(at: index) else { throw inComment(index) }
            parts.append(second, isBlank: true)
            index += 1
            if depth == 0 { return }
        }
        throw problem(at: start, "expected */ to close the comment that begins here, found the template's end")
    }

    private func inComment(_ unit: Int) -> SQLTextProblem {
        problem(at: unit, "expected no value inside a comment: a source may not run what stands there")
    }

    /// Where the opening `$$` or `$tag$` ends.
    private func endOfDollarQuote(_ byte: UInt8) -> Int? {
        guard byte == UInt8(ascii: "$"), rules.dialect.hasDollarQuotes else { return nil }
        var end = index + 1
        while let next = self.byte(at: end), next.isWord { end += 1 }
        let startsWithDigit = self.byte(at: index + 1).map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        return self.byte(at: end) == UInt8(ascii: "$") && !startsWithDigit ? end + 1 : nil
    }

    private mutating func readDollarQuote(opening: Range<Int>) throws(SQLTextProblem) {
        if mayBeContinued { throw continued(index) }
        let tag = opening.compactMap(byte(at:))
        for byte in tag { parts.append(byte) }
        index = opening.upperBound
        while let unit = unit(at: index) {
            guard unit >= 0 else {
                throw problem(
                    at: index, "expected no value between dollar quotes, which cannot be escaped. Use '…' instead")
            }
            if matches(tag, at: index) {
                for byte in tag { parts.append(byte) }
                index += tag.count
                return
            }
            parts.append(UInt8(unit))
            index += 1
        }
        throw problem(
            at: opening.lowerBound, "expected \(String(decoding: tag, as: UTF8.self)) to close what begins here,"
                + " found the template's end")
    }

    // MARK: Units

    func unit(at position: Int) -> Int32? {
        source.units.indices.contains(position) ? source.units[position] : nil
    }

    /// Nil at the ends and where a place is.
    func byte(at position: Int) -> UInt8? {
        unit(at: position).flatMap { $0 < 0 ? nil : UInt8($0) }
    }

    private func matches(_ bytes: [UInt8], at position: Int) -> Bool {
        guard !bytes.isEmpty else { return false }
        for (offset, byte) in bytes.enumerated() where self.byte(at: position + offset) != byte { return false }
        return true
    }

    func problem(at unit: Int, _ message: String) -> SQLTextProblem {
        SQLTextProblem(offset: source.offset(of: unit), message)
    }
}

extension Int {
    /// The number of the value whose place is at this unit.
    fileprivate func value(in source: SQLSource) -> Int { Int(-source.units[self] - 1) }
}
