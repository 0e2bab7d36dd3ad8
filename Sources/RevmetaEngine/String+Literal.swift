internal import RevmetaModel

extension String {
    /// Whether a text stands in this statement as one whole literal.
    ///
    /// With quotes doubled, and with backslashes too where they escape. A literal of another form (`$$…$$`) is not found.
    func holdsLiteral(of text: String, _ dialect: Dialect) -> Bool {
        guard let quote = dialect.literalClose.unicodeScalars.first else { return false }
        let doubled = text.doubling(quote)
        return [doubled, doubled.doubling("\\")].contains { body in
            let literal = dialect.literalOpen + body + dialect.literalClose
            return utf8.ranges(of: literal.utf8).contains { range in
                // Two quotes are one inside of a literal: what stands there is no whole one.
                let before = range.lowerBound == utf8.startIndex ? nil : utf8[utf8.index(before: range.lowerBound)]
                let after = range.upperBound == utf8.endIndex ? nil : utf8[range.upperBound]
                let quote = dialect.literalClose.utf8.first
                return before != quote && before != UInt8(ascii: "\\") && after != quote
            }
        }
    }
}
