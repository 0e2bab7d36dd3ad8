/// Values that mean harm, drawn again the same from the same seed.
struct Hostile: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static let pieces = [
        "'", "''", "'''", "\"", "\"\"", "`", "``", "[", "]", "]]", "\\", "\\\\", "\\'", "\\\"", "\\`", "\\n",
        "\\u0027", "\\x27",
        "--", "-- ", "/*", "*/", "/*!", "#", "//", ";", ";;", "$$", "$x$", "$1", "${x}", "%s", "?", ":x", "@x", "&",
        "(", ")",
        ",", "=", "+", "||", "\n", "\r", "\r\n", "\t", "\u{B}", "\u{1}", "\u{1F}", "\u{7F}", " ", "  ", "\u{A0}",
        "\u{2028}",
        "{", "}", "{{", "}}", "{table}", "{{ owner }}", "{% if x %}", "{%", "%}", "{#", "a", "N", "E", "x", "null",
        "0", "1",
        "'; DROP TABLE x; --", "' OR '1'='1", "\"; DROP TABLE x; --", "`; DROP TABLE x; --", "]; DROP TABLE x; --",
        "\\'; DROP TABLE x; --", "*/; DROP TABLE x; /*", "'||pg_sleep(9)||'", "U&'\\0027'", "é", "e\u{301}", "'\u{301}",
        "\"\u{20E3}", "\u{2BC}", "\u{2019}", "\u{FF07}", "ｘ", "雪", "🌱", "\u{202E}", "\u{FEFF}", "BEGIN", "END;", "CASE",
    ]

    /// A text of a few pieces.
    mutating func text() -> String {
        let length = Int.random(in: 1...7, using: &self)
        return (0..<length).map { _ in Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &self)] }.joined()
    }

    /// A text that a source can hold as a name.
    mutating func name(mostBytes: Int = 60, isHeld: (Unicode.Scalar) -> Bool = { _ in true }) -> String {
        var name = String.UnicodeScalarView()
        var length = 0
        for scalar in text().unicodeScalars where isHeld(scalar) {
            length += UTF8.width(scalar)
            if length > mostBytes { break }
            name.append(scalar)
        }
        return name.isEmpty ? "n" : String(name)
    }
}
