/// How a source spells names, texts and scripts: a connector's dialect, whole, as template engines are given it.
public struct Dialect: Sendable, Hashable {
    /// `postgresql`, `mysql`, `snowflake`, …; `text` where the source is not SQL.
    public var name: String
    /// Empty, as its counterpart: names cannot be quoted.
    public var identifierOpen: String
    public var identifierClose: String
    /// Longer names cannot exist at the source; 0: no limit is known.
    public var identifierMaxBytes: UInt32 = 0
    /// What escapes and comments there are, in the bits of the plugin interface; only engines look at them.
    public var flags: UInt32 = 0
    public var literalOpen = "'"
    public var literalClose = "'"
    /// How a list of pairs renders.
    public var list = List()
    /// What ends a statement in a script.
    public var statementEnd: String
    /// Statements a script starts with, each ended.
    public var scriptBegin: String
    /// What stands before a quoted database name in a script to enter that database; nil: the source has no such notion.
    public var scriptUse: String?

    /// The texts around and between the pairs of a list.
    public struct List: Sendable, Hashable {
        public var open = "("
        public var close = ")"
        public var separator = ", "
        public var pairOpen = ""
        public var pairSeparator = " = "
        public var pairClose = ""

        public init() {}
    }

    public init(
        name: String, identifierOpen: String = "\"", identifierClose: String = "\"", statementEnd: String = ";",
        scriptBegin: String = "", scriptUse: String? = nil
    ) {
        self.name = name
        self.identifierOpen = identifierOpen
        self.identifierClose = identifierClose
        self.statementEnd = statementEnd
        self.scriptBegin = scriptBegin
        self.scriptUse = scriptUse
    }

    public func quoted(_ name: String) -> String {
        guard let quote = identifierClose.unicodeScalars.first else { return name }
        return identifierOpen + name.doubling(quote) + identifierClose
    }

    /// Statements as a script has them, one after the other.
    ///
    /// What ends a statement stands in a line of its own behind one that may end in a comment.
    public func script(_ statements: [String]) -> String {
        statements.map { $0 + (Self.mayEndInComment($0) ? "\n" : "") }.joined(separator: statementEnd + "\n")
    }

    private static func mayEndInComment(_ statement: String) -> Bool {
        guard let last = statement.split(separator: "\n", omittingEmptySubsequences: false).last else { return false }
        return last.contains("--") || last.contains("#") || last.contains("//")
    }
}
