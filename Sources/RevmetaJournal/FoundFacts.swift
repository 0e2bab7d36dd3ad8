internal import FoundationEssentials
internal import GRDB
internal import RevmetaEngine
internal import RevmetaModel

/// Which facts a run found as they were written, in eight bytes each: a run finds a hundred thousand of them.
enum FoundFacts {
    static func data(of keys: [FactKey]) -> Data {
        var data = Data(capacity: keys.count * 8)
        for key in keys { withUnsafeBytes(of: hash(key).littleEndian) { data.append(contentsOf: $0) } }
        return data
    }

    /// FNV-1a, which is the same in each process. Two facts of one hash: one would seem to have been found later than it was.
    static func hash(_ key: FactKey) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            // No text holds this byte.
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        add(key.entity.kind.rawValue)
        add(key.attribute.rawValue)
        for name in key.entity.path.names { add(name) }
        return hash
    }

    /// Forgets what earlier runs found where a run of all channels has looked again at everything.
    static func dropRepeated(by run: Int64, except failed: Set<PlanScope>, in db: Database) throws {
        let isWhole = "SELECT channels IS NULL AND trigger NOT IN ('changes', 'operations') FROM run WHERE id = ?"
        guard try Bool.fetchOne(db, sql: isWhole, arguments: [run]) == true else { return }
        let scopes = try Row.fetchAll(
            db, sql: "SELECT DISTINCT service, database FROM found JOIN scope ON scope.id = found.scope WHERE found.run = ?",
            arguments: [run])
        for row in scopes where !failed.contains(PlanScope(service: row[0], database: row[1])) {
            try db.execute(
                sql: """
                    DELETE FROM found WHERE run < ? AND scope IN (SELECT id FROM scope WHERE service = ? AND database IS ?)
                    """,
                arguments: [run, row[0] as String, row[1] as String?])
        }
    }

    /// The last run that found each fact of a service.
    static func runs(of service: String, in db: Database) throws -> [UInt64: Int64] {
        var runs: [UInt64: Int64] = [:]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT found.run, facts FROM found JOIN scope ON scope.id = found.scope WHERE service = ? ORDER BY found.run",
            arguments: [service])
        while let row = try rows.next() {
            let run: Int64 = row[0], facts: Data = row[1]
            facts.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
                    runs[UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))] = run
                }
            }
        }
        return runs
    }
}
