/// A text as a key, equal to another only byte for byte.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (one: ExactText, other: ExactText) -> Bool {
        one.text.isExactly(other.text)
    }

    // Texts of the same bytes have the same hash, which is all that a hash must promise.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

/// The schema and name of a table-like object.
struct RelationName: Hashable {
    let schema: ExactText
    let name: ExactText

    init(_ schema: String, _ name: String) {
        self.schema = ExactText(schema)
        self.name = ExactText(name)
    }
}
