import RevmetaModel

extension Reader where Value == Duration {
    private static var units: [(suffix: String, seconds: Int64)] { [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)] }

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
            let unit = units.first { written.hasSuffix($0.suffix) }
            let digits = written.dropLast(unit == nil ? 0 : 1)
            if digits.count <= 9, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int64(digits), count > 0 {
                return .seconds(count * (unit?.seconds ?? 1))
            }
            reading.report(
                element.place, "expected a time such as 30s, 10m, 2h or 90d, found \(element.shown)")
            return nil
        }
    }
}
