/// How a source's scripts are spelled; the part of a connector's dialect that the host itself needs.
public struct Dialect: Sendable, Equatable {
    /// `postgresql`, `mysql`, `snowflake`, …; `text` where the source is not SQL.
    public var name: String
    public var identifierOpen: String
    public var identifierClose: String
    /// What ends a statement in a script.
    public var statementEnd: String
    /// Statements a script starts with, each ended.
    public var scriptBegin: String
    /// What stands before a quoted database name in a script to enter that database; nil: the source has no such notion.
    public var scriptUse: String?

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
}
