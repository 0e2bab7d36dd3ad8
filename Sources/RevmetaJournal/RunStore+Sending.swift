internal import GRDB
public import RevmetaEngine
internal import RevmetaModel
internal import Synchronization

// What is to be sent, and how far that has come.
extension RunStore {
    public func scopes() -> [PlanScope] {
        state.withLock { $0.scopes }
    }

    /// Several batches are in memory at once, and each goes in one frame, so what they weigh counts too: texts may be of any
    /// length.
    private static let mostBatchBytes = 4 << 20

    public func statements(of scope: PlanScope, after number: Int64, limit: Int) async throws -> PlannedBatch {
        let (recent, row) = state.withLock { state in
            (state.recent.take(scope, after: number, limit: limit), state.scopeRows[scope])
        }
        if let recent { return recent }
        let start = max(number, Schema.changes(of: run).lowerBound - 1)
        return try await store.read { [run] db in
            var batch = PlannedBatch()
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: """
                    SELECT statement, number, entity, action, kind, path, attribute, before, value, \(Schema.wholeText), guard,
                        channel, parts, rendered
                    FROM change
                    WHERE number > ? AND number <= ? AND scope = ? AND statement > ? ORDER BY number
                    """),
                arguments: [start, Schema.changes(of: run).upperBound, row, number])
            var bytes = 0
            while let row = try rows.next() {
                let statement: Int64 = row[0]
                if batch.numbers.last != statement {
                    if bytes >= Self.mostBatchBytes || batch.numbers.count == limit { break }
                    let text: String = row[9]
                    bytes += text.utf8.count
                    batch.numbers.append(statement)
                    batch.statements.append(Statement(
                        text: text, changes: [], guardText: row[10], parts: try Parts.parts(of: row[12])))
                }
                batch.statements[batch.statements.count - 1].changes.append(batch.changes.count)
                batch.items.append(try Self.item(row))
                var change = try Self.change(row, from: 4)
                change.channel = row[11]
                // They go with it: a statement that takes a long text away is short.
                bytes += (change.before?.utf8.count ?? 0) + (change.value?.utf8.count ?? 0)
                batch.changes.append(change)
            }
            return batch
        }
    }

    private static func item(_ row: Row) throws -> PlannedBatch.Item {
        guard let entity = EntityKind(rawValue: row[2]), let action = PlannedChange.Action(rawValue: row[3]) else {
            throw JournalError("the journal holds a change of a kind or action that is not known: \(row)")
        }
        return PlannedBatch.Item(
            number: row[1], entityKind: entity, action: action, rendered: row[13])
    }

    /// Reads kind, path, attribute, before and value from neighbouring columns.
    static func change(_ row: Row, from column: Int) throws -> Change {
        guard let path = EntityPath(row[column + 1] as String) else {
            throw JournalError("the journal holds a path that cannot be read: \(row[column + 1] as String)")
        }
        return Change(
            kind: row[column], path: path, attribute: Attribute(rawValue: row[column + 2]), before: row[column + 3],
            value: row[column + 4])
    }

    public func beginExecution(of scopes: [PlanScope]) async throws {
        let hash = planHash(of: scopes)
        try await store.writeWithoutTransaction { [run] db in
            // The intents must outlive a power cut; the outcomes may be lost, since the source can be asked again.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "UPDATE run SET state = 'executing', plan = ? WHERE id = ?", arguments: [hash, run])
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
        }
    }

    private static let sendingsBeforeMove = 3

    public func willSend(_ scope: PlanScope, through number: Int64) async throws {
        let row = state.withLock { $0.scopeRows[scope] }
        try await store.write { db in
            try db.cachedStatement(sql: "UPDATE scope SET sent = ? WHERE id = ?").execute(arguments: [number, row])
        }
        let sendings = state.withLock { state in
            state.sendings += 1
            return state.sendings
        }
        guard sendings == Self.sendingsBeforeMove else { return }
        // The plan moves into the database's file while the source has work already, instead of when the journal is closed.
        // Nothing depends on it, so nothing is lost if it fails.
        Task { [store] in
            _ = try? await store.writeWithoutTransaction { try $0.checkpoint(.passive) }
        }
    }
}
