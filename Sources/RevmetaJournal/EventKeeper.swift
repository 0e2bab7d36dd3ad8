internal import FoundationEssentials
internal import GRDB
internal import RevmetaModel
internal import Synchronization

/// Takes events into the journal: all that wait while a transaction is on its way to the disk share the next one.
///
/// Why: an event is only acknowledged once it would outlive a power failure, and a disk takes its time for that however little
/// it is given.
final class EventKeeper: Sendable {
    /// What one caller wants kept.
    struct Delivery: Sendable {
        var events: [CatalogEvent]
        var cursor: EventCursor?
    }

    private struct Waiting {
        var delivery: Delivery
        var done: CheckedContinuation<Int, any Error>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
        var nextPruning = ContinuousClock.now
    }

    /// More events than this are another transaction, so that a run's own writing gets its turn.
    private static let mostAtOnce = 2000
    private let state = Mutex(State())

    /// Keeps events, and says how many of them were new. Returns when they are on disk.
    func keep(_ delivery: Delivery, in database: any DatabaseWriter) async throws -> Int {
        try await withCheckedThrowingContinuation { done in
            let begins = state.withLock { state in
                state.waiting.append(Waiting(delivery: delivery, done: done))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            // Not the caller's own task: others' events must not go with it.
            if begins { Task { await writeAll(in: database) } }
        }
    }

    private func writeAll(in database: any DatabaseWriter) async {
        while let (together, prunes) = next() {
            let deliveries = together.map(\.delivery)
            do {
                let counts = try await database.writeDurably { db in
                    let counts = try deliveries.map { try $0.insert(in: db) }
                    if prunes { try EventInbox.forgetOldIDs(in: db) }
                    return counts
                }
                for (waiting, count) in zip(together, counts) { waiting.done.resume(returning: count) }
            } catch {
                for waiting in together { waiting.done.resume(throwing: error) }
            }
        }
    }

    /// Those that are written next, and whether it is time to remove what is no longer needed; nil: nobody waits.
    private func next() -> ([Waiting], prunes: Bool)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            var count = 0
            let many = state.waiting.prefix { waiting in
                defer { count += waiting.delivery.events.count }
                return count == 0 || count + waiting.delivery.events.count <= Self.mostAtOnce
            }
            state.waiting.removeFirst(many.count)
            let prunes = state.nextPruning <= .now
            if prunes { state.nextPruning = .now + .seconds(3600) }
            return (Array(many), prunes)
        }
    }
}

extension EventKeeper.Delivery {
    /// Inserts those events that were never seen, and says how many they were.
    fileprivate func insert(in db: Database) throws -> Int {
        let know = try db.cachedStatement(sql: "INSERT OR IGNORE INTO event_seen (id, arrived) VALUES (?, ?)")
        let insert = try db.cachedStatement(sql: """
            INSERT INTO event (time, entity_type, entity, name, service, changes) VALUES (?, ?, ?, ?, ?, ?)
            """)
        let now = EventInbox.now
        var new = 0
        for event in events {
            try know.execute(arguments: [event.id, now])
            guard db.changesCount > 0 else { continue }
            new += 1
            try insert.execute(arguments: [
                event.time, event.entityType, event.entityID, event.qualifiedName, event.service,
                event.changes.isEmpty ? nil : String(decoding: JSONEncoder().encode(event.changes), as: UTF8.self),
            ])
        }
        try cursor?.write(in: db)
        return new
    }
}

extension DatabaseWriter {
    /// Writes in a transaction that outlives a power failure, other than the rest of the journal: what a run notes can be found
    /// out from the sources, what a catalog has told once cannot.
    fileprivate func writeDurably<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
            var result: Result?
            try db.inTransaction(.immediate) {
                result = try body(db)
                return .commit
            }
            return result!
        }
    }
}
