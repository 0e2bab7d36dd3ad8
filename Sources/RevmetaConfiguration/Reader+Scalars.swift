extension Reader {
    /// What a schema allows beside a value's own form: a text with a reference in it.
    fileprivate static func orReference(_ schema: JSON) -> JSON {
        let reference: JSON = .object([("type", .string("string")), ("pattern", .string("\\$\\{"))])
        return .object([("anyOf", .array([schema, reference]))])
    }
}

extension Reader where Value == Wording {
    /// A text that is not empty.
    static let wording = Reader(schema: .object([("type", .string("string")), ("pattern", .string("\\S"))])) {
        element, reading in
        guard case .text(let written) = element.content else {
            let advice = if case .number = element.content { ": put it in quotes" } else { "" }
            reading.report(element.place, "expected a text, found \(element.shown)\(advice)")
            return nil
        }
        guard let text = reading.expand(written, at: element.place) else { return nil }
        let hasReference = References.occur(in: written)
        guard text.contains(where: { !$0.isWhitespace }) else {
            let cause = hasReference ? ": that is what its reference stands for" : ""
            reading.report(element.place, "expected a text, found an empty one\(cause)")
            return nil
        }
        let isPrivate = hasReference || element.isAliased
        return Wording(text: text, shown: isPrivate ? nil : "'\(text)'", place: element.place)
    }
}

extension Reader where Value == String {
    static let text = Reader<Wording>.wording.map(\.text)
}

extension Reader where Value == Bool {
    static let boolean = Reader(schema: orReference(.object([("type", .string("boolean"))]))) { element, reading in
        switch element.content {
        case .boolean(let value):
            return value
        case .text(let written) where References.occur(in: written):
            guard let text = reading.expand(written, at: element.place) else { return nil }
            if text == "true" || text == "false" { return text == "true" }
            reading.report(element.place, "expected true or false, and the reference stands for neither")
        case .text(let written):
            let advice = switch written.lowercased() {
            case "yes", "on", "y", "true": ": write true, without quotes"
            case "no", "off", "n", "false": ": write false, without quotes"
            default: ""
            }
            reading.report(element.place, "expected true or false, found \(element.shown)\(advice)")
        default:
            reading.report(element.place, "expected true or false, found \(element.shown)")
        }
        return nil
    }
}

extension Reader where Value: CaseIterable & RawRepresentable<String> {
    /// One of a closed set of words.
    static func choice() -> Reader {
        let words = Value.allCases.map(\.rawValue)
        let schema: JSON = .object([("enum", .array(words.map(JSON.string)))])
        return Reader(schema: orReference(schema)) { element, reading in
            guard case .text(let written) = element.content else {
                reading.report(element.place, "expected \(words.alternatives), found \(element.shown)")
                return nil
            }
            guard let text = reading.expand(written, at: element.place) else { return nil }
            if let value = Value(rawValue: text) { return value }
            if References.occur(in: written) {
                reading.report(
                    element.place, "expected \(words.alternatives), and the reference stands for none of them")
            } else {
                let suggestion = element.isAliased ? "" : Suggestion.clause(for: text, among: words)
                reading.report(element.place, "expected \(words.alternatives), found \(element.shown)\(suggestion)")
            }
            return nil
        }
    }
}
