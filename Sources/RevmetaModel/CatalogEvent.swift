/// Something that happened to an entity of the catalog, as far as it says what is to be read again.
///
/// It is a trigger, no more: what the entity is now is read from the catalog.
public struct CatalogEvent: Sendable, Equatable {
    /// The catalog's own id of the event, by which one that comes twice is known.
    public var id: String
    /// When it happened, by the catalog's clock: milliseconds since 1970.
    public var time: Int64
    /// The catalog's word: `table`, `databaseSchema`.
    public var entityType: String
    public var entityID: String
    /// The entity's fully qualified name; nil: the event does not tell.
    public var qualifiedName: String?
    /// What was changed of it that may be written back; empty: it was created, or something else was changed.
    public var changes: [CatalogFieldChange]

    public init(
        id: String, time: Int64, entityType: String, entityID: String, qualifiedName: String?,
        changes: [CatalogFieldChange] = []
    ) {
        self.id = id
        self.time = time
        self.entityType = entityType
        self.entityID = entityID
        self.qualifiedName = qualifiedName
        self.changes = changes
    }

    /// The service that the entity belongs to; nil: the event does not tell.
    public var service: String? { qualifiedName.flatMap { EntityPath($0)?.names.first } }
}
