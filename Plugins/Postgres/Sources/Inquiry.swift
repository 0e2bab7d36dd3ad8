import RevmetaPlugin

/// What is to be asked about some entities. Making one takes no server.
struct Inquiry {
    let entities: [Entity]
    private let parts: [any ReadingPart]
    /// Of each part.
    private let partQueries: [[Query]]

    /// How much is asked.
    enum Extent {
        /// Whether it is there, and what the source holds.
        case whole
        /// What is written over, for who knew that it is there. Of a column that is gone, the answer says no more than of one
        /// without a comment.
        case whatIsWrittenOver
    }

    /// - Parameter database: The session's own; nothing is found in any other.
    init(_ entities: [Entity], in database: String, _ extent: Extent = .whole) {
        self.entities = entities
        var ownDatabase = DatabasePart()
        var schemas = SchemasPart()
        var relations = RelationsPart()
        var columns = ColumnsPart(), columnComments = ColumnCommentsPart()
        var routines = RoutinesPart()
        var kinds = KindReader()
        for (index, entity) in entities.enumerated() {
            // A kind this connector does not know is some kind of table.
            let level = (kinds.kind(entity.kind) ?? .table).level
            guard Self.isPossible(entity.path, at: level, in: database) else { continue }
            switch level {
            case .database: ownDatabase.ask(index)
            case .schema: schemas.ask(index, entity.path[1])
            case .relation: relations.ask(index, entity.path[1], entity.path[2])
            case .column where extent == .whatIsWrittenOver: columnComments.asked.ask(index, entity.path)
            case .column: columns.asked.ask(index, entity.path)
            case .routine: routines.ask(index, entity.path[1], entity.path[2])
            }
        }
        let all: [any ReadingPart] = [ownDatabase, schemas, relations, columns, columnComments, routines]
        parts = all.filter { !$0.isEmpty }
        partQueries = parts.map(\.queries)
    }

    var queries: [Query] { Array(partQueries.joined()) }

    /// What the answers to the queries say about each entity, in their order.
    func readings(_ answers: [Rows]) -> [Reading] {
        var readings = [Reading](repeating: .absent, count: entities.count)
        var left = answers[...]
        for (part, own) in zip(parts, partQueries) {
            part.take(Array(left.prefix(own.count)), into: &readings)
            left = left.dropFirst(own.count)
        }
        return readings
    }

    /// Whether something at this source can have a path.
    private static func isPossible(_ path: [String], at level: ObjectKind.Level, in database: String) -> Bool {
        path.count == level.depth && path[0].isExactly(database) && !path.contains(where: \.holdsNUL)
    }
}
