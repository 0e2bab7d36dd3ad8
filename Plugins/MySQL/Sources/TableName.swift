import RevmetaPlugin

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
