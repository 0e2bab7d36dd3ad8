import RevmetaModel

extension Reader where Value == Duration {
    /// A time: a whole number with its unit, or of seconds.
    static let duration = duration()

    /// A time within bounds; the upper one is told where it is exceeded.
    static func duration(atLeast least: Duration = .seconds(1), atMost most: (Duration, written: String)? = nil) -> Reader {
        let pattern = "^[0-9]{1,9}[smhd]?$"
        let minimum = JSON.integer(Int(least.components.seconds))
        let schema: JSON = .object([("anyOf", .array([
            .object([("type", .string("integer")), ("minimum", minimum)]),
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
            let duration = Duration(written: written, atLeast: least)
            if let duration, duration <= most?.0 ?? duration { return duration }
            let limit = most.map { " up to \($0.written)" } ?? ""
            reading.report(
                element.place, "expected a time such as 30s, 10m, 2h or 90d\(limit), found \(element.shown)")
            return nil
        }
    }
}
