/// Where a value stands: in the text, and under which keys.
struct Place: Sendable {
    enum Step: Sendable {
        case key(String)
        case index(Int)
    }

    var position: ConfigurationProblem.Position
    var steps: [Step] = []

    /// The key right above the value; nil for the items of lists and at the top.
    var name: String? {
        if case .key(let name) = steps.last { name } else { nil }
    }

    /// `channels[0].filter`; keys that are no plain words stand in quotes.
    var path: String {
        steps.reduce(into: "") { path, step in
            switch step {
            case .index(let index): path += "[\(index)]"
            case .key(let key):
                if !path.isEmpty { path += "." }
                path += key.isPlainWord ? key : "'\(key)'"
            }
        }
    }

    func child(_ step: Step, at position: ConfigurationProblem.Position) -> Place {
        Place(position: position, steps: steps + [step])
    }
}

extension String {
    fileprivate var isPlainWord: Bool {
        !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }
}
