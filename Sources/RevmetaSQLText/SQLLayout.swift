internal import RevmetaPlugin

/// Statements with places in them, each place with what stands around it: a template's text as its dialect reads it.
public struct SQLLayout: Sendable {
    /// One list of parts for each statement, in order. Never empty ones.
    let statements: [[StatementPart]]
    /// How long a statement will about be.
    let capacity: Int

    public init(_ source: SQLSource, _ rules: SQLRules) throws(SQLTextProblem) {
        var lexer = SQLLexer(source, rules)
        statements = try lexer.statements()
        capacity = statements.map { $0.reduce(0) { $0 + $1.expectedLength } }.max() ?? 0
    }

    /// How many statements there are.
    public var count: Int { statements.count }
}
