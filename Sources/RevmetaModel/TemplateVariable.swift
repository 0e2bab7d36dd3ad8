/// What a template can put into a statement. The names are Collate's, where it has one.
public enum TemplateVariable: String, Sendable, Hashable, CaseIterable, Codable {
    case database, schema, table, column, procedure
    case description, owner
    /// One tag: its classification and its name within that.
    case tagKey = "tag_key"
    case tagValue = "tag_value"
    /// All tags of the entity, as pairs.
    case tags
    /// The whole entity as the catalog has it, for engines with logic.
    case entity

    /// What a value of it is.
    public enum Role: Int32, Sendable {
        /// Bare, it becomes a quoted identifier.
        case name = 0
        /// Bare, it becomes a literal.
        case text = 1
        case pairs = 2
        case json = 3
    }

    public var role: Role {
        switch self {
        case .database, .schema, .table, .column, .procedure, .owner, .tagKey: .name
        case .description, .tagValue: .text
        case .tags: .pairs
        case .entity: .json
        }
    }
}
