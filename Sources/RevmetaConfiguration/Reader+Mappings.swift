import RevmetaModel

/// One entry of a mapping whose keys are names.
struct Named<Value: Sendable>: Sendable {
    let name: String
    let place: Place
    /// Nil if what the name stands for could not be read.
    let value: Value?
}

extension Reader {
    /// A mapping of exactly these keys.
    ///
    /// `make` gets all that could be read, even if something is missing, so that it can check the rest.
    static func mapping<each Field: Sendable>(
        _ keys: repeat Key<each Field>,
        make: @escaping @Sendable (Element, Reading, Fields<repeat each Field>) -> Value?
    ) -> Reader {
        var names: [String] = [], spellings: [String] = []
        var required: [JSON] = []
        var properties: [(key: String, value: JSON)] = []
        for key in repeat each keys {
            for member in key.members {
                spellings.append(member.name)
                if !member.isSpelling { names.append(member.name) }
                properties.append((member.name, member.schema))
                if member.isRequired { required.append(.string(member.name)) }
            }
        }
        let known = names, all = spellings
        var schema: [(key: String, value: JSON)] = [("type", .string("object"))]
        if !required.isEmpty { schema.append(("required", .array(required))) }
        schema += [("additionalProperties", .boolean(false)), ("properties", .object(properties))]

        return Reader(schema: .object(schema)) { element, reading in
            guard let entries = entries(of: element, reading) else { return nil }
            for entry in entries where !all.contains(entry.key) {
                let place = Place(position: entry.keyPosition, steps: element.place.steps)
                let suggestion = Suggestion.clause(for: entry.key, among: all, otherwise: ".")
                reading.report(
                    place, "unknown key '\(entry.key)'\(suggestion) Known keys: \(known.joined(separator: ", "))")
            }
            let fields = Fields(read: (repeat (each keys).read(entries, element, reading)))
            return make(element, reading, fields)
        }
    }

    /// A mapping of names to values of one sort.
    static func names<Item: Sendable>(to item: Reader<Item>) -> Reader where Value == [Named<Item>] {
        let schema: JSON = .object([
            ("type", .string("object")), ("propertyNames", .object([("pattern", .string("\\S"))])),
            ("additionalProperties", item.schema),
        ])
        return Reader(schema: schema) { element, reading in
            entries(of: element, reading)?.map { entry in
                if !entry.key.contains(where: { !$0.isWhitespace }) {
                    let place = Place(position: entry.keyPosition, steps: element.place.steps)
                    reading.report(place, "expected a name as key, found an empty one")
                }
                return Named(name: entry.key, place: entry.value.place, value: item.read(entry.value, reading))
            }
        }
    }
}

/// The entries of a mapping, each key once; anything else is reported.
private func entries(of element: Element, _ reading: Reading) -> [Element.Entry]? {
    guard case .mapping(let entries) = element.content else {
        let advice = if case .nothing = element.content { ": write {} for an empty one" } else { "" }
        reading.report(element.place, "expected a mapping, found \(element.sort)\(advice)")
        return nil
    }
    var first: [String: ConfigurationProblem.Position] = [:]
    return entries.filter { entry in
        guard let earlier = first.updateValue(entry.keyPosition, forKey: entry.key) else { return true }
        first[entry.key] = earlier
        let place = Place(position: entry.keyPosition, steps: element.place.steps)
        reading.report(
            place, "the key '\(entry.key)' stands twice, first at line \(earlier.line), column \(earlier.column)")
        return false
    }
}
