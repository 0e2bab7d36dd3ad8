internal import RevmetaPlugin
internal import RevmetaSQLText
internal import Stencil

/// A template's pieces, checked, as tokens for Stencil's parser.
struct Parts {
    /// The variables that the template uses.
    let names: [String]
    private let tokens: [Token]
    private let registry: NodeRegistry
    /// Where each token begins in the template.
    let starts: [Int]

    /// Stencil's parser and a worker's stack are not made for more.
    private static let mostBytes = 65_536
    private static let mostBytesOfATag = 1000

    init(_ template: TemplateText) throws(SQLTextProblem) {
        let bytes = Array(template.text.utf8)
        guard bytes.count <= Self.mostBytes else {
            throw SQLTextProblem(
                offset: 0, "expected a template of at most \(Self.mostBytes) bytes, found \(bytes.count)")
        }
        var scanner = PieceScanner(bytes)
        var checker = Checker(names: template.names, allowsRaw: template.allowsRaw, bytes: bytes)
        var tokens: [Token] = []
        var starts: [Int] = []
        var registry = NodeRegistry()
        for piece in try scanner.scan() {
            guard piece.kind == .text || piece.range.count <= Self.mostBytesOfATag else {
                throw SQLTextProblem(
                    offset: piece.start, "expected at most \(Self.mostBytesOfATag) bytes between the braces")
            }
            func append(_ contents: String) {
                tokens.append(.block(value: contents, at: Self.place(tokens.count)))
                starts.append(piece.start)
            }
            switch piece.kind {
            case .text: append(registry.tag(for: TextNode(Array(bytes[piece.range]), at: piece.start)))
            case .output: append(registry.tag(for: try checker.output(piece)))
            case .tag:
                let tag = try checker.tag(piece)
                append(tag)
                // Without a text or an output in it a loop would not come by the clock.
                if tag.hasPrefix("for ") { append(registry.tag(for: TickNode())) }
            }
        }
        if let open = checker.open.last {
            throw SQLTextProblem(
                offset: open.start,
                "expected {% end\(open.name) %} for the tag that begins here, found the template's end")
        }
        names = checker.used
        self.tokens = tokens
        self.starts = starts
        self.registry = registry
    }

    func nodes(in environment: Environment) throws(SQLTextProblem) -> [any NodeType] {
        let environment = Environment(extensions: [registry.tags(environment)] + environment.extensions)
        do {
            return try TokenParser(tokens: tokens, environment: environment).parse()
        } catch {
            let error = error as? TemplateSyntaxError
            let place = error?.token.flatMap { Int($0.sourceMap.location.content) }
            throw SQLTextProblem(
                offset: place.map { starts[$0] } ?? 0,
                "expected Stencil to understand this: \(error?.reason ?? "it does not")")
        }
    }

    /// A token's number, in the only kind of place that Stencil lets others make.
    private static func place(_ number: Int) -> SourceMap {
        Template(templateString: "\(number)").tokens[0].sourceMap
    }
}
