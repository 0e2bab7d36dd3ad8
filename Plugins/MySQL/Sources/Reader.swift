import RevmetaPlugin

/// What the source says about one asked entity.
enum Reading {
    case absent
    /// - description: Nil: none, or empty, which the server keeps as one.
    case found(ObjectKind, description: String?)
    /// It exists, but what it holds cannot be told.
    case unknown(ObjectKind, because: String)
}

/// Looks entities up, any number of them in at most four queries.
///
/// Only a user who may not see columns in `information_schema`, as one with nothing but ALTER, costs a query a table.
struct Reader {
    let connection: Connection

    /// Gives what the source says about each entity, in their order.
    func read(_ entities: [Entity], _ call: Call) throws(Failure) -> [Reading] {
        var readings = [Reading](repeating: .absent, count: entities.count)
        var schemas = SchemasPart(), tables = TablesPart(), routines = RoutinesPart()
        for (index, entity) in entities.enumerated() {
            // A kind this connector does not know is some kind of table.
            let kind = ObjectKind(rawValue: entity.kind) ?? .table
            guard entity.path.count == kind.level.depth,
                !entity.path.dropFirst().contains(where: { $0.holdsNUL || $0.holdsUnrepresentable })
            else { continue }
            if let only = connection.settings.onlySchema, kind.level != .database, !entity.path[1].isExactly(only) {
                readings[index] = .unknown(kind, because: "the connection's databaseSchema limits it to \(only)")
                continue
            }
            switch kind.level {
            case .database: readings[index] = .found(.database, description: nil)
            case .schema: schemas.ask(index, entity.path[1])
            case .table: tables.ask(index, entity.path[1], entity.path[2])
            case .column: tables.ask(index, entity.path[1], entity.path[2], column: entity.path[3])
            case .routine: routines.ask(index, entity.path[1], entity.path[2])
            }
        }
        try schemas.read(connection, into: &readings, call)
        try tables.read(connection, into: &readings, call)
        try routines.read(connection, into: &readings, call)
        return readings
    }
}

extension SQL {
    /// Appends `'one', 'two'`.
    mutating func literals(_ texts: some Sequence<String>) {
        var isFirst = true
        for text in texts {
            if !isFirst { raw(", ") }
            isFirst = false
            literal(text)
        }
    }
}

extension String {
    /// Empty and none are one value to the server.
    var ifNotEmpty: String? { isEmpty ? nil : self }
}
