/// A key of a mapping: its only declaration. Or several keys that make one value together.
struct Key<Value: Sendable>: Sendable {
    /// What can stand in the mapping.
    struct Member: Sendable {
        let name: String
        let schema: JSON
        let isRequired: Bool
        /// Another spelling of the member before it.
        let isSpelling: Bool
    }

    let members: [Member]
    /// The value, or nil after the reasons have been reported.
    let read: @Sendable ([Element.Entry], Element, Reading) -> Value?

    /// The name, which the first spelling is.
    var name: String { members[0].name }

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
        let description = [(key: "description", value: JSON.string(documentation))]
        let schema = reader.schema.adding(description + (schemaDefault.map { [(key: "default", value: $0)] } ?? []))
        members = [Member(name: name, schema: schema, isRequired: absent == nil, isSpelling: false)]
        read = { entries, element, reading in
            if let entry = entries.first(where: { $0.key == name }) { return reader.read(entry.value, reading) }
            if absent == nil {
                let place = Place(position: element.origin, steps: element.place.steps)
                reading.report(place, "the key '\(name)' is missing")
            }
            return absent
        }
    }

    private init(_ members: [Member], read: @escaping @Sendable ([Element.Entry], Element, Reading) -> Value?) {
        self.members = members
        self.read = read
    }

    /// The same key, which may also be spelled otherwise, but not both ways in one mapping.
    func or(_ spelling: String) -> Key {
        let name = name, original = read
        let other = Member(name: spelling, schema: members[0].schema, isRequired: false, isSpelling: true)
        return Key(members + [other]) { entries, element, reading in
            guard let entry = entries.first(where: { $0.key == spelling }) else { return original(entries, element, reading) }
            guard !entries.contains(where: { $0.key == name }) else {
                let place = Place(position: entry.keyPosition, steps: element.place.steps)
                reading.report(place, "'\(spelling)' and '\(name)' say the same: write one of them")
                return nil
            }
            return original(
                [Element.Entry(key: name, keyPosition: entry.keyPosition, value: entry.value)], element, reading)
        }
    }

    /// Keys that make one value together; they stand beside the others.
    static func group<each Field: Sendable>(
        _ keys: repeat Key<each Field>, make: @escaping @Sendable (Element, Reading, Fields<repeat each Field>) -> Value?
    ) -> Key {
        var members: [Member] = []
        for key in repeat each keys { members += key.members.map { Member($0) } }
        return Key(members) { entries, element, reading in
            make(element, reading, Fields(read: (repeat (each keys).read(entries, element, reading))))
        }
    }
}

extension Key.Member {
    init<Other>(_ other: Key<Other>.Member) {
        self.init(name: other.name, schema: other.schema, isRequired: other.isRequired, isSpelling: other.isSpelling)
    }
}
