internal import RevmetaPlugin

/// Notes as statements: the names are those of the schema, the table and the column.
extension Note {
    private static let kinds = ["schema", "table", "column"]

    /// The kind of the thing. Nil: nothing has this many names.
    var kind: String? { names.count <= Note.kinds.count ? Note.kinds[names.count - 1] : nil }

    /// The note that makes a change. Throws why there is none.
    init(making change: Change) throws(Failure) {
        try Ability.check(change.kind, change.attribute, change.value)
        guard let verb = Verb(attribute: change.attribute), let names = Note.names(kind: change.kind, path: change.path)
        else { throw Note.notFound(change.path.joined(separator: "/")) }
        self.init(verb: verb, names: names, value: change.value)
    }

    /// An entity's names, without the database's. Nil: there are not as many as its kind has.
    static func names(kind: String, path: [String]) -> [String]? {
        guard let index = kinds.firstIndex(where: { $0.isSame(as: kind) }), path.count == index + 2 else { return nil }
        return Array(path.dropFirst())
    }

    static func notFound(_ name: String) -> Failure {
        Failure(.notFound, "there is no '\(name)' in the folder of the data")
    }
}
