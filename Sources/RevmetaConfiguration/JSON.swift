internal import RevmetaModel

/// A JSON value that keeps its keys in the order they were given.
indirect enum JSON: Sendable {
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case array([JSON])
    case object([(key: String, value: JSON)])

    /// An object's members; nothing else has any.
    var members: [(key: String, value: JSON)] {
        if case .object(let members) = self { members } else { [] }
    }

    /// An object of these members and more.
    func adding(_ more: [(key: String, value: JSON)]) -> JSON {
        .object(members + more)
    }

    /// Pretty-printed with two spaces, the same text every time.
    func text(indentation: String = "") -> String {
        let inner = indentation + "  "
        return switch self {
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .string(let text): text.inJSON
        case .array(let items) where items.isEmpty: "[]"
        case .array(let items):
            "[\n" + items.map { inner + $0.text(indentation: inner) }.joined(separator: ",\n") + "\n\(indentation)]"
        case .object(let members) where members.isEmpty: "{}"
        case .object(let members):
            "{\n"
                + members.map { "\(inner)\($0.key.inJSON): \($0.value.text(indentation: inner))" }
                .joined(separator: ",\n") + "\n\(indentation)}"
        }
    }
}
