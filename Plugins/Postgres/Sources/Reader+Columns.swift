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
        if let latest, latest.name.utf8.elementsEqual(table.utf8), latest.schema.utf8.elementsEqual(schema.utf8) {
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

    var query: Query {
        Query(
            name: "columns",
            text: """
                SELECT asked.position, a.attname, d.description
                FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(schema, name, position)
                JOIN pg_namespace n ON n.nspname = asked.schema
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_description d
                  ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
                WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
                ORDER BY asked.position, a.attnum
                """,
            parameters: [schemas.parameter, names.parameter])
    }

    func take(_ rows: Rows, into readings: inout [Reading]) {
        var row = 0
        while row < rows.count {
            let position = rows.integer(row, 0)
            let first = row
            repeat { row += 1 } while row < rows.count && rows.integer(row, 0) == position
            take(rows, first..<row, tables[position - 1].columns, &readings)
        }
    }

    /// Catalogs list columns in the table's own order, so the next asked one is tried before a search.
    private func take(
        _ rows: Rows, _ range: Range<Int>, _ asked: [(name: String, entity: Int)], _ readings: inout [Reading]
    ) {
        var next = 0
        for row in range {
            guard next < asked.count, rows.holds(row, 1, asked[next].name) else { continue }
            readings[asked[next].entity] = .found(Found(kind: .column, description: rows.text(row, 2)))
            next += 1
        }
        guard next < asked.count else { return }
        var byName: [ExactText: Int] = [:]
        for row in range { byName[ExactText(rows.text(row, 1) ?? "")] = row }
        for column in asked[next...] {
            guard let row = byName[ExactText(column.name)] else { continue }
            readings[column.entity] = .found(Found(kind: .column, description: rows.text(row, 2)))
        }
    }
}
