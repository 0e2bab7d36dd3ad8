public import RevmetaPlugin

extension Failure {
    /// What is wrong with a template's text, with the line and column of it.
    public init(_ problem: SQLTextProblem, in text: String) {
        var line: UInt32 = 1
        var column: UInt32 = 1
        var offset = 0
        for scalar in text.unicodeScalars {
            offset += UTF8.width(scalar)
            if offset > problem.offset { break }
            column += 1
            if scalar == "\n" {
                line += 1
                column = 1
            }
        }
        self.init(.config, problem.message, line: line, column: column)
    }
}
