internal import RevmetaPlugin

extension SQLLexer {
    func isComment(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"): self.byte(at: index + 1) == byte
        case UInt8(ascii: "#"): rules.dialect.hasHashComments
        case UInt8(ascii: "/"):
            self.byte(at: index + 1) == UInt8(ascii: "*")
                || rules.dialect.hasSlashComments && self.byte(at: index + 1) == byte
        default: false
        }
    }

    mutating func readComment() throws(SQLTextProblem) {
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
            let isContinued = byte == UInt8(ascii: "\\")
                && [UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(self.byte(at: index + 1))
            if isContinued {
                throw problem(at: index, "expected no backslash at the end of a comment's line, which Spark continues")
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
    func endOfDollarQuote(_ byte: UInt8) -> Int? {
        guard byte == UInt8(ascii: "$"), rules.dialect.hasDollarQuotes else { return nil }
        var end = index + 1
        while let next = self.byte(at: end), next.isWord { end += 1 }
        if let first = self.byte(at: index + 1), first.isDigit { return nil }
        return self.byte(at: end) == UInt8(ascii: "$") ? end + 1 : nil
    }

    mutating func readDollarQuote(opening: Range<Int>) throws(SQLTextProblem) {
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
}
