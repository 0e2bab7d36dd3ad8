import Yams

/// Turns the text of a file into elements: all that YAML itself demands is checked here.
struct DocumentReader {
    /// Deeper than any configuration, and far from what would exhaust the stack.
    static let deepestLevel = 32
    /// Elements after aliases are followed, of which a few lines could otherwise make billions.
    static let mostElements = 100_000
    static let longestText = 4 << 20

    let file: String
    private(set) var renamedKeys = RenamedKeys()
    /// How many there are so far, those behind aliases counted at each use.
    var elements = 0
    /// The last position reached: what stands at or before it has come through an alias.
    var reached = ConfigurationProblem.Position(line: 0, column: 0)

    init(file: String) {
        self.file = file
    }

    mutating func read(_ text: String) throws(ConfigurationProblems) -> Element {
        let hasByteOrderMark = text.unicodeScalars.first == "\u{FEFF}"
        var source = SourceText(Array(text.unicodeScalars.dropFirst(hasByteOrderMark ? 1 : 0)))
        if let (scalar, position) = source.firstForbidden {
            let code = String(scalar.value, radix: 16, uppercase: true)
            throw problem(
                position, "expected a text file in UTF-8, found the character U+\(code), which YAML does not allow")
        }
        if let position = source.firstExcessiveAlias(limit: Self.longestText) { throw tooLarge(position) }
        guard let node = try compose(&source) else {
            throw problem(start, "the file is empty: 'revmeta init' writes one to begin with")
        }
        let root = try element(node, Place(position: start), origin: start)
        if case .nothing = root.content {
            throw problem(start, "the file is empty: 'revmeta init' writes one to begin with")
        }
        return root
    }

    private let start = ConfigurationProblem.Position(line: 1, column: 1)

    func problem(
        _ position: ConfigurationProblem.Position, path: String = "", _ message: String
    ) -> ConfigurationProblems {
        ConfigurationProblems([
            ConfigurationProblem(file: file, position: position, path: path, message: message)
        ])
    }

    func tooLarge(_ position: ConfigurationProblem.Position) -> ConfigurationProblems {
        problem(
            position,
            "the file grows beyond \(Self.mostElements) values when its aliases are followed: use fewer of them")
    }

    private mutating func compose(_ source: inout SourceText) throws(ConfigurationProblems) -> Node? {
        while true {
            do {
                // Without rules: which scalars are numbers is decided here, by YAML 1.2.
                return try Yams.compose(yaml: source.text, .basic)
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                let position = ConfigurationProblem.Position(context.mark)
                guard renamedKeys.rename(at: position, in: &source) else {
                    throw problem(position, "a key stands twice in this mapping: remove one")
                }
            } catch let error as YamlError {
                throw syntaxProblem(error, source)
            } catch {
                throw problem(start, "the file cannot be read as YAML")
            }
        }
    }

    private func syntaxProblem(_ error: YamlError, _ source: SourceText) -> ConfigurationProblems {
        switch error {
        case .scanner(let context, let reason, let mark, _), .parser(let context, let reason, let mark, _):
            let position = ConfigurationProblem.Position(mark)
            if reason.hasPrefix("Maximum nesting level") { return tooDeep(position) }
            let advice = switch source[position] {
            case "\t": "a tab stands where YAML takes spaces only: indent with spaces"
            case "@", "`", "%": "quote a text that begins with this character"
            case _ where reason.hasPrefix("mapping values"): "quote a text that holds a colon and a space"
            // Cron's * is not the beginning of a name.
            case _ where context?.text.hasSuffix("scanning an alias") == true: "quote a text that begins with *"
            default: ""
            }
            let words = [context?.text ?? "", reason].filter { !$0.isEmpty }.joined(separator: ", ")
            return problem(position, "this is no YAML: \(words)\(advice.isEmpty ? "" : ": \(advice)")")
        case .composer(.some, _, let mark, _):
            return problem(
                ConfigurationProblem.Position(mark),
                "expected one document, found a second one: remove what begins here")
        case .composer(nil, _, let mark, _):
            return problem(
                ConfigurationProblem.Position(mark),
                "an alias has no anchor before it: write &name at the value, or quote a text that begins with *")
        default:
            return problem(start, "the file cannot be read as YAML")
        }
    }

    func tooDeep(_ position: ConfigurationProblem.Position, path: String = "") -> ConfigurationProblems {
        problem(position, path: path, "values are nested more than \(Self.deepestLevel) levels deep")
    }
}

extension ConfigurationProblem.Position {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
