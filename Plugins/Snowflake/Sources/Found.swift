/// What the source says about one asked entity.
enum Reading: Sendable {
    case absent
    case found(Found)
    /// It exists, but which object is meant, or what it holds, cannot be told.
    case unknown(kind: ObjectKind, because: String)
}

/// An object of the source, with what the connector reads of it.
struct Found: Sendable {
    var kind: ObjectKind
    /// Nil: none, or empty, which reads as one.
    var description: String?
    /// A role's name; empty for a column.
    var owner = ""
    /// How statements name a routine: with the types of its arguments.
    var routine: Routine?
    /// Nil: nobody asked.
    var tags: Tags?

    struct Routine: Sendable {
        var name: String
        var types: String
    }
}

/// The tags of one object.
struct Tags: Sendable {
    /// Those that somebody set on the object itself, by the tag's database, schema and name.
    var direct: [ExactName: String] = [:]
    /// What else is in force on it: inherited from what it lies in, propagated, or from a classification.
    var derived: [ExactName: String] = [:]
    /// Set: the tags are not known, and why. Then the others say nothing.
    var problem: String?
    /// How many different tags its columns have together, if it has columns that were asked for.
    var countOnColumns = 0
}
