extension Reader where Value == Int {
    /// A whole number within bounds.
    static func integer(_ bounds: ClosedRange<Int>) -> Reader {
        let number: JSON = .object([
            ("type", .string("integer")), ("minimum", .integer(bounds.lowerBound)), ("maximum", .integer(bounds.upperBound)),
        ])
        let reference: JSON = .object([("type", .string("string")), ("pattern", .string("\\$\\{"))])
        return Reader(schema: .object([("anyOf", .array([number, reference]))])) { element, reading in
            let written: String
            switch element.content {
            case .number(let number): written = number
            case .text(let text) where References.occur(in: text):
                guard let expanded = reading.expand(text, at: element.place) else { return nil }
                written = expanded
            default: written = ""
            }
            if let value = Int(written), bounds.contains(value) { return value }
            reading.report(
                element.place,
                "expected a whole number from \(bounds.lowerBound) to \(bounds.upperBound), found \(element.shown)")
            return nil
        }
    }
}
