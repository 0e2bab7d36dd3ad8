internal import FoundationEssentials
internal import GRDB
public import RevmetaModel

/// Up to when the events of a catalog were asked for.
public struct EventCursor: Sendable, Equatable {
    /// The catalog's address.
    public var catalog: String
    /// By its clock, in milliseconds since 1970.
    public var time: Int64

    public init(catalog: String, time: Int64) {
        self.catalog = catalog
        self.time = time
    }

    func write(in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO event_cursor (catalog, time) VALUES (?, ?)")
            .execute(arguments: [catalog, time])
    }
}

/// How much has happened at the catalog that is not dealt with yet.
public struct EventBacklog: Sendable, Equatable {
    /// How many events.
    public var events: Int
    /// When the first of them happened, by the catalog's clock in milliseconds since 1970; nil: there are none.
    public var oldest: Int64?
}

// What has happened at the catalog, from its arrival until it is dealt with.
extension Journal {
    /// Keeps events until they are dealt with. Those that came before are passed over, those dealt with too.
    ///
    /// Returns when they are on disk, so that a power failure does not lose them, and not before. What many callers want kept
    /// at once is written together.
    ///
    /// - Parameter cursor: Up to when the events of a catalog were asked for, which is remembered with them or not at all.
    /// - Returns: How many were new.
    @discardableResult
    public func keep(_ events: [CatalogEvent], cursor: EventCursor? = nil) async throws -> Int {
        guard !events.isEmpty || cursor != nil else { return 0 }
        return try await eventKeeper.keep(EventKeeper.Delivery(events: events, cursor: cursor), in: database)
    }

    /// Up to when a catalog's events were asked for: milliseconds since 1970 by its clock; nil: they never were.
    public func eventCursor(of catalog: String) async throws -> Int64? {
        try await database.read { db in
            try Int64.fetchOne(db, sql: "SELECT time FROM event_cursor WHERE catalog = ?", arguments: [catalog])
        }
    }

    /// The entities that something happened to which is not dealt with yet, each once, in the order of their first events.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - busy: Services whose entities have to wait.
    ///   - postponed: Entities that have to wait by themselves.
    public func pending(
        limit: Int, except busy: Set<String> = [], _ postponed: Set<PendingEntity.Key> = []
    ) async throws -> [PendingEntity] {
        try await database.read { db in try EventInbox.pending(limit: limit, except: busy, postponed, in: db) }
    }

    /// Notes that entities are dealt with: their events up to the last that each was asked for with. What has arrived
    /// meanwhile is still to be dealt with.
    public func settle(_ entities: [PendingEntity]) async throws {
        guard !entities.isEmpty else { return }
        try await database.write { db in
            let delete = try db.cachedStatement(sql: """
                DELETE FROM event WHERE entity = ? AND entity_type = ? AND number <= ?
                """)
            for entity in entities {
                try delete.execute(arguments: [entity.entityID, entity.entityType, entity.events.upperBound])
            }
        }
    }

    /// How much is still to be dealt with.
    public func eventBacklog() async throws -> EventBacklog {
        try await database.read { db in
            let row = try Row.fetchOne(db, sql: "SELECT count(*), min(time) FROM event")!
            return EventBacklog(events: row[0], oldest: row[1])
        }
    }
}

enum EventInbox {
    /// For how long an event may come again: the catalog keeps events for seven days unless its keeper says otherwise.
    private static let memory: Int64 = 8 * 86_400_000

    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    static func forgetOldIDs(in db: Database) throws {
        try db.execute(sql: "DELETE FROM event_seen WHERE arrived < ?", arguments: [now - memory])
    }

    static func pending(
        limit: Int, except busy: Set<String>, _ postponed: Set<PendingEntity.Key>, in db: Database
    ) throws -> [PendingEntity] {
        var entities: [PendingEntity] = [], known = postponed
        let rows = try Row.fetchCursor(db, sql: "SELECT entity_type, entity, service FROM event ORDER BY number")
        while entities.count < limit, let row = try rows.next() {
            let key = PendingEntity.Key(type: row[0], id: row[1]), service: String? = row[2]
            if let service, busy.contains(service) { continue }
            guard known.insert(key).inserted else { continue }
            if let entity = try pending(type: key.type, id: key.id, in: db) { entities.append(entity) }
        }
        return entities
    }

    /// An entity with all of its events.
    private static func pending(type: String, id: String, in db: Database) throws -> PendingEntity? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: """
                SELECT number, time, name, service, changes FROM event WHERE entity = ? AND entity_type = ? ORDER BY number
                """),
            arguments: [id, type])
        var entity: PendingEntity?, coalesced = CoalescedChanges()
        while let row = try rows.next() {
            let number: Int64 = row[0], time: Int64 = row[1], changes: String? = row[4]
            var found = entity ?? PendingEntity(entityType: type, entityID: id, events: number...number, count: 0, time: time)
            found.events = found.events.lowerBound...number
            found.count += 1
            found.time = min(found.time, time)
            found.qualifiedName = row[2] ?? found.qualifiedName
            found.service = row[3] ?? found.service
            if let changes {
                coalesced.append(try JSONDecoder().decode([CatalogFieldChange].self, from: Data(changes.utf8)))
            }
            entity = found
        }
        entity?.changes = coalesced.all
        return entity
    }
}

extension Schema {
    static func createEvents(in db: Database) throws {
        try db.execute(sql: """
            -- What has happened at the catalog and is not dealt with yet.
            CREATE TABLE event (
                number INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order of arrival; never given twice, since rows are removed
                time INTEGER NOT NULL,           -- by the catalog's clock, milliseconds since 1970
                entity_type TEXT NOT NULL,       -- the catalog's word: 'table', 'databaseSchema'
                entity TEXT NOT NULL,            -- its id in the catalog
                name TEXT,                       -- its qualified name; NULL: not told
                service TEXT,                    -- the first part of that
                changes TEXT                     -- fields and what they held before, as a JSON list; NULL: none
            );
            CREATE INDEX event_of_entity ON event (entity);

            -- Events that arrived, those dealt with too, for as long as the catalog may send them again.
            CREATE TABLE event_seen (
                id TEXT PRIMARY KEY,             -- the catalog's own
                arrived INTEGER NOT NULL         -- milliseconds since 1970
            ) WITHOUT ROWID;

            -- Up to when a catalog was asked what happened.
            CREATE TABLE event_cursor (
                catalog TEXT PRIMARY KEY,        -- its address
                time INTEGER NOT NULL            -- by its clock, milliseconds since 1970
            ) WITHOUT ROWID;
            """)
    }
}
