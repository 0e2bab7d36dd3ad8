import RevmetaPlugin

/// How statements about the columns of a relation begin. A table's columns nearly always come together, and what is before
/// their own names is spelled once.
struct RelationSpelling {
    private var names: [String] = []
    private var beginning = SQL.postgresql

    /// Begins a comment on the column of a path.
    mutating func comment(onColumn path: [String]) -> SQL {
        if !isLatest(path) {
            names = Array(path[1...2])
            beginning = .postgresql
            beginning.raw("COMMENT ON ")
            beginning.raw(ObjectKind.column.keyword)
            beginning.name(names)
            beginning.raw(".")
        }
        var sql = SQL.postgresql
        sql.append(beginning)
        sql.name(path[3])
        return sql
    }

    private func isLatest(_ path: [String]) -> Bool {
        names.count == 2 && path[2].isExactly(names[1]) && path[1].isExactly(names[0])
    }
}
