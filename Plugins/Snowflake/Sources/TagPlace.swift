import RevmetaPlugin

/// Where the tags of an object lie.
struct TagPlace: Sendable {
    let database: String?
    let schema: String?

    init(_ settings: SnowflakeSettings) {
        database = settings.tagDatabase
        schema = settings.tagSchema
    }

    /// The full name of a tag, as it is to be set on an object; nil: a database lies in no schema that could be meant.
    func tag(_ name: String, on path: [String]) -> ExactName? {
        guard let schema = schema ?? (path.count > 1 ? path[1] : nil) else { return nil }
        return ExactName(database ?? path[0], schema, name)
    }

    static let unknownPlace = "a tag lies in a schema, and a database in none: set tagSchema to where the tags of databases are"
}

extension String {
    /// The tag that an attribute names; nil: it is no tag.
    var tagName: String? {
        hasPrefix("tag.") ? String(dropFirst(4)) : nil
    }
}
