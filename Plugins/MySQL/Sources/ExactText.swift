import RevmetaPlugin

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

/// A database of the server, which a catalog calls a schema, and a table of it.
struct TableName: Hashable {
    let schema: ExactText
    let table: ExactText

    init(_ schema: String, _ table: String) {
        self.schema = ExactText(schema)
        self.table = ExactText(table)
    }

    /// `` `schema`.`table` ``
    var quoted: String {
        ServerText.quoted(schema.text) + "." + ServerText.quoted(table.text)
    }
}

extension ServerText {
    /// A name as a quoted identifier.
    static func quoted(_ name: String) -> String {
        var sql = SQL(.mysql)
        sql.name(name)
        return sql.text
    }
}
