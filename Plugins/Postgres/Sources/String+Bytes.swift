import RevmetaPlugin

extension String {
    /// Whether a text holds U+0000, which the server can neither take nor store.
    var holdsNUL: Bool { holds(0) }

    /// Lends the text's bytes, at an address even if there are none.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8 { bytes in
            if bytes.baseAddress != nil { return body(bytes) }
            return withUnsafePointer(to: 0) { body(UnsafeBufferPointer(start: $0, count: 0)) }
        }
    }
}
