/// What the catalog describes, in the catalog's five sorts.
///
/// A source may tell them apart further ("view", "function"); its word for an entity is a ``SourceKind``.
public enum EntityKind: String, Sendable, Hashable, CaseIterable, Codable {
    case database
    case schema
    /// Every table-like relation: tables, views, materialized views, foreign tables.
    case table
    /// A column of a table-like relation, or a field nested in one.
    case column
    /// A stored procedure or function.
    case procedure
}

/// The word a source has for an entity's kind: "view", "materialized view", "function".
public typealias SourceKind = String
