import RevmetaPlugin

/// A catalog query with its parameters, all texts. Each query is prepared once in a session, under its name.
struct Query {
    /// Its name is also the prepared statement's.
    let name: String
    let text: String
    var parameters: [String] = []
}

extension Query {
    /// The statement that runs it once it is prepared, with its end.
    var execution: String {
        var sql = SQL.postgresql
        sql.raw("EXECUTE ")
        sql.name(name)
        for (index, parameter) in parameters.enumerated() {
            sql.raw(index == 0 ? "(" : ", ")
            sql.literal(parameter)
        }
        if !parameters.isEmpty { sql.raw(")") }
        sql.raw(";\n")
        return sql.text
    }
}
