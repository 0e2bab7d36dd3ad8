public import RevmetaPlugin

/// A dialect as the lexer needs it.
public struct SQLRules: Sendable {
    let dialect: Dialect
    let literal: Quoting
    let identifier: Quoting?
    let statementEnd: [UInt8]
    private let opensBracket: Bool
    private let opensBackquote: Bool

    public init(_ dialect: Dialect) {
        self.dialect = dialect
        literal = dialect.literalQuoting
        identifier = dialect.identifierQuoting
        statementEnd = Array(dialect.statementEnd.utf8)
        opensBracket = dialect.identifierOpen == "["
        opensBackquote = dialect.identifierOpen == "`"
    }

    /// How a text stands inside the literal or identifier that a byte opens; nil: it opens none.
    func opening(_ byte: UInt8) -> (quoting: Quoting, isName: Bool)? {
        switch byte {
        case UInt8(ascii: "'"): (literalQuoting("'"), false)
        case UInt8(ascii: "\""):
            dialect.hasDoubleQuotedLiterals ? (literalQuoting("\""), false) : (nameQuoting("\""), true)
        case UInt8(ascii: "`") where opensBackquote: (nameQuoting("`"), true)
        case UInt8(ascii: "[") where opensBracket: (nameQuoting("]"), true)
        default: nil
        }
    }

    func literalQuoting(_ close: String) -> Quoting {
        Quoting(
            close: close, hasBackslashes: dialect.hasBackslashEscapes, escapesClose: dialect.hasEscapedQuotes)
    }

    /// `E'…'`: backslashes escape whatever the dialect's own literals do.
    static let escapeLiteral = Quoting(close: "'", hasBackslashes: true, escapesClose: false)

    private func nameQuoting(_ close: String) -> Quoting {
        Quoting(
            close: close, hasBackslashes: dialect.hasBackslashEscapes && dialect.hasEscapedIdentifiers,
            escapesClose: dialect.hasEscapedQuotes)
    }

    /// Whether a byte may stand right before or after a value that brings its own quotes.
    func mayTouchValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "]"): !opensBracket
        case UInt8(ascii: "\t")...UInt8(ascii: "\r"), UInt8(ascii: " "): true
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ";"),
            UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "|"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "!"), UInt8(ascii: "%"), UInt8(ascii: "?"):
            true
        default: false
        }
    }

    /// How names are quoted, for people.
    var nameExample: String {
        guard let open = dialect.identifierOpen, let close = dialect.identifierClose else { return "plain words" }
        return "\(open)…\(close)"
    }
}

extension UInt8 {
    /// Part of a word: of a keyword, a plain name or a number.
    var isWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isBlank: Bool {
        self == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(self)
    }
}
