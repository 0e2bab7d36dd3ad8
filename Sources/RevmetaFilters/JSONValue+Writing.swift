internal import RevmetaModel

/// For telling a filter that says what is meant.
extension JSONValue {
    /// Its text in JSON, on one line.
    var json: String {
        switch self {
        case .null: "null"
        case .truth, .number: scalar ?? "null"
        case .text(let text): text.inJSON
        case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
        case .object(let fields):
            "{\(fields.sorted { $0.key < $1.key }.map { "\($0.key.inJSON):\($0.value.json)" }.joined(separator: ","))}"
        }
    }

    /// The same with another value in each place where one stands that is equal to `old`.
    func replacing(_ old: JSONValue, by new: JSONValue) -> JSONValue {
        if self == old { return new }
        return switch self {
        case .null, .truth, .number, .text: self
        case .list(let items): .list(items.map { $0.replacing(old, by: new) })
        case .object(let fields): .object(fields.mapValues { $0.replacing(old, by: new) })
        }
    }
}
