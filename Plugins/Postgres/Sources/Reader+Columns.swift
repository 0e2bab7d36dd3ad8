import RevmetaPlugin

/// Columns, asked for by table: a table's name crosses once for all of its columns.
struct AskedColumns {
    /// Columns of one table, in the order in which they were asked for.
    typealias OfTable = [(name: String, entity: Int)]

    private var tables: [OfTable] = []
    private var positions: [RelationName: Int] = [:]
    private var latest: (schema: String, name: String, position: Int)?
    private var schemas = TextArray()
    private var names = TextArray()

    var isEmpty: Bool { tables.isEmpty }

    mutating func ask(_ entity: Int, _ path: [String]) {
        tables[position(path[1], path[2])].append((path[3], entity))
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
            tables.append([])
            schemas.append(schema)
            names.append(table)
        }
        latest = (schema, table, position)
        return position
    }

    /// What queries about them read from: the tables `c` that are there, each with its `asked.position`, which counts from 1.
    static let fromTables = """
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(schema, name, position)
        JOIN pg_namespace n ON n.nspname = asked.schema
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """

    var parameters: [String] { [schemas.parameter, names.parameter] }

    /// Calls back for each table that is there, with its rows: a position stands in their first field, and they rise by it.
    func forEachTable(in rows: Rows, _ body: (_ position: Int, _ columns: OfTable, _ range: Range<Int>) -> Void) {
        var start = 0
        while start < rows.count {
            let position = rows.integer(start, 0)
            var end = start + 1
            while end < rows.count, rows.integer(end, 0) == position { end += 1 }
            body(position, tables[position - 1], start..<end)
            start = end
        }
    }
}

/// Columns: which are there, and their comments.
struct ColumnsPart: ReadingPart {
    var asked = AskedColumns()

    var isEmpty: Bool { asked.isEmpty }

    // Two queries and not one with an outer join: there the server searches all of a table's comments for each column.
    var queries: [Query] {
        [
            Query(
                name: "columns",
                text: """
                    SELECT asked.position, a.attnum, a.attname
                    \(AskedColumns.fromTables)
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    ORDER BY asked.position, a.attnum
                    """,
                parameters: asked.parameters),
            Query(
                name: "column comments",
                text: """
                    SELECT asked.position, d.objsubid, d.description
                    \(AskedColumns.fromTables)
                    JOIN pg_description d
                      ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0
                    ORDER BY asked.position, d.objsubid
                    """,
                parameters: asked.parameters),
        ]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let (columns, comments) = (answers[0], answers[1])
        var comment = 0
        asked.forEachTable(in: columns) { position, ofTable, range in
            let ofRows = range.map { row -> Int? in
                let number = columns.integer(row, 1)
                while comment < comments.count,
                    (comments.integer(comment, 0), comments.integer(comment, 1)) < (position, number) { comment += 1 }
                let isOwn = comment < comments.count && comments.integer(comment, 0) == position
                    && comments.integer(comment, 1) == number
                return isOwn ? comment : nil
            }
            var named = NamedRows(columns, range, column: 2)
            for column in ofTable {
                guard let row = named.row(named: column.name) else { continue }
                let comment = ofRows[row - range.lowerBound]
                readings[column.entity] = .found(
                    Found(kind: .column, description: comment.flatMap { comments.text($0, 2) }))
            }
        }
    }
}

/// The comments of columns, for who knew that the columns are there.
///
/// Not asked is which columns a table has: most of what is written was empty before, and to list all columns once more takes the
/// server longer than that. A column that is gone is read as one without a comment; its table must be there.
struct ColumnCommentsPart: ReadingPart {
    var asked = AskedColumns()

    var isEmpty: Bool { asked.isEmpty }

    var queries: [Query] {
        [Query(
            name: "column comments by name",
            text: """
                SELECT asked.position, a.attname, d.description
                \(AskedColumns.fromTables)
                LEFT JOIN pg_description d
                  ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
                ORDER BY asked.position, d.objsubid
                """,
            parameters: asked.parameters)]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let comments = answers[0]
        asked.forEachTable(in: comments) { _, ofTable, range in
            var named = NamedRows(comments, range, column: 1)
            for column in ofTable {
                let row = named.row(named: column.name)
                readings[column.entity] = .found(Found(kind: .column, description: row.flatMap { comments.text($0, 2) }))
            }
        }
    }
}
