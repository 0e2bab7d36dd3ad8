/// A JSON value as a filter has it.
indirect enum JSONValue: Equatable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// What it is, for an error.
    var noun: String {
        switch self {
        case .null: "null"
        case .truth(let value): "\(value)"
        case .number: "a number"
        case .text(let text): "'\(text)'"
        case .list: "a list"
        case .object(let fields): fields.isEmpty ? "an empty object" : "an object with \(fields.keys.sorted().joined(separator: ", "))"
        }
    }

    /// The texts of a list of texts and numbers.
    func texts(at path: String) throws(FilterError) -> [String] {
        guard case .list(let items) = self else { throw FilterError(path, "expected a list, found \(noun)") }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            guard let text = item.scalar else {
                throw FilterError("\(path)[\(index)]", "expected a text or number, found \(item.noun)")
            }
            texts.append(text)
        }
        return texts
    }

    /// Itself if it is a list, else a list of it alone.
    var listed: JSONValue {
        .list(items)
    }

    /// Its elements if it is a list, else itself alone.
    var items: [JSONValue] {
        if case .list(let items) = self { items } else { [self] }
    }

    /// A text, a number or a truth value as the index has it as a text; nil: it is something else.
    var scalar: String? {
        switch self {
        case .text(let text): text
        case .truth(let value): "\(value)"
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
        case .null, .list, .object: nil
        }
    }
}
