internal import RevmetaPlugin

extension SQLLexer {
    /// - Parameter prefix: The word right before the quote, and where it begins.
    mutating func readQuoted(
        _ quoting: Quoting, isName: Bool, prefix: (text: String, start: Int)?
    ) throws(SQLTextProblem) {
        let start = index
        if mayBeContinued, !isName { throw continued(start) }
        var quoting = quoting
        var takesValues = true
        if let prefix {
            (quoting, takesValues) = try literal(after: prefix, quoting)
            mayBeContinued = !["N", "n"].contains(prefix.text) && !prefix.text.hasPrefix("_")
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
                        at: index + 1,
                        "expected a space after the closing quote: \(rules.dialect.name) does not read two quotes as"
                            + " one, write a quote inside as \\\(Character(Unicode.Scalar(close)))")
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
                            at: index - 1,
                            "expected a character after the backslash, which escapes it; found a value or the end."
                                + " Write \\\\ for a backslash")
                    }
                    parts.append(escaped)
                }
            }
            index += 1
        }
        throw problem(
            at: start,
            "expected \(Character(Unicode.Scalar(close))) to close what begins here, found the template's end")
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

    func continued(_ unit: Int) -> SQLTextProblem {
        problem(
            at: unit,
            "expected no literal or value right after a literal with a prefix, which would be continued by it."
                + " Write it as one literal")
    }
}
