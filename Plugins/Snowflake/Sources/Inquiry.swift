import RevmetaODBC
import RevmetaPlugin

/// Entities that are looked up together: which questions that takes, and what their answers say of each.
struct Inquiry {
    private let entities: [Entity]
    private var databases: [ExactName: Found] = [:]
    private var schemas: [ExactName: Found] = [:]
    private var relations: [ExactName: Found] = [:]
    private var stages: [ExactName: Found] = [:]
    private var columns: [ExactName: String?] = [:]
    private var routines: [ExactName: [Found]] = [:]

    /// Names in one question; a statement has a limit.
    private static let mostNames = 1000

    init(_ entities: [Entity]) {
        self.entities = entities
    }

    /// The catalog's five kinds, or the source's own of something that was read before.
    private static func level(_ entity: Entity) -> ObjectKind.Level? {
        switch entity.kind {
        case "table": .relation
        case "procedure": .routine
        default: ObjectKind(rawValue: entity.kind)?.level
        }
    }

    var firstQuestions: [Question] {
        var questions: [Question] = []
        var schemasByDatabase = Groups(), relations = Groups(), columns = Groups(), routines = Groups()
        var databases = Groups()
        for entity in entities {
            let path = entity.path
            guard let level = Self.level(entity), path.count >= level.depth else { continue }
            switch level {
            case .database: databases.add(path[0], to: ExactName())
            case .schema: schemasByDatabase.add(path[1], to: ExactName(path[0]))
            case .relation, .stage: relations.add(path[2], to: ExactName(path[0], path[1]))
            case .column:
                relations.add(path[2], to: ExactName(path[0], path[1]))
                columns.add(path[2], to: ExactName(path[0], path[1]))
            case .routine:
                for name in RoutineName.candidates(path[2]) { routines.add(name.name, to: ExactName(path[0], path[1])) }
            }
        }
        questions += databases.chunks(of: .max).flatMap { $0.names.map { .database($0) } }
        questions += schemasByDatabase.chunks(of: Self.mostNames).map { .schemas(in: $0.place.names[0], names: $0.names) }
        questions += relations.chunks(of: Self.mostNames).map { .relations(in: $0.place, names: $0.names) }
        questions += columns.chunks(of: Self.mostNames).map { .columns(in: $0.place, tables: $0.names) }
        questions += routines.chunks(of: Self.mostNames).flatMap { chunk in
            [.procedure, .function].map { .routines($0, in: chunk.place, names: chunk.names) }
        }
        return questions
    }

    /// What was no table may be a stage, which catalogs list among the tables.
    var secondQuestions: [Question] {
        var stages = Groups()
        for entity in entities where entity.path.count == 3 {
            guard let level = Self.level(entity), level == .relation || level == .stage else { continue }
            guard relations[ExactName(entity.path)] == nil else { continue }
            stages.add(entity.path[2], to: ExactName(entity.path[0], entity.path[1]))
        }
        return stages.chunks(of: Self.mostNames).map { .stages(in: $0.place, names: $0.names) }
    }

    mutating func take(_ question: Question, _ rows: Rows) {
        func text(_ row: Int, _ column: String) -> String { rows.text(row, column) ?? "" }
        func comment(_ row: Int) -> String? {
            rows.text(row, "COMMENT").flatMap { $0.isEmpty ? nil : $0 }
        }
        for row in 0..<rows.count {
            switch question {
            case .database(let name):
                databases[ExactName(name)] = Found(
                    kind: .database, description: comment(row), owner: text(row, "DATABASE_OWNER"))
            case .schemas(let database, _):
                schemas[ExactName(database, text(row, "SCHEMA_NAME"))] = Found(
                    kind: .schema, description: comment(row), owner: text(row, "SCHEMA_OWNER"))
            case .relations(let schema, _):
                guard let kind = ObjectKind(tableRow: row, rows) else { continue }
                relations[ExactName(schema.names + [text(row, "TABLE_NAME")])] = Found(
                    kind: kind, description: comment(row), owner: text(row, "TABLE_OWNER"))
            case .columns(let schema, _):
                columns[ExactName(schema.names + [text(row, "TABLE_NAME"), text(row, "COLUMN_NAME")])] = .some(comment(row))
            case .stages(let schema, _):
                stages[ExactName(schema.names + [text(row, "STAGE_NAME")])] = Found(
                    kind: .stage, description: comment(row), owner: text(row, "STAGE_OWNER"))
            case .routines(let kind, let schema, _):
                let word = kind == .procedure ? "PROCEDURE" : "FUNCTION", name = text(row, "\(word)_NAME")
                routines[ExactName(schema.names + [name]), default: []].append(Found(
                    kind: kind, description: comment(row), owner: text(row, "\(word)_OWNER"),
                    routine: Found.Routine(name: name, types: RoutineSignature.types(text(row, "ARGUMENT_SIGNATURE")))))
            case .tags, .columnTags, .usage: break
            }
        }
    }

    var readings: [Reading] {
        entities.map { entity in
            let path = entity.path
            guard let level = Self.level(entity), path.count >= level.depth else { return .absent }
            switch level {
            case .database: return databases[ExactName(path[0])].map(Reading.found) ?? .absent
            case .schema: return schemas[ExactName(path[0], path[1])].map(Reading.found) ?? .absent
            case .relation, .stage:
                let name = ExactName(path)
                return (relations[name] ?? stages[name]).map(Reading.found) ?? .absent
            case .column: return column(path)
            case .routine: return routine(path, kind: ObjectKind(rawValue: entity.kind))
            }
        }
    }

    private func column(_ path: [String]) -> Reading {
        guard let table = relations[ExactName(path.prefix(3))], let comment = columns[ExactName(path.prefix(4))] else {
            return .absent
        }
        guard path.count == 4 else {
            return .unknown(kind: table.kind.column, because: "Snowflake keeps nothing about the fields inside of a column")
        }
        return .found(Found(kind: table.kind.column, description: comment))
    }

    private func routine(_ path: [String], kind: ObjectKind?) -> Reading {
        let matches = RoutineName.candidates(path[2]).flatMap { candidate in
            (routines[ExactName(path[0], path[1], candidate.name)] ?? []).filter { found in
                guard let types = candidate.types, let own = found.routine?.types else { return true }
                return RoutineSignature.normalized(own) == RoutineSignature.normalized(types)
            }
        }
        // The catalog calls both a procedure; what was read as a function is no procedure any more.
        let meant = kind == .function ? matches.filter { $0.kind == .function } : matches
        guard let first = meant.first else { return .absent }
        guard meant.count == 1 else {
            let choices = meant.prefix(8).map { "\($0.routine?.name ?? "")(\($0.routine?.types ?? ""))" }
            return .unknown(
                kind: first.kind,
                because: "ambiguous: \(meant.count) routines are named \(path[2]); give the argument types: "
                    + choices.joined(separator: ", ") + (meant.count > 8 ? ", …" : ""))
        }
        return .found(first)
    }
}

/// What the name of a routine may mean, as the catalog has it: `REFUND`, or `REFUND(NUMBER, VARCHAR)`.
struct RoutineName {
    var name: String
    /// Nil: the text is the name itself.
    var types: String?

    static func candidates(_ text: String) -> [RoutineName] {
        var candidates = [RoutineName(name: text)]
        guard text.last == ")", let open = text.firstIndex(of: "(") else { return candidates }
        let name = text[..<open].reversed().drop { $0 == " " }.reversed()
        candidates.append(RoutineName(name: String(name), types: String(text[text.index(after: open)...].dropLast())))
        return candidates
    }
}

/// Names, each once, by the place that they lie in.
private struct Groups {
    private var names: [ExactName: [String]] = [:]
    private var order: [ExactName] = []
    private var known: Set<ExactName> = []

    mutating func add(_ name: String, to place: ExactName) {
        guard known.insert(ExactName(place.names + [name])).inserted else { return }
        if names[place] == nil { order.append(place) }
        names[place, default: []].append(name)
    }

    func chunks(of size: Int) -> [(place: ExactName, names: [String])] {
        order.flatMap { place in
            let names = self.names[place] ?? []
            return stride(from: 0, to: names.count, by: size).map { start in
                (place, Array(names[start..<min(names.count, size > names.count ? names.count : start + size)]))
            }
        }
    }
}

extension ObjectKind {
    /// From a row of INFORMATION_SCHEMA.TABLES; nil: not a kind that this connector knows.
    fileprivate init?(tableRow row: Int, _ rows: Rows) {
        func isYes(_ column: String) -> Bool { rows.text(row, column)?.uppercased() == "YES" }
        switch rows.text(row, "TABLE_TYPE") {
        case "VIEW": self = .view
        case "MATERIALIZED VIEW": self = .materializedView
        case "EXTERNAL TABLE": self = .externalTable
        case "EVENT TABLE": self = .eventTable
        case "BASE TABLE", "TEMPORARY TABLE", "LOCAL TEMPORARY":
            self = isYes("IS_ICEBERG") ? .icebergTable : isYes("IS_DYNAMIC") ? .dynamicTable
                : isYes("IS_TRANSIENT") ? .transientTable : .table
        default: return nil
        }
    }
}
