extension String {
    /// Whether two texts are the same byte for byte, as sources compare names and values.
    ///
    /// Swift's own `==` takes é in its two spellings for one text; to a source they are two.
    public func isExactly(_ other: String) -> Bool {
        let (one, two) = (utf8Span, other.utf8Span)
        guard one.count == two.count else { return false }
        // The same question then, answered by the C library.
        if one.isKnownASCII, two.isKnownASCII { return self == other }
        let (bytes, others) = (one.span, two.span)
        for index in bytes.indices where bytes[unchecked: index] != others[unchecked: index] { return false }
        return true
    }

    /// Whether one of the text's bytes fulfils a condition.
    ///
    /// Inlined, and looking at all bytes: then the processor looks at many of them at once.
    @inlinable
    public func hasByte(where condition: (UInt8) -> Bool) -> Bool {
        let bytes = utf8.span
        var found = false
        for index in bytes.indices where condition(bytes[unchecked: index]) { found = true }
        return found
    }
}
