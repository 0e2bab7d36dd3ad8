/// What the source says about one asked entity.
enum Reading {
    case absent
    case found(Found)
    /// It exists, but which object is meant cannot be told.
    case unknown(kind: ObjectKind, because: String)
}

/// An object of the source, with what the connector reads of it.
struct Found {
    var kind: ObjectKind
    /// Nil: none, or empty, which the server keeps as one.
    var description: String?
    /// Empty for a column.
    var owner = ""
    var routine: Routine?

    /// How statements name a routine. Elsewhere, since a table's columns have none, and are thousands.
    final class Routine {
        let name: String
        /// With modes, names and types, every type outside pg_catalog qualified, all quoted where needed.
        let arguments: String

        init(name: String, arguments: String) {
            self.name = name
            self.arguments = arguments
        }
    }
}
