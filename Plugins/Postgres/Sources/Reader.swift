import RevmetaPlugin

/// Looks entities up in the catalogs: any number of them in one round trip of at most six queries.
struct Reader {
    let connection: Connection

    /// Gives what the source says about each entity, in their order.
    func read(_ entities: [Entity], _ call: Call) throws(Failure) -> [Reading] {
        do {
            return try readTogether(entities, call)
        } catch {
            // A name that the database's encoding cannot spell does not exist there, and must not hide the others.
            guard error.isUntranslatable else { throw error }
            guard entities.count > 1 else { return [.absent] }
            let middle = entities.count / 2
            return try read(Array(entities[..<middle]), call) + read(Array(entities[middle...]), call)
        }
    }

    private func readTogether(_ entities: [Entity], _ call: Call) throws(Failure) -> [Reading] {
        var database = DatabasePart()
        var schemas = SchemasPart()
        var relations = RelationsPart()
        var columns = ColumnsPart()
        var routines = RoutinesPart()
        for (index, entity) in entities.enumerated() {
            guard let level = level(of: entity) else { continue }
            switch level {
            case .database: database.ask(index)
            case .schema: schemas.ask(index, entity.path[1])
            case .relation: relations.ask(index, entity.path[1], entity.path[2])
            case .column: columns.ask(index, entity.path[1], entity.path[2], entity.path[3])
            case .routine: routines.ask(index, entity.path[1], entity.path[2])
            }
        }
        let parts: [any ReadingPart] = [database, schemas, relations, columns, routines].filter { !$0.isEmpty }
        let queries = parts.map(\.queries)
        var answers = try connection.rows(Array(queries.joined()), call)[...]
        var readings = [Reading](repeating: .absent, count: entities.count)
        for (part, own) in zip(parts, queries) {
            part.take(Array(answers.prefix(own.count)), into: &readings)
            answers = answers.dropFirst(own.count)
        }
        return readings
    }

    /// Where to look for an entity; nil: nowhere, since nothing at this source can have that path.
    private func level(of entity: Entity) -> ObjectKind.Level? {
        // A kind this connector does not know is some kind of table.
        let level = (ObjectKind(rawValue: entity.kind) ?? .table).level
        guard entity.path.count == level.depth, entity.path[0].isExactly(connection.database),
            !entity.path.contains(where: \.holdsNUL)
        else { return nil }
        return level
    }
}

/// The entities of one level, looked up by the same queries.
protocol ReadingPart {
    var isEmpty: Bool { get }
    var queries: [Query] { get }

    /// Takes the answers to its queries, in their order.
    func take(_ answers: [Rows], into readings: inout [Reading])
}

extension Failure {
    fileprivate var isUntranslatable: Bool {
        sqlState.map { ServerError(sqlState: $0, message: "").isUntranslatable } ?? false
    }
}
