import RevmetaModel

/// A pattern and where it stands.
struct PlacedPattern: Sendable {
    let pattern: NamePattern
    let wording: Wording

    /// Matches one name only, and that is the pattern's own text.
    var isExactName: Bool {
        !NamePattern.isPattern(pattern.text)
    }
}

extension Reader {
    /// A list; a single scalar is a list of one.
    static func list<Item: Sendable>(
        of item: Reader<Item>, called items: String
    ) -> Reader<[Item]> where Value == [Item] {
        let list: JSON = .object([("type", .string("array")), ("items", item.schema)])
        return Reader(schema: .object([("anyOf", .array([item.schema, list]))])) { element, reading in
            switch element.content {
            case .list(let elements):
                return elements.compactMap { item.read($0, reading) }
            case .nothing, .mapping, .tagged:
                let advice = if case .nothing = element.content { ": write [] for an empty one" } else { "" }
                reading.report(element.place, "expected a list of \(items), found \(element.sort)\(advice)")
                return nil
            case .boolean, .number, .text:
                return item.read(element, reading).map { [$0] }
            }
        }
    }

    /// A list that has to be written as one, and must not be empty.
    static func list<Item: Sendable>(
        ofAtLeastOne item: Reader<Item>, called name: String
    ) -> Reader<[Item]> where Value == [Item] {
        let schema: JSON = .object([("type", .string("array")), ("minItems", .integer(1)), ("items", item.schema)])
        return Reader(schema: schema) { element, reading in
            guard case .list(let elements) = element.content else {
                reading.report(element.place, "expected a list with at least one \(name), found \(element.sort)")
                return nil
            }
            if elements.isEmpty {
                reading.report(element.place, "expected at least one \(name), found an empty list")
            }
            return elements.compactMap { item.read($0, reading) }
        }
    }
}

extension Reader where Value == PlacedPattern {
    static let pattern = Reader(schema: Reader<String>.text.schema) { element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        do throws(NamePattern.Invalid) {
            return PlacedPattern(pattern: try NamePattern(wording.text), wording: wording)
        } catch {
            // The reason repeats the pattern, so it cannot be told where the text is private.
            let isPublic = wording.shown != nil
            reading.report(element.place, isPublic ? error.description : "expected a name, a glob or /…/")
            return nil
        }
    }
}

extension Reader where Value == [PlacedPattern] {
    static let patterns: Reader = .list(of: .pattern, called: "patterns")
}
