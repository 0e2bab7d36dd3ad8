internal import GRDB
public import RevmetaEngine
public import RevmetaModel
internal import Synchronization

// What earlier runs wrote, and what they left open.
extension RunStore {
    public func memories(of service: String, paths: [EntityPath]) async throws -> [FactKey: Memory] {
        guard let journal else { return [:] }
        var memories = try await journal.database.read { db in try Self.bases(of: service, paths: paths, in: db) }
        let intents = state.withLock { $0.openIntents.newest(of: service, under: paths) }
        for (key, intent) in intents { memories[key, default: Memory()].intent = intent }
        return memories
    }

    /// What we wrote last of some entities, and of everything below those of them that are tables.
    private static func bases(
        of service: String, paths: [EntityPath], in db: Database
    ) throws -> [FactKey: Memory] {
        var memories: [FactKey: Memory] = [:]
        let knowsService = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM base WHERE service = ?)", arguments: [service]) ?? false
        guard knowsService else { return [:] }
        let columns = "path, entity, attribute, value, rendered, held, is_read"
        let exact = try db.cachedStatement(sql: "SELECT \(columns) FROM base WHERE service = ? AND path = ?")
        let below = try db.cachedStatement(
            sql: "SELECT \(columns) FROM base WHERE service = ? AND path >= ? AND path < ?")
        func remember(_ rows: RowCursor) throws {
            while let row = try rows.next() {
                memories[try FactKey(row, from: 0)] = Memory(base: row[3], template: TemplateWriting(row, from: 4))
            }
        }
        for path in Set(paths.map(\.tableOrSelf)) {
            let text = path.description
            try remember(Row.fetchCursor(exact, arguments: [service, text]))
            guard path.names.count == 3 else { continue }
            // Everything below has the table's text and a dot in front; a slash is what comes after a dot.
            try remember(Row.fetchCursor(below, arguments: [service, text + ".", text + "/"]))
        }
        return memories
    }

    public func countManaged(of services: [String], upTo limit: Int) async throws -> Int {
        guard let journal else { return 0 }
        return try await journal.database.read { db in
            var count = 0
            for service in services where count < limit {
                count += try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM (SELECT 1 FROM base WHERE service = ? LIMIT ?)",
                    arguments: [service, limit - count]) ?? 0
            }
            return count
        }
    }
}
