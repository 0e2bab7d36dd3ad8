extension String {
    /// Whether two texts are the same byte for byte: Swift's own `==` takes é in its two spellings for one text.
    func isExactly(_ other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }

    var holdsNUL: Bool { utf8.contains(0) }

    /// Whether a text holds a character beyond U+FFFF, which the server turns into a question mark without a word.
    var holdsUnrepresentable: Bool { utf8.contains { $0 >= 0xF0 } }
}
