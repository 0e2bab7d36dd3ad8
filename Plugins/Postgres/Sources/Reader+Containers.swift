/// The session's own database.
struct DatabasePart: ReadingPart {
    private var asked: [Int] = []

    var isEmpty: Bool { asked.isEmpty }

    mutating func ask(_ entity: Int) {
        asked.append(entity)
    }

    var queries: [Query] {
        [Query(
            name: "database",
            text: """
                SELECT pg_get_userbyid(d.datdba), s.description
                FROM pg_database d
                LEFT JOIN pg_shdescription s ON s.classoid = 'pg_database'::regclass AND s.objoid = d.oid
                WHERE d.datname = current_database()
                """)]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let rows = answers[0]
        guard rows.count == 1 else { return }
        let found = Found(kind: .database, description: rows.text(0, 1), owner: rows.text(0, 0) ?? "")
        for entity in asked { readings[entity] = .found(found) }
    }
}

struct SchemasPart: ReadingPart {
    private var asked: [Int] = []
    private var names = TextArray()

    var isEmpty: Bool { asked.isEmpty }

    mutating func ask(_ entity: Int, _ schema: String) {
        asked.append(entity)
        names.append(schema)
    }

    var queries: [Query] {
        [Query(
            name: "schemas",
            text: """
                SELECT asked.position, pg_get_userbyid(n.nspowner), d.description
                FROM unnest($1::text[]) WITH ORDINALITY AS asked(name, position)
                JOIN pg_namespace n ON n.nspname = asked.name
                LEFT JOIN pg_description d
                  ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
                """,
            parameters: [names.parameter])]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let rows = answers[0]
        for row in 0..<rows.count {
            readings[asked[rows.integer(row, 0) - 1]] = .found(
                Found(kind: .schema, description: rows.text(row, 2), owner: rows.text(row, 1) ?? ""))
        }
    }
}
