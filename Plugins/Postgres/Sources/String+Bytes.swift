import Glibc

// Names and texts are compared and searched as the bytes they are, at the speed of the C library.

extension String {
    /// Whether two texts are the same byte for byte, as the server compares names.
    ///
    /// Swift's own `==` takes é in its two spellings for one text; to PostgreSQL they are two names, and two comments.
    func isExactly(_ other: String) -> Bool {
        withBytes { own in
            other.withBytes { other in
                own.count == other.count && memcmp(own.baseAddress!, other.baseAddress!, own.count) == 0
            }
        }
    }

    /// Whether a text holds U+0000, which the server can neither take nor store.
    var holdsNUL: Bool {
        withBytes { memchr($0.baseAddress!, 0, $0.count) != nil }
    }

    /// Lends the text's bytes, at an address even if there are none.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8 { bytes in
            if bytes.baseAddress != nil { return body(bytes) }
            return withUnsafePointer(to: 0) { body(UnsafeBufferPointer(start: $0, count: 0)) }
        }
    }
}
