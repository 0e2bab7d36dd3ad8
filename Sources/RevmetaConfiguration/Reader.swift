/// How one sort of value is read: what a schema says of it, and how a value is made of an element.
///
/// Schema and reading stand together so that neither can allow what the other forbids.
struct Reader<Value: Sendable>: Sendable {
    let schema: JSON
    /// The value, or nil after the reasons have been reported.
    let read: @Sendable (Element, Reading) -> Value?

    init(schema: JSON, read: @escaping @Sendable (Element, Reading) -> Value?) {
        self.schema = schema
        self.read = read
    }

    func map<Other: Sendable>(_ change: @escaping @Sendable (Value) -> Other) -> Reader<Other> {
        Reader<Other>(schema: schema) { element, reading in read(element, reading).map(change) }
    }
}

extension Reader {
    /// A text, or something else.
    static func either(text: Reader, otherwise other: Reader) -> Reader {
        Reader(schema: .object([("anyOf", .array([text.schema, other.schema]))])) { element, reading in
            if case .text = element.content { return text.read(element, reading) }
            return other.read(element, reading)
        }
    }
}

/// What can stand as a default in a schema.
protocol JSONRepresentable {
    var json: JSON { get }
}

extension Bool: JSONRepresentable {
    var json: JSON { .boolean(self) }
}

extension String: JSONRepresentable {
    var json: JSON { .string(self) }
}

extension JSONRepresentable where Self: RawRepresentable<String> {
    var json: JSON { .string(rawValue) }
}
