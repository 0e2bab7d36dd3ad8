/// How a source spells names, texts and scripts.
public struct Dialect: Sendable, Equatable {
    /// `postgresql`, `mysql`, `snowflake`, …; `text` where the source is not SQL.
    public var name: String
    /// Before a quoted identifier; `nil` with its counterpart: names cannot be quoted.
    public var identifierOpen: String?
    /// After a quoted identifier; doubled where it stands inside.
    public var identifierClose: String?
    /// Nil: no limit known.
    public var identifierMaxBytes: Int?
    /// Before a literal, with its prefix.
    public var literalOpen = "'"
    /// After a literal; doubled where it stands inside.
    public var literalClose = "'"
    /// Inside a literal a backslash starts an escape, so it is doubled.
    public var hasBackslashEscapes = false
    public var hasDollarQuotes = false
    public var hasNestedComments = false
    public var hasDoubleQuotedLiterals = false
    public var hasHashComments = false
    /// `//` starts a comment that ends with its line.
    public var hasSlashComments = false
    /// `E'text'` is a literal in which a backslash starts an escape.
    public var hasEscapeLiterals = false
    /// Inside a literal a quote is escaped by a backslash and never doubled, and a line's end is escaped too.
    public var hasEscapedQuotes = false
    /// Inside a quoted identifier backslashes and quotes are treated as inside a literal.
    public var hasEscapedIdentifiers = false
    /// A dot inside a quoted identifier separates names.
    public var hasDottedIdentifiers = false
    /// How a list of pairs renders.
    public var list = List()
    public var statementEnd = ";"
    /// Statements that a script starts with, each ended: what a session pins, spelled for a script.
    public var scriptBegin: String?
    /// What stands before a quoted database name in a script to enter that database.
    public var scriptUse: String?

    /// The texts around and between the pairs of a list.
    public struct List: Sendable, Equatable {
        public var open = "("
        public var close = ")"
        public var separator = ", "
        public var pairOpen = ""
        public var pairSeparator = " = "
        public var pairClose = ""

        public init() {}
    }

    public init(name: String, identifierQuote: String? = "\"") {
        self.name = name
        identifierOpen = identifierQuote
        identifierClose = identifierQuote
    }
}
