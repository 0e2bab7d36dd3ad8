internal import RevmetaPlugin

extension SQLLexer {
    mutating func readPlace(prefix: (text: String, start: Int)? = nil) throws(SQLTextProblem) {
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
            at: unit,
            "expected a space or a sign between the value and \"\(text)\": a value outside quotes brings its own."
                + " Put quotes around the whole, as '…' for a text or \(rules.nameExample) for a name")
    }

    private func neighbours(_ unit: Int) -> SQLTextProblem {
        problem(
            at: unit, "expected something between two values, found one right after the other:"
                + " outside quotes each brings its own."
                + " Put quotes around both, or a dot, a comma or a space between them")
    }

    func isRaw(_ unit: Int) -> Bool {
        !source.rawValues.isEmpty && source.rawValues.contains(unit.value(in: source))
    }
}

extension Int {
    /// The number of the value whose place is at this unit.
    func value(in source: SQLSource) -> Int { Int(-source.units[self] - 1) }
}
