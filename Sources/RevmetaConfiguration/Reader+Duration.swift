import RevmetaModel

extension Reader where Value == Duration {
    /// A time: a whole number with its unit, or of seconds.
    static var duration: Reader {
        let pattern = "^[0-9]{1,9}[smhd]?$"
        let schema: JSON = .object([("anyOf", .array([
            .object([("type", .string("integer")), ("minimum", .integer(1))]),
            .object([("type", .string("string")), ("pattern", .string("\(pattern)|\\$\\{"))]),
        ]))])
        return Reader(schema: schema) { element, reading in
            let written: String
            switch element.content {
            case .number(let number): written = number
            case .text(let text):
                guard let expanded = reading.expand(text, at: element.place) else { return nil }
                written = expanded
            default: written = ""
            }
            if let duration = Duration(written: written) { return duration }
            reading.report(
                element.place, "expected a time such as 30s, 10m, 2h or 90d, found \(element.shown)")
            return nil
        }
    }
}
