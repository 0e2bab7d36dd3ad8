import RevmetaPlugin

/// How the relation that the last statement was about stands in statements. A table's columns nearly always come together,
/// and what leads to them is quoted once.
struct RelationSpelling {
    private var names: [String] = []
    private var spelled = SQL.postgresql

    /// Appends the names of a column, as its path has them.
    mutating func append(column path: [String], to sql: inout SQL) {
        if !isLatest(path) {
            names = Array(path[1...2])
            spelled = .postgresql
            spelled.name(names)
            spelled.raw(".")
        }
        sql.append(spelled)
        sql.name(path[3])
    }

    private func isLatest(_ path: [String]) -> Bool {
        names.count == 2 && path[2].isExactly(names[1]) && path[1].isExactly(names[0])
    }
}
