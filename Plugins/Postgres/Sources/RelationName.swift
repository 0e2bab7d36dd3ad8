import RevmetaPlugin

/// The schema and name of a table-like object.
struct RelationName: Hashable {
    let schema: ExactText
    let name: ExactText

    init(_ schema: String, _ name: String) {
        self.schema = ExactText(schema)
        self.name = ExactText(name)
    }
}
