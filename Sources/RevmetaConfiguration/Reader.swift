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

/// A key of a mapping: its only declaration.
struct Key<Value: Sendable>: Sendable {
    let name: String
    let documentation: String
    let reader: Reader<Value>
    /// What holds when the key is absent; nil if it must not be.
    let absent: Value?
    private let schemaDefault: JSON?

    /// A key that must be there.
    init(required name: String, _ reader: Reader<Value>, _ documentation: String) {
        self.init(name, reader, documentation, absent: nil, schemaDefault: nil)
    }

    /// A key with a default that can be told.
    init(_ name: String, _ reader: Reader<Value>, default value: Value, _ documentation: String)
    where Value: JSONRepresentable {
        self.init(name, reader, documentation, absent: value, schemaDefault: value.json)
    }

    /// A key that may be absent.
    init(optional name: String, _ reader: Reader<Value>, otherwise absent: Value, _ documentation: String) {
        self.init(name, reader, documentation, absent: absent, schemaDefault: nil)
    }

    private init(
        _ name: String, _ reader: Reader<Value>, _ documentation: String, absent: Value?, schemaDefault: JSON?
    ) {
        self.name = name
        self.reader = reader
        self.documentation = documentation
        self.absent = absent
        self.schemaDefault = schemaDefault
    }

    var schema: JSON {
        let description = [(key: "description", value: JSON.string(documentation))]
        return reader.schema.adding(description + (schemaDefault.map { [(key: "default", value: $0)] } ?? []))
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
