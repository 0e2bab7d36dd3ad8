import RevmetaPlugin

/// Names as a key, equal to others only byte for byte: é in its two spellings is two names to Snowflake.
struct ExactName: Hashable, Sendable {
    let names: [String]

    init(_ names: some Sequence<String>) {
        self.names = Array(names)
    }

    init(_ names: String...) {
        self.names = names
    }

    static func == (one: ExactName, other: ExactName) -> Bool {
        one.names.count == other.names.count && zip(one.names, other.names).allSatisfy { $0.isExactly($1) }
    }

    // Texts of the same bytes have the same hash, which is all that a hash must promise.
    func hash(into hasher: inout Hasher) {
        hasher.combine(names)
    }

    /// As statements spell it.
    var quoted: String {
        var sql = SQL(.snowflake)
        sql.name(names)
        return sql.text
    }

    /// As people and Snowflake's own answers spell it: quoted only where it has to be.
    var shown: String { names.map(Self.shown).joined(separator: ".") }

    static func shown(_ name: String) -> String {
        let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
            (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
                || (index > 0 && ((0x30...0x39).contains(byte) || byte == UInt8(ascii: "$")))
        }
        return isPlain && !name.isEmpty ? name : ExactName(name).quoted
    }
}

/// A value as a message quotes it: shortened, and told apart from none.
func shown(value: String?) -> String {
    guard let value, !value.isEmpty else { return "nothing" }
    let start = value.prefix(60)
    return start.endIndex == value.endIndex ? "'\(value)'" : "'\(start)…'"
}

/// A text as a literal.
func literal(_ text: String) -> String {
    var sql = SQL(.snowflake)
    sql.literal(text)
    return sql.text
}

/// Texts as a list of literals, without its parentheses.
func literals(_ texts: [String]) -> String {
    texts.map(literal).joined(separator: ", ")
}
