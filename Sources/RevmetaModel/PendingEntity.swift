/// An entity that something happened to which is not dealt with yet, however often it happened.
public struct PendingEntity: Sendable, Equatable {
    /// The catalog's word: `table`, `databaseSchema`.
    public var entityType: String
    public var entityID: String
    /// The name that its last event tells; nil: none does.
    public var qualifiedName: String?
    /// The service that it belongs to; nil: no event tells.
    public var service: String?
    /// The numbers of its first and last event, in the order of arrival.
    public var events: ClosedRange<Int64>
    /// How many events there are.
    public var count: Int
    /// When the first of them happened, by the catalog's clock: milliseconds since 1970.
    public var time: Int64
    /// What they changed, as ``CoalescedChanges`` puts it together.
    public var changes: [CatalogFieldChange]

    public init(
        entityType: String, entityID: String, qualifiedName: String? = nil, service: String? = nil,
        events: ClosedRange<Int64>, count: Int = 1, time: Int64 = 0, changes: [CatalogFieldChange] = []
    ) {
        self.entityType = entityType
        self.entityID = entityID
        self.qualifiedName = qualifiedName
        self.service = service
        self.events = events
        self.count = count
        self.time = time
        self.changes = changes
    }

    /// What tells it from others.
    public struct Key: Sendable, Hashable {
        public var type: String
        public var id: String

        public init(type: String, id: String) {
            self.type = type
            self.id = id
        }
    }

    public var key: Key { Key(type: entityType, id: entityID) }
}
