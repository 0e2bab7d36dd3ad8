import RevmetaPlugin

/// Columns, asked for by table: a table's name crosses once for all of its columns.
struct ColumnsPart: ReadingPart {
    private struct Table {
        var columns: [(name: String, entity: Int)] = []
    }

    private var tables: [Table] = []
    private var positions: [RelationName: Int] = [:]
    private var latest: (schema: String, name: String, position: Int)?
    private var schemas = TextArray()
    private var names = TextArray()

    var isEmpty: Bool { tables.isEmpty }

    mutating func ask(_ entity: Int, _ schema: String, _ table: String, _ column: String) {
        tables[position(schema, table)].columns.append((column, entity))
    }

    private mutating func position(_ schema: String, _ table: String) -> Int {
        // A table's columns nearly always come together.
        if let latest, latest.name.isExactly(table), latest.schema.isExactly(schema) {
            return latest.position
        }
        let key = RelationName(schema, table)
        let position = positions[key] ?? tables.count
        if position == tables.count {
            positions[key] = position
            tables.append(Table())
            schemas.append(schema)
            names.append(table)
        }
        latest = (schema, table, position)
        return position
    }

    // Two queries and not one with an outer join: there the server searches all of a table's comments for each column.
    var queries: [Query] {
        let parameters = [schemas.parameter, names.parameter]
        let tables = """
            FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(schema, name, position)
            JOIN pg_namespace n ON n.nspname = asked.schema
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name
              AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """
        return [
            Query(
                name: "columns",
                text: """
                    SELECT asked.position, a.attnum, a.attname
                    \(tables)
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    ORDER BY asked.position, a.attnum
                    """,
                parameters: parameters),
            Query(
                name: "column comments",
                text: """
                    SELECT asked.position, d.objsubid, d.description
                    \(tables)
                    JOIN pg_description d
                      ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0
                    ORDER BY asked.position, d.objsubid
                    """,
                parameters: parameters),
        ]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let (columns, comments) = (answers[0], answers[1])
        var row = 0
        var comment = 0
        while row < columns.count {
            let position = columns.integer(row, 0)
            var found: [(row: Int, comment: Int?)] = []
            while row < columns.count, columns.integer(row, 0) == position {
                let number = columns.integer(row, 1)
                while comment < comments.count,
                    (comments.integer(comment, 0), comments.integer(comment, 1)) < (position, number) { comment += 1 }
                let isOwn = comment < comments.count && comments.integer(comment, 0) == position
                    && comments.integer(comment, 1) == number
                found.append((row, isOwn ? comment : nil))
                row += 1
            }
            take(found, columns, comments, tables[position - 1].columns, &readings)
        }
    }

    /// Catalogs list columns in the table's own order, so the next asked one is tried before a search.
    private func take(
        _ found: [(row: Int, comment: Int?)], _ columns: Rows, _ comments: Rows, _ asked: [(name: String, entity: Int)],
        _ readings: inout [Reading]
    ) {
        func reading(_ comment: Int?) -> Reading {
            .found(Found(kind: .column, description: comment.flatMap { comments.text($0, 2) }))
        }
        var next = 0
        for (row, comment) in found {
            guard next < asked.count else { return }
            guard columns.holds(row, 2, asked[next].name) else { continue }
            readings[asked[next].entity] = reading(comment)
            next += 1
        }
        guard next < asked.count else { return }
        var byName: [ExactText: Int?] = [:]
        for (row, comment) in found { byName[ExactText(columns.text(row, 2) ?? "")] = .some(comment) }
        for column in asked[next...] {
            guard let comment = byName[ExactText(column.name)] else { continue }
            readings[column.entity] = reading(comment)
        }
    }
}
