internal import RevmetaModel

/// What templates can put into statements about an entity, besides its names.
struct EntityVariables: Sendable, Equatable {
    var description: String?
    /// Its principal, or as the catalog names it where it has none.
    var owner: String?
    var tags: [TemplatePair]
    /// The whole entity, as JSON; nil: no template asks for it.
    var json: String?
}

extension EntityVariables {
    /// - Parameters:
    ///   - description: What is wanted of its description.
    ///   - owner: What is wanted of its owner.
    ///   - tags: What is wanted of its tags.
    init(of entity: CatalogEntity, description: Wanted, owner: Wanted, tags: [(Attribute, Wanted)]) {
        self.init(tags: [], json: entity.json)
        if case .present(let text) = description { self.description = text }
        if case .present(let principal) = owner {
            self.owner = principal
        } else if case .known(let owners) = entity.owners {
            self.owner = owners.first { !$0.isInherited }?.name
        }
        for (attribute, wanted) in tags {
            if case .present(let value) = wanted { self.tags.append(TemplatePair(attribute.tagName, value)) }
        }
    }
}

extension Attribute {
    /// The name of a tag.
    var tagName: String { String(rawValue.dropFirst(Attribute.anyTag.rawValue.count)) }
}
