/// A database, schema, table or stored procedure as the catalog answers it; each has some of the fields.
struct EntityAnswer: Decodable {
    var name: String?
    var fullyQualifiedName: String?
    var displayName: String?
    var description: String?
    var service: ReferenceAnswer?
    var serviceType: String?
    var database: ReferenceAnswer?
    var databaseSchema: ReferenceAnswer?
    var tableType: String?
    var columns: [ColumnAnswer]?
    var owners: [OwnerAnswer]?
    /// What stood for `owners` before OpenMetadata 1.5.
    var owner: OwnerAnswer?
    var tags: [TagAnswer]?
    var deleted: Bool?
}

/// A column of a table, or a field nested in one.
struct ColumnAnswer: Decodable {
    var name: String
    var displayName: String?
    var description: String?
    var tags: [TagAnswer]?
    var children: [ColumnAnswer]?
}

/// A reference to the service, database or schema that holds an entity.
struct ReferenceAnswer: Decodable {
    var name: String?
    var fullyQualifiedName: String?
}

/// A reference to whoever owns an entity.
struct OwnerAnswer: Decodable {
    var id: String?
    var type: String
    var name: String?
    var inherited: Bool?
}

/// A tag on an entity or column.
struct TagAnswer: Decodable {
    var tagFQN: String
    var source: String?
    var state: String?
}

/// A database service.
struct ServiceAnswer: Decodable {
    var name: String
    var serviceType: String
}

/// A user or team.
struct PrincipalAnswer: Decodable {
    var id: String
    var name: String
}
