import Yams

/// Turns the text of a file into elements: all that YAML itself demands is checked here.
struct DocumentReader {
    /// Deeper than any configuration, and far from what would exhaust the stack.
    static let deepestLevel = 32
    /// Elements after aliases are followed, of which a few lines could otherwise make billions.
    static let mostElements = 100_000
    static let longestText = 4 << 20

    let file: String
    private var renamedKeys = RenamedKeys()
    private var elements = 0

    init(file: String) {
        self.file = file
    }

    mutating func read(_ text: String) throws(ConfigurationProblems) -> Element {
        let scalars = text.unicodeScalars.first == "\u{FEFF}" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        var source = SourceText(Array(scalars))
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

    private func problem(
        _ position: ConfigurationProblem.Position, path: String = "", _ message: String
    ) -> ConfigurationProblems {
        ConfigurationProblems([
            ConfigurationProblem(file: file, position: position, path: path, message: message)
        ])
    }

    private func tooLarge(_ position: ConfigurationProblem.Position) -> ConfigurationProblems {
        problem(
            position, "the file grows beyond \(Self.mostElements) values when its aliases are followed: use fewer of them")
    }

    // MARK: From text to nodes

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
            default: reason.hasPrefix("mapping values") ? "quote a text that holds a colon and a space" : ""
            }
            let words = [context?.text ?? "", reason].filter { !$0.isEmpty }.joined(separator: ", ")
            return problem(position, "this is no YAML: \(words)\(advice.isEmpty ? "" : ": \(advice)")")
        case .composer(.some, _, let mark, _):
            return problem(
                ConfigurationProblem.Position(mark), "expected one document, found a second one: remove what begins here")
        case .composer(nil, _, let mark, _):
            return problem(
                ConfigurationProblem.Position(mark),
                "an alias has no anchor before it: write &name at the value, or quote a text that begins with *")
        default:
            return problem(start, "the file cannot be read as YAML")
        }
    }

    private func tooDeep(_ position: ConfigurationProblem.Position, path: String = "") -> ConfigurationProblems {
        problem(position, path: path, "values are nested more than \(Self.deepestLevel) levels deep")
    }

    // MARK: From nodes to elements

    private mutating func element(
        _ node: Node, _ place: Place, origin: ConfigurationProblem.Position, isAliased: Bool = false
    ) throws(ConfigurationProblems) -> Element {
        elements += 1
        guard elements <= Self.mostElements else { throw tooLarge(place.position) }
        guard place.steps.count <= Self.deepestLevel else { throw tooDeep(place.position) }
        let content: Element.Content
        switch node {
        case .scalar(let scalar): content = Element.Content(scalar)
        case .sequence(let sequence) where ["", Tag.Name.seq.rawValue].contains(sequence.tag.rawValue):
            var items: [Element] = []
            for (index, item) in sequence.enumerated() {
                items.append(try child(item, .index(index), of: place, after: nil, isAliased: isAliased))
            }
            content = .list(items)
        case .mapping(let mapping) where ["", Tag.Name.map.rawValue].contains(mapping.tag.rawValue):
            content = .mapping(try entries(mapping, place, isAliased: isAliased))
        case .sequence, .mapping, .alias: content = .tagged
        }
        return Element(place: place, origin: origin, content: content, isAliased: isAliased)
    }

    /// A value below `place`. One whose text stands before its key or list has come through an alias, and is
    /// reported where the alias was used.
    private mutating func child(
        _ node: Node, _ step: Place.Step, of place: Place, after key: ConfigurationProblem.Position?, isAliased: Bool
    ) throws(ConfigurationProblems) -> Element {
        let before = key ?? place.position
        let own = node.mark.map(ConfigurationProblem.Position.init) ?? before
        let isAlias = isAliased || own < before
        let position = isAlias ? before : own
        return try element(node, place.child(step, at: position), origin: key ?? position, isAliased: isAlias)
    }

    private mutating func entries(
        _ mapping: Node.Mapping, _ place: Place, isAliased: Bool
    ) throws(ConfigurationProblems) -> [Element.Entry] {
        var own: [Element.Entry] = []
        var merged: [Element.Entry] = []
        for (key, value) in mapping {
            let written = key.mark.map(ConfigurationProblem.Position.init) ?? place.position
            let position = isAliased ? place.position : written
            guard case .scalar(let scalar) = key, isAliased || written >= place.position else {
                throw problem(position, path: place.path, "expected a name as key, found a list, a mapping or an alias")
            }
            let name = renamedKeys.original(of: scalar.string, at: written)
            if name == "<<", scalar.style == .plain {
                let value = try child(value, .key(name), of: place, after: position, isAliased: isAliased)
                merged += try mergedEntries(value, into: place)
            } else {
                let value = try child(value, .key(name), of: place, after: position, isAliased: isAliased)
                own.append(Element.Entry(key: name, keyPosition: position, value: value))
            }
        }
        var names = Set(own.map(\.key))
        return own + merged.filter { names.insert($0.key).inserted }
    }

    /// What `<<` brings in: the entries of a mapping or of several, of which the first that has a key wins.
    private func mergedEntries(_ value: Element, into place: Place) throws(ConfigurationProblems) -> [Element.Entry] {
        let mappings = if case .list(let items) = value.content { items } else { [value] }
        var entries: [Element.Entry] = []
        for mapping in mappings {
            guard case .mapping(let more) = mapping.content else {
                throw problem(
                    value.place.position, path: place.path,
                    "expected a mapping, or a list of them, to merge with <<, found \(mapping.sort)")
            }
            entries += more
        }
        return entries
    }
}

extension ConfigurationProblem.Position {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}

extension Element.Content {
    /// YAML 1.2's core schema: `yes` and `on` are texts, as are dates.
    init(_ scalar: Node.Scalar) {
        switch scalar.tag.rawValue {
        case Tag.Name.str.rawValue, Tag.Name.nonSpecific.rawValue: self = .text(scalar.string)
        case "": self.init(plain: scalar.string)
        case Tag.Name.null.rawValue, Tag.Name.bool.rawValue, Tag.Name.int.rawValue, Tag.Name.float.rawValue:
            self.init(plain: scalar.string)
        default: self = .tagged
        }
    }

    private init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .nothing
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default: self = text.wholeMatch(of: Self.number) == nil ? .text(text) : .number(text)
        }
    }

    private static var number: Regex<Substring> {
        /[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)/
    }
}
