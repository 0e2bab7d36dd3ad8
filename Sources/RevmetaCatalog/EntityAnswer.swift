/// A database, schema, table or stored procedure as the catalog answers it; each has some of the fields.
package struct EntityAnswer: Decodable, Equatable, Sendable {
    var id: String?
    var name: String?
    package var fullyQualifiedName: String?
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
    var domains: [ReferenceAnswer]?
    /// What stood for `domains` before OpenMetadata 1.9.
    var domain: ReferenceAnswer?
    var dataProducts: [ReferenceAnswer]?
    var certification: CertificationAnswer?
    var followers: [ReferenceAnswer]?
    /// Custom properties.
    var `extension`: [String: PropertyAnswer]?
    var entityStatus: String?
    var updatedBy: String?
    /// Milliseconds since 1970.
    var updatedAt: Int64?
    var version: Double?

    /// Whether somebody owns it, of whom more is to be looked up.
    package var hasOwner: Bool { owners?.isEmpty == false || owner != nil }

    /// Takes custom properties for absent if they are left out, as the catalog leaves out of an answer what is null; it tells
    /// no lists that way. For an answer that was asked for them.
    package mutating func completeProperties() {
        `extension` = `extension` ?? [:]
    }

    package var ownerIDs: [String] { ((owners ?? []) + (owner.map { [$0] } ?? [])).compactMap(\.id) }
}

/// How good an entity is, as somebody attested.
struct CertificationAnswer: Decodable, Equatable, Sendable {
    var tagLabel: TagAnswer?
}

/// A custom property's value, whatever its type, as the texts that a filter can ask for.
struct PropertyAnswer: Decodable, Equatable, Sendable {
    var texts: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            texts = [text]
        } else if let truth = try? container.decode(Bool.self) {
            texts = ["\(truth)"]
        } else if let number = try? container.decode(Int64.self) {
            texts = ["\(number)"]
        } else if let number = try? container.decode(Double.self) {
            texts = ["\(number)"]
        } else if let list = try? container.decode([PropertyAnswer].self) {
            texts = list.flatMap(\.texts)
        } else if let object = try? container.decode([String: PropertyAnswer].self) {
            // A reference, a stretch of time, a table: every value in it.
            texts = object.sorted { $0.key < $1.key }.flatMap(\.value.texts)
        } else {
            texts = []
        }
    }
}

/// A column of a table, or a field nested in one.
struct ColumnAnswer: Decodable, Equatable, Sendable {
    var name: String
    var displayName: String?
    var description: String?
    var tags: [TagAnswer]?
    var children: [ColumnAnswer]?
}

/// A reference to the service, database or schema that holds an entity.
struct ReferenceAnswer: Decodable, Equatable, Sendable {
    var id: String?
    var name: String?
    var displayName: String?
    var fullyQualifiedName: String?
}

/// A reference to whoever owns an entity.
struct OwnerAnswer: Decodable, Equatable, Sendable {
    var id: String?
    var type: String
    var name: String?
    var displayName: String?
    var fullyQualifiedName: String?
    var inherited: Bool?
}

/// A tag on an entity or column.
struct TagAnswer: Decodable, Equatable, Sendable {
    var tagFQN: String
    var source: String?
    var state: String?
    var labelType: String?
}

/// A user or team.
package struct PrincipalAnswer: Codable, Equatable, Sendable {
    package var id: String
    package var name: String
    var email: String?
    /// A team's members.
    var users: [OwnerMemberAnswer]?
    /// A team's teams.
    var children: [OwnerMemberAnswer]?
}

/// A reference to a member of a team.
package struct OwnerMemberAnswer: Codable, Equatable, Sendable {
    var id: String?
    var name: String?
    var deleted: Bool?
}
