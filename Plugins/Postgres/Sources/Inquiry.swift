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
        for (index, entity) in entities.enumerated() {
            guard let level = Self.level(of: entity, in: database) else { continue }
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

    /// Where to look for an entity; nil: nowhere, since nothing at this source can have that path.
    private static func level(of entity: Entity, in database: String) -> ObjectKind.Level? {
        // A kind this connector does not know is some kind of table.
        let level = (ObjectKind(rawValue: entity.kind) ?? .table).level
        guard entity.path.count == level.depth, entity.path[0].isExactly(database),
            !entity.path.contains(where: \.holdsNUL)
        else { return nil }
        return level
    }
}
