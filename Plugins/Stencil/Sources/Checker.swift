internal import RevmetaSQLText

/// Reads outputs and tags by the grammar that this engine has of Stencil's language, and spells them for Stencil.
///
/// What Stencil would stumble over, read from a file, or run without an end does not come through; and each problem is
/// told with its place.
struct Checker {
    let names: [String]
    let allowsRaw: Bool
    let bytes: [UInt8]
    /// Known names that the template uses, in the order in which it does.
    private(set) var used: [String] = []
    /// Tags that are open, with the names that a loop's have brought.
    var open: [OpenTag] = []

    struct OpenTag {
        var name: String
        var start: Int
        var variables: [String] = []
        var hasElse = false
    }

    /// How deep tags and brackets may stand in each other.
    static let mostDepth = 32

    /// A value with its filters, as Stencil spells it.
    struct Operand {
        var text: String
        /// The name that it is, where it is nothing but one name and filters.
        var root: String?
        var form = SQLValue.Form.natural
        var hasFilters = false
    }

    init(names: [String], allowsRaw: Bool, bytes: [UInt8]) {
        self.names = names
        self.allowsRaw = allowsRaw
        self.bytes = bytes
    }

    static let filters = [
        "capitalize", "default", "identifier", "join", "literal", "lower", "lowercase", "oneline", "plaintext", "raw",
        "split", "truncate", "upper", "uppercase",
    ]

    /// A name or a literal, and filters.
    mutating func operand(_ scanner: inout ExpressionScanner, mayHaveForm: Bool) throws(SQLTextProblem) -> Operand {
        var operand = try term(&scanner)
        while try scanner.takes("|") {
            let start = scanner.offset
            guard case .word(let name) = scanner.current, Self.filters.contains(name) else {
                throw unknownFilter(scanner)
            }
            try scanner.advance()
            operand.hasFilters = true
            if let form = try form(name, at: start) {
                guard mayHaveForm, scanner.text != "|" else {
                    throw SQLTextProblem(
                        offset: start,
                        "expected \"\(name)\" as the last filter of an output, since it says how to spell it")
                }
                operand.form = form
                continue
            }
            operand.text += "|" + name
            if try scanner.takes(":") { try arguments(of: name, &operand, &scanner) }
            try checkArguments(of: name, operand.text, at: start)
        }
        return operand
    }

    private mutating func arguments(
        of name: String, _ operand: inout Operand, _ scanner: inout ExpressionScanner
    ) throws(SQLTextProblem) {
        operand.text += ":" + (try term(&scanner).text)
        if scanner.current == .sign(",") {
            throw SQLTextProblem(offset: scanner.offset, "expected one value for the filter \(name), found a second")
        }
    }

    private func checkArguments(of name: String, _ text: String, at start: Int) throws(SQLTextProblem) {
        let wanted: String? = switch name {
        case "truncate": "truncate:40"
        case "default": "default:\"nobody\""
        default: nil
        }
        if let wanted, text.hasSuffix("|" + name) {
            throw SQLTextProblem(offset: start, "expected a value for the filter \(name), as in \(wanted)")
        }
        let takesValue = ["default", "join", "split", "truncate"].contains(name)
        if !takesValue, !text.hasSuffix("|" + name) {
            throw SQLTextProblem(offset: start, "expected no value for the filter \(name), found one")
        }
    }

    private func form(_ name: String, at start: Int) throws(SQLTextProblem) -> SQLValue.Form? {
        switch name {
        case "literal": return .literal
        case "identifier": return .identifier
        case "raw":
            guard allowsRaw else { throw .rawIsNotAllowed(at: start) }
            return .raw
        default: return nil
        }
    }

    /// A name or a literal.
    private mutating func term(_ scanner: inout ExpressionScanner) throws(SQLTextProblem) -> Operand {
        let start = scanner.offset
        switch scanner.current {
        case .quoted(let text), .number(let text):
            if case .number = scanner.current, text.utf8.count > 9 {
                throw SQLTextProblem(offset: start, "expected a number of at most nine digits")
            }
            try scanner.advance()
            return Operand(text: text)
        case .word(let path):
            let root = try use(path, at: start)
            try scanner.advance()
            return Operand(text: path, root: root)
        case .sign, nil:
            throw SQLTextProblem(offset: start, "expected a variable or a text in quotes, found \(scanner.found)")
        }
    }

    /// Notes that a path's first name is used. Gives the path if it is that name and no more.
    private mutating func use(_ path: String, at start: Int) throws(SQLTextProblem) -> String? {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let root = parts[0]
        if ["true", "false", "forloop"].contains(root) || open.contains(where: { $0.variables.contains(root) }) {
            return nil
        }
        guard !Self.keywords.contains(root), names.contains(root) else {
            let nearest = Known(names).nearest(to: root).map { ": did you mean \($0)?" } ?? "."
            throw SQLTextProblem(
                offset: start, "expected a variable that is known here, found \"\(root)\"\(nearest)"
                    + " \(Known(names).sentence)")
        }
        if parts.count > 1, root != "entity", root != "tags" {
            throw SQLTextProblem(
                offset: start, "expected \"\(root)\" alone, found \"\(path)\": it is a text and has no parts")
        }
        if !used.contains(root) { used.append(root) }
        return parts.count == 1 ? root : nil
    }

    static let keywords = ["and", "or", "not", "in", "if", "else", "for", "where", "elif", "nil"]

    private func unknownFilter(_ scanner: ExpressionScanner) -> SQLTextProblem {
        var nearest = "."
        if case .word(let name) = scanner.current, let near = Known(Self.filters).nearest(to: name) {
            nearest = ": did you mean \(near)?"
        }
        return SQLTextProblem(
            offset: scanner.offset,
            "expected a filter, found \(scanner.found)\(nearest) Filters are \(Self.filters.joined(separator: ", "))")
    }

    /// A condition, by its grammar: operands joined by signs and words.
    mutating func condition(_ scanner: inout ExpressionScanner, depth: Int = 0) throws(SQLTextProblem) -> String {
        var parts: [String] = []
        repeat {
            var nots = 0
            while try scanner.takes("not") {
                parts.append("not")
                nots += 1
                if nots > 2 { throw SQLTextProblem(offset: scanner.offset, "expected at most two \"not\" in a row") }
            }
            if scanner.current == .sign("(") {
                guard depth < Self.mostDepth else {
                    throw SQLTextProblem(offset: scanner.offset, "expected brackets at most \(Self.mostDepth) deep")
                }
                try scanner.advance()
                parts += ["(", try condition(&scanner, depth: depth + 1), ")"]
                guard try scanner.takes(")") else {
                    throw SQLTextProblem(offset: scanner.offset, "expected ), found \(scanner.found)")
                }
            } else {
                parts.append(try operand(&scanner, mayHaveForm: false).text)
            }
        } while try joins(&scanner, &parts)
        return parts.joined(separator: " ")
    }

    private func joins(_ scanner: inout ExpressionScanner, _ parts: inout [String]) throws(SQLTextProblem) -> Bool {
        for sign in ["and", "or", "in", "==", "!=", "<=", ">=", "<", ">"] where try scanner.takes(sign) {
            parts.append(sign)
            return true
        }
        return false
    }

    /// An output: a value, and what stands for it where a condition does not hold.
    mutating func output(_ piece: Piece) throws(SQLTextProblem) -> Output {
        var scanner = try ExpressionScanner(bytes, piece.range)
        var output = Output(start: piece.start, value: try operand(&scanner, mayHaveForm: true))
        if try scanner.takes("if") {
            output.condition = try condition(&scanner)
            if try scanner.takes("else") { output.other = try operand(&scanner, mayHaveForm: true) }
        }
        guard scanner.current == nil else {
            throw SQLTextProblem(offset: scanner.offset, "expected | or }}, found \(scanner.found)")
        }
        output.text = String(decoding: bytes[piece.range], as: UTF8.self)
        return output
    }
}

/// An output that was checked.
struct Output {
    var start: Int
    var value: Checker.Operand
    var condition: String?
    var other: Checker.Operand?
    /// As the template has it.
    var text = ""
}
