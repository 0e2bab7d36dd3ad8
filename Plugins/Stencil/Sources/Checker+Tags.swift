internal import RevmetaSQLText

extension Checker {
    /// A tag as Stencil spells it.
    mutating func tag(_ piece: Piece) throws(SQLTextProblem) -> String {
        var scanner = try ExpressionScanner(bytes, piece.range)
        let start = scanner.offset
        guard case .word(let name) = scanner.current else {
            throw SQLTextProblem(offset: start, "expected a tag's name, as in {% if owner %}, found \(scanner.found)")
        }
        try scanner.advance()
        let text: String
        switch name {
        case "if", "ifnot":
            let condition = try condition(&scanner)
            text = name == "if" ? "if \(condition)" : "if not ( \(condition) )"
            try opens(OpenTag(name: "if", start: piece.start))
        case "elif":
            try isInside("if", name, piece, closesElse: false)
            text = "elif " + (try condition(&scanner))
        case "else":
            try isInside("if", name, piece, closesElse: true)
            text = name
        case "empty":
            try isInside("for", name, piece, closesElse: true)
            text = name
        case "endif":
            try closes("if", piece)
            text = name
        case "endfor":
            try closes("for", piece)
            text = name
        case "break", "continue":
            guard open.contains(where: { $0.name == "for" && !$0.hasElse }) else {
                throw SQLTextProblem(offset: piece.start, "expected {% \(name) %} inside a loop, found it outside")
            }
            text = name
        case "for": text = try loop(piece, &scanner)
        default: throw unknownTag(name, at: start)
        }
        guard scanner.current == nil else {
            throw SQLTextProblem(offset: scanner.offset, "expected %}, found \(scanner.found)")
        }
        return text
    }

    private mutating func loop(_ piece: Piece, _ scanner: inout ExpressionScanner) throws(SQLTextProblem) -> String {
        var variables: [String] = []
        repeat {
            guard case .word(let name) = scanner.current, !name.contains("."), !Self.keywords.contains(name),
                !["true", "false", "forloop"].contains(name), variables.count < 2
            else {
                throw SQLTextProblem(
                    offset: scanner.offset, "expected a new name for what the loop goes through, as in"
                        + " {% for column in entity.columns %}, found \(scanner.found)")
            }
            variables.append(name)
            try scanner.advance()
        } while try scanner.takes(",")
        guard try scanner.takes("in") else {
            throw SQLTextProblem(offset: scanner.offset, "expected \"in\", found \(scanner.found)")
        }
        let list = try self.list(&scanner)
        // In the condition the loop's names are known.
        try opens(OpenTag(name: "for", start: piece.start, variables: variables))
        let condition = try scanner.takes("where") ? " where " + (try condition(&scanner)) : ""
        return "for \(variables.joined(separator: ",")) in \(list)\(condition)"
    }

    /// What a loop goes through: a list, or `1...10`.
    private mutating func list(_ scanner: inout ExpressionScanner) throws(SQLTextProblem) -> String {
        let start = scanner.offset
        guard case .number(let first) = scanner.current else { return try operand(&scanner, mayHaveForm: false).text }
        try scanner.advance()
        guard try scanner.takes("..."), case .number(let last) = scanner.current, max(first.count, last.count) < 5
        else {
            throw SQLTextProblem(
                offset: start, "expected a list or a range of whole numbers below 10,000, as in 1...10")
        }
        try scanner.advance()
        return "\(first)...\(last)"
    }

    private mutating func opens(_ tag: OpenTag) throws(SQLTextProblem) {
        guard open.count < Self.mostDepth else {
            throw SQLTextProblem(offset: tag.start, "expected tags at most \(Self.mostDepth) deep in each other")
        }
        open.append(tag)
    }

    private mutating func isInside(
        _ tag: String, _ name: String, _ piece: Piece, closesElse: Bool
    ) throws(SQLTextProblem) {
        guard let last = open.last, last.name == tag, !last.hasElse else {
            throw SQLTextProblem(
                offset: piece.start, "expected {% \(name) %} once after {% \(tag) %}, found it elsewhere")
        }
        if closesElse {
            open[open.count - 1].hasElse = true
            open[open.count - 1].variables = []
        }
    }

    private mutating func closes(_ tag: String, _ piece: Piece) throws(SQLTextProblem) {
        guard open.last?.name == tag else {
            let missing = open.last.map { "{% end\($0.name) %}" } ?? "no {% end\(tag) %}"
            throw SQLTextProblem(offset: piece.start, "expected \(missing), found {% end\(tag) %}")
        }
        open.removeLast()
    }

    private func unknownTag(_ name: String, at start: Int) -> SQLTextProblem {
        switch name {
        case "include", "extends", "block":
            SQLTextProblem(offset: start, "expected a template in one piece, found \"\(name)\": no other file is read")
        case "now", "filter", "set":
            SQLTextProblem(offset: start, "expected a tag that gives the same text each time, found \"\(name)\"")
        default:
            SQLTextProblem(
                offset: start, "expected if, ifnot, elif, else, endif, for, empty, endfor, break or continue,"
                    + " found \"\(name)\"")
        }
    }
}
