import RevmetaPlugin

/// Schemas to be looked up, which the server calls databases.
struct SchemasPart {
    private var asked: [ExactText: [Int]] = [:]

    mutating func ask(_ entity: Int, _ schema: String) {
        asked[ExactText(schema), default: []].append(entity)
    }

    func read(_ connection: Connection, into readings: inout [Reading], _ call: Call) throws(Failure) {
        guard !asked.isEmpty else { return }
        var sql = SQL(.mysql)
        sql.raw("SELECT SCHEMA_NAME, ")
        sql.raw(connection.flavour.hasSchemaComments ? "SCHEMA_COMMENT" : "''")
        sql.raw(" FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (")
        sql.literals(asked.keys.map(\.text))
        sql.raw(")")
        let rows = try connection.rows(sql.text, of: "reading the databases", call)
        while rows.next() {
            for entity in asked[ExactText(rows.text(0) ?? "")] ?? [] {
                readings[entity] = .found(.schema, description: rows.text(1)?.ifNotEmpty)
            }
        }
    }
}
