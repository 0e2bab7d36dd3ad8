internal import GRDB
public import RevmetaEngine
public import RevmetaModel

/// What revmeta wrote and has not taken back, some thousands of facts at a time, each time of one service and one database.
public struct ManagedFacts: AsyncSequence, Sendable {
    let journal: Journal
    let services: [String]
    let entity: NamePattern?

    private static let mostAtOnce = 1000

    public struct AsyncIterator: AsyncIteratorProtocol {
        let facts: ManagedFacts
        var services: ArraySlice<String>
        /// The key of the last fact that was read of the first service.
        var last: [String] = ["", "", ""]
        /// Of the first service: the last run that found each fact.
        var found: [UInt64: Int64]?
        var times: [Int64: String] = [:]

        public mutating func next() async throws -> [ManagedFact]? {
            while let service = services.first {
                if found == nil { (found, times) = try facts.runs(of: service) }
                let (piece, isEnd) = try facts.read(service, after: &last, found: found ?? [:], times: times)
                if isEnd {
                    services.removeFirst()
                    (last, found) = (["", "", ""], nil)
                }
                if !piece.isEmpty { return piece }
            }
            return nil
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(facts: self, services: services[...])
    }

    private func runs(of service: String) throws -> ([UInt64: Int64], [Int64: String]) {
        try journal.database.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT id, started FROM run")
            return (
                try FoundFacts.runs(of: service, in: db),
                Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as Int64, $0[1] as String) })
            )
        }
    }

    /// The next facts, and whether they are the service's last.
    private func read(
        _ service: String, after last: inout [String], found: [UInt64: Int64], times: [Int64: String]
    ) throws -> ([ManagedFact], isEnd: Bool) {
        let from = last
        let (piece, reached) = try journal.database.read { db in
            var piece: [ManagedFact] = [], reached: [String]?
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: """
                    SELECT path, entity, attribute, value, run, rendered, held, is_read FROM base
                    WHERE service = ? AND (path, entity, attribute) > (?, ?, ?) ORDER BY path, entity, attribute
                    """),
                arguments: [service, from[0], from[1], from[2]])
            while let row = try rows.next() {
                let key = try FactKey(row, from: 0)
                let database = key.entity.path.database
                if let first = piece.first, first.key.entity.path.database != database || piece.count == Self.mostAtOnce {
                    return (piece, reached)
                }
                reached = [row[0], row[1], row[2]]
                guard entity?.matches(row[0]) ?? true else { continue }
                let wrote: Int64 = row[4], found = found[FoundFacts.hash(key)] ?? 0
                piece.append(ManagedFact(
                    service: service, key: key, value: row[3], run: Swift.max(wrote, found), wasFound: found > wrote,
                    time: times[Swift.max(wrote, found)], template: TemplateWriting(row, from: 5)))
            }
            return (piece, nil)
        }
        if let reached { last = reached }
        return (piece, reached == nil)
    }
}

extension Journal {
    /// What revmeta wrote to some services and has not taken back.
    ///
    /// - Parameter entity: Only entities whose path, its names joined by dots, matches.
    public func managed(of services: [String], entity: NamePattern? = nil) -> ManagedFacts {
        ManagedFacts(journal: self, services: services, entity: entity)
    }
}
