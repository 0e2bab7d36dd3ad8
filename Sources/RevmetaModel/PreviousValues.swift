/// What the catalog held of an entity before somebody edited it, as far as the news of the edit tells.
///
/// Where the journal does not know what was written last, a value that the source still has of these is none of somebody
/// else's: writing over it is no conflict, and what was taken away in the catalog is taken away at the source.
///
/// A class, since a catalog's entities are many and those with news of an edit few.
public final class PreviousValues: Sendable {
    /// Nil: not known.
    public let description: CatalogText?
    /// Nil: not known.
    public let owners: [OwnerReference]?
    /// Confirmed tags only. Nil: not known.
    public let tags: [TagLabel]?
    /// Nobody told all owners and tags: the entity has those that came to it, and here are those that went. What else there is
    /// of them is not known.
    public let isDifference: Bool

    public init(
        description: CatalogText? = nil, owners: [OwnerReference]? = nil, tags: [TagLabel]? = nil, isDifference: Bool = false
    ) {
        self.description = description
        self.owners = owners
        self.tags = tags
        self.isDifference = isDifference
    }
}

extension PreviousValues: Equatable {
    public static func == (one: PreviousValues, other: PreviousValues) -> Bool {
        one.description == other.description && one.owners == other.owners && one.tags == other.tags
            && one.isDifference == other.isDifference
    }
}
