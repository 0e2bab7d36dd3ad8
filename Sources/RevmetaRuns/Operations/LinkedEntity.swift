internal import RevmetaCatalog
internal import RevmetaModel

/// The entity that a link leads to, as far as a service can have it.
struct LinkedEntity {
    let entity: Entity

    /// - Parameter subject: What is to be written of it, which the link may name too.
    init(_ link: EntityLink, of service: String, _ subject: ChannelTemplate.Subject) throws(Refusal) {
        guard let (kind, length) = Self.kinds[link.entityType] else {
            throw Refusal("a \(link.entityType) is not written: expected a database, databaseSchema, table or storedProcedure")
        }
        guard link.names[0] == service else {
            throw Refusal("the entity belongs to service '\(link.names[0])', and the operations are for service '\(service)'")
        }
        guard link.names.count == length + 1 else {
            throw Refusal(
                "the qualified name of a \(link.entityType) has \(length + 1) names, found \(link.names.count) in \(link)")
        }
        let path = EntityPath(Array(link.names.dropFirst()))
        var field = link.field
        if kind == .table, field == "columns" {
            guard !link.member.isEmpty else { throw Refusal("the link names no column: \(link)") }
            entity = Entity(kind: .column, path: EntityPath(path.names + link.member))
            field = link.memberField
        } else {
            entity = Entity(kind: kind, path: path)
            guard link.member.isEmpty else { throw Refusal("expected the link's end after '\(field ?? "")': \(link)") }
        }
        guard field == nil || Self.fields[subject]?.contains(field!) == true else {
            throw Refusal("the link is about '\(field!)', which the operation does not write: \(link)")
        }
        if entity.kind == .column, subject == .owner {
            throw Refusal("a column has no owner of its own: it belongs to its table's")
        }
    }

    /// And how many names lead to one within its service.
    private static let kinds: [String: (EntityKind, Int)] = [
        "database": (.database, 1), "databaseSchema": (.schema, 2), "table": (.table, 3), "storedProcedure": (.procedure, 3),
    ]

    private static let fields: [ChannelTemplate.Subject: [String]] = [
        .description: ["description"], .owner: ["owner", "owners"], .tags: ["tags"],
    ]
}
