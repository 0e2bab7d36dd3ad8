/// An entity as the catalog describes it, with what a channel can select it by and write of it.
public struct CatalogEntity: Sendable, Equatable {
    /// The service's name in the catalog.
    public var service: String
    /// OpenMetadata's spelling, or nil where the catalog does not repeat it on the entity.
    public var serviceType: String?
    public var kind: EntityKind
    public var path: EntityPath
    public var displayName: String?
    /// OpenMetadata's `tableType` of a table, or of a column's table: `Regular`, `View`, `MaterializedView`, ….
    public var tableType: String?
    public var description: CatalogText
    /// Owners in the catalog's order, inherited ones included.
    public var owners: CatalogList<OwnerReference>
    /// Confirmed tags only.
    public var tags: CatalogList<TagLabel>
    /// The catalog keeps deleted entities for a while; they are never written.
    public var isDeleted: Bool
    /// What filters can ask of it, or of a column's table; nil: nobody asks.
    public var document: SearchDocument?
    /// The whole entity, as the catalog answers it; nil: nobody asks.
    public var json: String?
    /// What the catalog held before; nil: nobody told.
    public var previous: PreviousValues?

    public init(
        service: String, serviceType: String? = nil, kind: EntityKind, path: EntityPath, displayName: String? = nil,
        tableType: String? = nil, description: CatalogText = .absent, owners: CatalogList<OwnerReference> = .known([]),
        tags: CatalogList<TagLabel> = .known([]), isDeleted: Bool = false
    ) {
        self.service = service
        self.serviceType = serviceType
        self.kind = kind
        self.path = path
        self.displayName = displayName
        self.tableType = tableType
        self.description = description
        self.owners = owners
        self.tags = tags
        self.isDeleted = isDeleted
    }
}

/// A text of the catalog.
///
/// A catalog leaves an empty description out of its answers, so a missing key and an empty text both mean absent.
public enum CatalogText: Sendable, Equatable {
    case present(String)
    case absent

    public init(_ text: String?) {
        if let text, !text.isEmpty { self = .present(text) } else { self = .absent }
    }
}

/// A list of the catalog, which its answers hold only if they were asked for it.
public enum CatalogList<Element: Sendable & Equatable>: Sendable, Equatable {
    case known([Element])
    /// The answer does not carry the list at all: nothing is known, and nothing may be concluded from it.
    case notAsked
}

/// A user or team that owns an entity.
public struct OwnerReference: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case user
        case team
    }

    public var kind: Kind
    public var name: String
    /// Nil: the catalog's answers do not tell.
    public var email: String?
    /// Of a team: its members, those of its teams too, in the catalog's order; nil: the catalog's answers do not tell.
    public var members: [OwnerReference]?
    /// The owner comes from the entity's parent and is not written on the entity itself.
    public var isInherited: Bool

    public init(
        kind: Kind, name: String, email: String? = nil, members: [OwnerReference]? = nil, isInherited: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.email = email
        self.members = members
        self.isInherited = isInherited
    }

    /// The owner as `owners.map` spells it: `jane.doe` for a user, `team:finance` for a team.
    public var mapKey: String { mapKey(name) }

    /// The same with the owner's e-mail address; nil: it is not known.
    public var emailKey: String? { email.map(mapKey) }

    private func mapKey(_ text: String) -> String {
        switch kind {
        case .user: text
        case .team: "team:" + text
        }
    }
}

/// A tag that the catalog puts on an entity.
public struct TagLabel: Sendable, Hashable {
    /// `Classification.Tag`, or `Glossary.Term`.
    public var tagFQN: String
    /// `Classification` or `Glossary`.
    public var source: String
    /// How it came there: `Manual`, `Derived`, `Propagated`, …; nil: the answer does not tell.
    public var labelType: String?

    public init(tagFQN: String, source: String = "Classification", labelType: String? = nil) {
        self.tagFQN = tagFQN
        self.source = source
        self.labelType = labelType
    }

    public var isTier: Bool { tagFQN.hasPrefix("Tier.") }
}
