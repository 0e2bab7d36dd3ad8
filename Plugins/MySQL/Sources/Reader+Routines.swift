import RevmetaPlugin

/// Procedures and functions to be looked up. A procedure and a function may have one name.
struct RoutinesPart {
    private var asked: [TableName: [Int]] = [:]

    mutating func ask(_ entity: Int, _ schema: String, _ name: String) {
        asked[TableName(schema, name), default: []].append(entity)
    }

    func read(_ connection: Connection, into readings: inout [Reading], _ call: Call) throws(Failure) {
        guard !asked.isEmpty else { return }
        var sql = SQL(.mysql)
        sql.raw("SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES")
        sql.raw(" WHERE ROUTINE_SCHEMA IN (")
        sql.literals(Set(asked.keys.map(\.schema)).map(\.text))
        sql.raw(")")
        let rows = try connection.rows(sql.text, of: "reading the routines", call)
        while rows.next() {
            let kind: ObjectKind = rows.text(2) == "FUNCTION" ? .function : .procedure
            for entity in asked[TableName(rows.text(0) ?? "", rows.text(1) ?? "")] ?? [] {
                if case .found = readings[entity] {
                    readings[entity] = .unknown(kind, because: "a procedure and a function have this name")
                } else {
                    readings[entity] = .found(kind, description: nil)
                }
            }
        }
    }
}
