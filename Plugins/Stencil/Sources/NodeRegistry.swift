internal import RevmetaSQLText
internal import Stencil

/// Nodes of this engine's own, by the tags that stand for them in what Stencil parses.
///
/// A template cannot name these tags: the checker lets only Stencil's own through.
struct NodeRegistry {
    private enum Entry {
        case node(any NodeType)
        case output(Output)
    }

    private var entries: [Entry] = []

    mutating func tag(for node: any NodeType) -> String { add(.node(node)) }

    mutating func tag(for output: Output) -> String { add(.output(output)) }

    private mutating func add(_ entry: Entry) -> String {
        entries.append(entry)
        return "revmeta \(entries.count - 1)"
    }

    /// The tag that Stencil's parser is to know.
    func tags(_ environment: Environment) -> Extension {
        let own = Extension()
        own.registerTag("revmeta") { [entries] parser, token in
            guard let number = token.components.last.flatMap(Int.init) else {
                throw TemplateSyntaxError("a tag of the engine's own has no number")
            }
            switch entries[number] {
            case .node(let node): return node
            case .output(let output): return try OutputNode(output, parser, token)
            }
        }
        return own
    }
}
