extension String {
    var holdsNUL: Bool { utf8.contains(0) }

    /// Whether a text holds a character beyond U+FFFF, which the server turns into a question mark without a word.
    var holdsUnrepresentable: Bool { utf8.contains { $0 >= 0xF0 } }
}
