/// One piece of a definition that the server wrote.
struct Token: Equatable {
    enum Kind: Equatable {
        /// A keyword, a number, a character set's introducer.
        case word
        /// `` `name` ``
        case name
        /// `'text'`
        case text
        /// The beginning of a comment that some servers execute: `/*!50100`, `/*M!100301`.
        case hintOpen
        case hintClose
        /// One byte of anything else.
        case symbol(UInt8)
    }

    var kind: Kind
    /// In the bytes of the definition.
    var range: Range<Int>
    /// How many parentheses are open around it; of a parenthesis: around both of a pair.
    var depth: Int
    /// It stands in a comment that some servers execute.
    var isInHint: Bool
}
