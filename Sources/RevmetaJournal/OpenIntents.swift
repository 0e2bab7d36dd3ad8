internal import GRDB
internal import RevmetaEngine
internal import RevmetaModel

/// What earlier runs may have sent without coming to tell how it ended, by service and fact.
///
/// In memory, since there are at most a few batches of them.
struct OpenIntents {
    /// The intents of a fact, oldest first.
    private var intents: [String: [FactKey: [Memory.Intent]]] = [:]

    static let none = OpenIntents()

    private init() {}

    /// Reads what the runs left open that ended without coming to say so.
    ///
    /// - Parameter goingOn: Runs that have not ended.
    init(except goingOn: Set<Int64>, in db: Database) throws {
        for run in try Int64.fetchAll(db, sql: "SELECT id FROM run WHERE state = 'executing' ORDER BY id")
        where !goingOn.contains(run) {
            let numbers = Schema.changes(of: run)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT service, path, entity, attribute, value, number, action <> 'restore', before, rendered
                    FROM recorded
                    WHERE number BETWEEN ? AND ? AND was_sent AND outcome IS NULL ORDER BY number
                    """,
                arguments: [numbers.lowerBound, numbers.upperBound])
            while let row = try rows.next() {
                intents[row[0], default: [:]][try FactKey(row, from: 1), default: []].append(
                    Memory.Intent(id: row[5], value: row[4], isOurs: row[6], before: row[7], rendered: row[8]))
            }
        }
    }

    var isEmpty: Bool { intents.isEmpty }

    /// The newest intents of the facts of some entities, and of everything below those of them that are tables.
    func newest(of service: String, under paths: [EntityPath]) -> [(FactKey, Memory.Intent)] {
        guard let facts = intents[service] else { return [] }
        let exact = Set(paths.map(\.tableOrSelf))
        return facts.compactMap { key, intents in
            guard exact.contains(key.entity.path.tableOrSelf), let newest = intents.last else { return nil }
            return (key, newest)
        }
    }

    /// Takes out all the intents of a fact.
    mutating func remove(_ key: FactKey, of service: String) -> [Memory.Intent] {
        let removed = intents[service]?.removeValue(forKey: key) ?? []
        if intents[service]?.isEmpty == true { intents[service] = nil }
        return removed
    }
}

extension EntityPath {
    /// The table that the entity is or lies in; above tables, the entity itself.
    var tableOrSelf: EntityPath { names.count <= 3 ? self : EntityPath(Array(names[..<3])) }
}

extension FactKey {
    /// Reads path, entity and attribute from neighbouring columns.
    init(_ row: Row, from column: Int) throws {
        guard let path = EntityPath(row[column] as String), let kind = EntityKind(rawValue: row[column + 1]) else {
            throw JournalError("the journal holds a path or kind that cannot be read: \(row)")
        }
        self.init(entity: Entity(kind: kind, path: path), attribute: Attribute(rawValue: row[column + 2]))
    }
}
