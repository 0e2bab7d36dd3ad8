/// Tables of every kind.
struct RelationsPart: ReadingPart {
    private var asked: [Int] = []
    private var schemas = TextArray()
    private var names = TextArray()

    var isEmpty: Bool { asked.isEmpty }

    mutating func ask(_ entity: Int, _ schema: String, _ name: String) {
        asked.append(entity)
        schemas.append(schema)
        names.append(name)
    }

    // Names are compared as texts: as names they would be cut at 63 bytes, and one entity taken for another.
    var queries: [Query] {
        [Query(
            name: "relations",
            text: """
                SELECT asked.position, c.relkind, pg_get_userbyid(c.relowner), d.description
                FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(schema, name, position)
                JOIN pg_namespace n ON n.nspname = asked.schema
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name
                LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
                WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
                """,
            parameters: [schemas.parameter, names.parameter])]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let rows = answers[0]
        for row in 0..<rows.count {
            guard let kind = ObjectKind(relkind: rows.text(row, 1)) else { continue }
            readings[asked[rows.integer(row, 0) - 1]] = .found(
                Found(kind: kind, description: rows.text(row, 3), owner: rows.text(row, 2) ?? ""))
        }
    }
}
