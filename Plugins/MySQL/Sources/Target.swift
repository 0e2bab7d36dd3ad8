import RevmetaPlugin

/// What one statement alters: a table with its columns, or a database.
enum Target: Hashable {
    case table(TableName)
    case schema(ExactText)

    /// The target that a change of a description belongs to.
    init(of change: Change) throws(Failure) {
        guard let kind = ObjectKind(rawValue: change.kind) else {
            throw Failure(
                .unsupported, "MySQL and MariaDB have no '\(change.kind)' that could carry a \(change.attribute)")
        }
        guard change.attribute == "description" else {
            throw Failure(
                .unsupported, "MySQL and MariaDB have no notion of '\(change.attribute)' on a \(kind.rawValue); a "
                    + "template can write it in a way of your own")
        }
        guard change.path.count == kind.level.depth else {
            throw Failure(.invalid, "a \(kind.rawValue) has \(kind.level.depth) names, found \(change.path.count)")
        }
        switch kind.level {
        case .schema: self = .schema(ExactText(change.path[1]))
        case .table, .column: self = .table(TableName(change.path[1], change.path[2]))
        case .database, .routine: throw Failure(.unsupported, "no statement describes a \(kind.rawValue)")
        }
    }

    /// For messages.
    var shown: String {
        switch self {
        case .table(let name): "table \(name.shown)"
        case .schema(let name): "schema \(name.text)"
        }
    }

    /// What the server says it is made of.
    func definition(_ connection: Connection, _ call: Call, isDue: Bool = false) throws(Failure) -> Definition {
        switch self {
        case .table(let name): try connection.definition(of: name, call, isDue: isDue)
        case .schema(let name): try connection.definition(ofSchema: name.text, call, isDue: isDue)
        }
    }
}
