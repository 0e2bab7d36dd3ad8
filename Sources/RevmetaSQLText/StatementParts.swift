/// Collects the parts of statements, one statement after the other.
struct StatementParts {
    /// Whole statements, without blanks and comments around them.
    private(set) var statements: [[StatementPart]] = []
    private var current: [StatementPart] = []
    private var text: [UInt8] = []
    /// Blanks and comments since the last part that does something.
    private var blanks: [UInt8] = []

    /// Whether the statement has anything that does something.
    var hasStatement: Bool { !current.isEmpty || !text.isEmpty }

    mutating func append(_ byte: UInt8, isBlank: Bool = false) {
        if isBlank {
            blanks.append(byte)
        } else {
            takeBlanks()
            text.append(byte)
        }
    }

    mutating func append(_ string: String) {
        takeBlanks()
        text += Array(string.utf8)
    }

    mutating func append(_ value: Int, _ place: Place) { append(.value(value, place)) }

    mutating func append(_ part: StatementPart) {
        takeBlanks()
        takeText()
        current.append(part)
    }

    /// Ends the statement. One without anything that does something is none.
    mutating func endStatement() {
        takeText()
        blanks = []
        if !current.isEmpty { statements.append(current) }
        current = []
    }

    /// Blanks before a statement are left out; comments before it too, since they may be of the statement before.
    private mutating func takeBlanks() {
        if hasStatement { text += blanks }
        blanks = []
    }

    private mutating func takeText() {
        if !text.isEmpty { current.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
    }
}
