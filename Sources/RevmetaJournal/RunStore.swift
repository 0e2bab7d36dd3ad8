internal import FoundationEssentials
internal import GRDB
public import RevmetaEngine
public import RevmetaModel
internal import Synchronization

/// A plan and what becomes of it: in the journal for a run, in a temporary file for a plan that is only shown.
public final class RunStore: PlanJournal {
    /// The run's number; 0 for a plan that is only shown.
    public let run: Int64
    private let store: any DatabaseWriter
    private let journal: Journal?
    private let counters: Mutex<Counters>
    /// Earlier runs that ended without coming to say so.
    private let unfinished: [Int64]

    /// The last numbers given, and where statements go, in the order in which the first of each was planned.
    private struct Counters {
        var change: Int64 = 0
        var statement: Int64 = 0
        var scopes: [PlanScope] = []
    }

    /// Begins a run.
    /// - Parameters:
    ///   - person: Who started it.
    ///   - version: Of revmeta.
    public init(beginIn journal: Journal, trigger: String = "manual", person: String, version: String) async throws {
        self.journal = journal
        store = journal.database
        let (run, change, unfinished) = try await store.write { db in
            let unfinished = try Int64.fetchAll(db, sql: "SELECT id FROM run WHERE state = 'executing'")
            try db.execute(
                sql: "INSERT INTO run (started, trigger, person, version, state) VALUES (?, ?, ?, ?, 'planning')",
                arguments: [Date().formatted(.iso8601), trigger, person, version])
            let run = db.lastInsertedRowID
            return (run, try Int64.fetchOne(db, sql: "SELECT max(number) FROM change") ?? 0, unfinished)
        }
        self.run = run
        self.unfinished = unfinished
        counters = Mutex(Counters(change: change))
    }

    /// Begins a plan that is only shown. It reads what a journal remembers and leaves no trace in it.
    public init(draftOn journal: Journal?) async throws {
        self.journal = journal
        // An empty name is SQLite's for a temporary file that nobody else sees and that goes away by itself.
        let draft = try DatabaseQueue(path: "")
        store = draft
        try await draft.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
            try Schema.createTables(in: db)
        }
        run = 0
        unfinished = try await journal?.database.read { db in
            try Int64.fetchAll(db, sql: "SELECT id FROM run WHERE state = 'executing'")
        } ?? []
        counters = Mutex(Counters())
    }

    private var isDraft: Bool { run == 0 }

    /// Of a row of `change`: it may have been sent, and how it ended is not known.
    private static let isOpenIntent = """
        outcome IS NULL AND EXISTS (
            SELECT 1 FROM statement s
            JOIN sent ON sent.run = s.run AND sent.service = s.service AND sent.database = coalesce(s.database, '')
            WHERE s.run = change.run AND s.number = change.statement AND s.number <= sent.through)
        """

    public func memories(of service: String, paths: [EntityPath]) async throws -> [FactKey: Memory] {
        guard let journal else { return [:] }
        let unfinished = unfinished
        return try await journal.database.read { db in
            var memories: [FactKey: Memory] = [:]
            let knowsService = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM base WHERE service = ?)", arguments: [service]) ?? false
            if knowsService {
                try Self.each(db, "base", "path, entity, attribute, value", of: service, paths: paths) { key, row in
                    memories[key, default: Memory()].base = row[3]
                }
            }
            for run in unfinished {
                // Nothing orders two intents of one fact but the runs they belong to: the newer one counts.
                try Self.each(
                    db, "change", "path, entity, attribute, value, number", of: service, paths: paths,
                    where: "run = \(run) AND \(Self.isOpenIntent)"
                ) { key, row in
                    memories[key, default: Memory()].intent = Memory.Intent(id: row[4], value: row[3])
                }
            }
            return memories
        }
    }

    /// Visits the rows of some entities and of everything below their tables.
    private static func each(
        _ db: Database, _ table: String, _ columns: String, of service: String, paths: [EntityPath],
        where condition: String = "1", _ visit: (FactKey, Row) throws -> Void
    ) throws {
        let exact = try db.cachedStatement(
            sql: "SELECT \(columns) FROM \(table) WHERE \(condition) AND service = ? AND path = ?")
        let below = try db.cachedStatement(
            sql: "SELECT \(columns) FROM \(table) WHERE \(condition) AND service = ? AND path >= ? AND path < ?")
        func visitAll(_ rows: RowCursor) throws {
            while let row = try rows.next() {
                guard let path = EntityPath(row[0] as String), let kind = EntityKind(rawValue: row[1]) else {
                    throw JournalError("the journal holds a path or kind that cannot be read: \(row)")
                }
                try visit(FactKey(entity: Entity(kind: kind, path: path), attribute: Attribute(rawValue: row[2])), row)
            }
        }
        var tables: Set<EntityPath> = []
        for path in paths {
            if path.names.count >= 3 {
                tables.insert(path.names.count == 3 ? path : EntityPath(Array(path.names[..<3])))
            } else {
                try visitAll(Row.fetchCursor(exact, arguments: [service, path.description]))
            }
        }
        for table in tables {
            let text = table.description
            try visitAll(Row.fetchCursor(exact, arguments: [service, text]))
            // Everything below has the table's text and a dot in front; a slash is what comes after a dot.
            try visitAll(Row.fetchCursor(below, arguments: [service, text + ".", text + "/"]))
        }
    }

    public func append(_ piece: PlanPiece) async throws {
        let run = run, isDraft = isDraft
        let (firstChange, firstStatement) = counters.withLock { counters in
            let scope = PlanScope(service: piece.service, database: piece.database)
            if !piece.statements.isEmpty, !counters.scopes.contains(scope) { counters.scopes.append(scope) }
            defer {
                counters.change += Int64(piece.changes.count)
                counters.statement += Int64(piece.statements.count)
            }
            return (counters.change + 1, counters.statement + 1)
        }
        try await store.write { [unfinished] db in
            var statements = try RowInserter(db, sql: """
                INSERT INTO statement (run, number, service, database, text, guard, first_change, last_change)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
            var changes = try RowInserter(db, sql: """
                INSERT INTO change (number, run, service, path, attribute, entity, kind, channel, action, before, value,
                    statement, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
            var number = firstChange
            func insert(_ planned: PlannedChange, statement: Int64?) throws {
                let change = planned.change
                changes.bind(number)
                changes.bind(run)
                changes.bind(piece.service)
                changes.bind(change.path.description)
                changes.bind(change.attribute.rawValue)
                changes.bind(planned.entityKind.rawValue)
                changes.bind(change.kind)
                changes.bind(planned.channel)
                changes.bind(planned.action.rawValue)
                changes.bind(change.before)
                changes.bind(change.value)
                changes.bind(statement)
                changes.bind(planned.reason)
                do {
                    try changes.insert()
                } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
                    throw ListedTwice(
                        service: piece.service, entity: Entity(kind: planned.entityKind, path: change.path))
                }
                number += 1
            }
            // The changes of a statement get neighbouring numbers; what is not written comes after all of them.
            for (index, statement) in piece.statements.enumerated() {
                statements.bind(run)
                statements.bind(firstStatement + Int64(index))
                statements.bind(piece.service)
                statements.bind(piece.database)
                statements.bind(statement.text)
                statements.bind(statement.guardText)
                statements.bind(number)
                statements.bind(number + Int64(statement.changes.count) - 1)
                try statements.insert()
                for change in statement.changes {
                    try insert(piece.changes[change], statement: firstStatement + Int64(index))
                }
            }
            for planned in piece.changes where !planned.action.isWritten { try insert(planned, statement: nil) }
            if !isDraft { try Self.keep(piece, run: run, unfinished: unfinished, in: db) }
        }
    }

    private static func keep(
        _ piece: PlanPiece, run: Int64, unfinished: [Int64], in db: Database
    ) throws {
        for (key, value) in piece.bases {
            if let value {
                try db.execute(
                    sql: """
                        INSERT INTO base (service, path, entity, attribute, value, run) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET value = excluded.value, run = excluded.run
                        """,
                    arguments: [
                        piece.service, key.entity.path.description, key.entity.kind.rawValue, key.attribute.rawValue,
                        value, run,
                    ])
            } else {
                try db.execute(
                    sql: "DELETE FROM base WHERE service = ? AND path = ? AND entity = ? AND attribute = ?",
                    arguments: [
                        piece.service, key.entity.path.description, key.entity.kind.rawValue, key.attribute.rawValue,
                    ])
            }
        }
        for (intent, wasApplied) in piece.settled {
            try db.execute(
                sql: "UPDATE change SET outcome = ?, reason = ? WHERE number = ?",
                arguments: [
                    wasApplied ? "applied" : "failed", "settled by run \(run), from what the source held", intent.id,
                ])
            try supersede("number = ?", [intent.id], of: unfinished, by: run, in: db)
        }
    }

    /// Ends what earlier runs left open about the facts of some changes, which are settled now.
    private static func supersede(
        _ condition: String, _ arguments: StatementArguments, of unfinished: [Int64], by run: Int64, in db: Database
    ) throws {
        for earlier in unfinished {
            try db.execute(
                sql: """
                    UPDATE change SET outcome = 'superseded', reason = 'settled by run \(run)'
                    WHERE run = \(earlier) AND outcome IS NULL AND (service, path, entity, attribute) IN (
                        SELECT service, path, entity, attribute FROM change WHERE \(condition))
                    """,
                arguments: arguments)
        }
    }

    public func scopes() -> [PlanScope] {
        counters.withLock { $0.scopes }
    }

    /// Several batches are in memory at once, so what statements weigh counts too: texts may be of any length.
    private static let mostBatchBytes = 4 << 20

    public func statements(of scope: PlanScope, after number: Int64, limit: Int) async throws -> PlannedBatch {
        try await store.read { [run] db in
            var batch = PlannedBatch()
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: """
                    SELECT s.number, c.number, c.entity, c.action, c.kind, c.path, c.attribute, c.before, c.value, s.text, s.guard
                    FROM (
                        SELECT number, text, guard, first_change, last_change FROM statement
                        WHERE run = ? AND number > ? AND service = ? AND database IS ? ORDER BY number LIMIT ?
                    ) s JOIN change c ON c.number BETWEEN s.first_change AND s.last_change
                    ORDER BY s.number, c.number
                    """),
                arguments: [run, number, scope.service, scope.database, limit])
            var bytes = 0
            while let row = try rows.next() {
                let number: Int64 = row[0]
                if batch.numbers.last != number {
                    if bytes >= Self.mostBatchBytes { break }
                    let statement = Statement(text: row[9], changes: [], guardText: row[10])
                    bytes += statement.text.utf8.count
                    batch.numbers.append(number)
                    batch.statements.append(statement)
                }
                batch.statements[batch.statements.count - 1].changes.append(batch.changes.count)
                batch.items.append(try Self.item(row))
                batch.changes.append(try Self.change(row, from: 4))
            }
            return batch
        }
    }

    private static func item(_ row: Row) throws -> PlannedBatch.Item {
        guard let entity = EntityKind(rawValue: row[2]), let action = PlannedChange.Action(rawValue: row[3]) else {
            throw JournalError("the journal holds a change of a kind or action that is not known: \(row)")
        }
        return PlannedBatch.Item(number: row[1], entityKind: entity, action: action)
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

    /// Runs a read on where the plan is kept.
    func readStore(_ body: (Database) throws -> Void) throws {
        try store.read(body)
    }

    public func beginExecution() async throws {
        try await store.writeWithoutTransaction { [run] db in
            // The intents must outlive a power cut; the outcomes may be lost, since the source can be asked again.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "UPDATE run SET state = 'executing' WHERE id = ?", arguments: [run])
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        // The plan moves into the database's file while the source works on the first batch, instead of when the journal is
        // closed. Nothing depends on it, so nothing is lost if it fails.
        Task { [store] in
            _ = try? await store.writeWithoutTransaction { try $0.checkpoint(.passive) }
        }
    }

    public func willSend(_ scope: PlanScope, through number: Int64) async throws {
        try await store.write { [run] db in
            try db.cachedStatement(sql: """
                INSERT INTO sent (run, service, database, through) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET through = excluded.through
                """).execute(arguments: [run, scope.service, scope.database ?? "", number])
        }
    }

    public func record(_ outcomes: [(changeNumber: Int64, ChangeOutcome)]) async throws {
        guard !outcomes.isEmpty else { return }
        var applied: [Int64] = [], others: [(Int64, String, String)] = []
        for (number, outcome) in outcomes {
            switch outcome {
            case .applied: applied.append(number)
            case .skipped(let failure): others.append((number, "skipped", failure.description))
            case .conflict(let failure): others.append((number, "conflict", failure.description))
            case .failed(let failure): others.append((number, "failed", failure.description))
            }
        }
        let ranges = Self.ranges(applied.sorted())
        try await store.write { [others, run, unfinished] db in
            for range in ranges {
                let bounds: StatementArguments = [range.lowerBound, range.upperBound]
                try db.cachedStatement(sql: "UPDATE change SET outcome = 'applied' WHERE number BETWEEN ? AND ?")
                    .execute(arguments: bounds)
                try db.cachedStatement(sql: """
                    INSERT INTO base (service, path, entity, attribute, value, run)
                    SELECT service, path, entity, attribute, value, run FROM change
                    WHERE number BETWEEN ? AND ? AND value IS NOT NULL
                    ON CONFLICT DO UPDATE SET value = excluded.value, run = excluded.run
                    """).execute(arguments: bounds)
                try db.cachedStatement(sql: """
                    DELETE FROM base WHERE (service, path, entity, attribute) IN (
                        SELECT service, path, entity, attribute FROM change WHERE number BETWEEN ? AND ? AND value IS NULL)
                    """).execute(arguments: bounds)
            }
            // A fact that is written under the source's write lock ends what earlier runs left open about it.
            for range in ranges {
                try Self.supersede(
                    "number BETWEEN ? AND ?", [range.lowerBound, range.upperBound], of: unfinished, by: run, in: db)
            }
            for (number, outcome, reason) in others {
                try db.execute(
                    sql: "UPDATE change SET outcome = ?, reason = ? WHERE number = ? AND run = ?",
                    arguments: [outcome, reason, number, run])
            }
        }
    }

    /// Neighbouring numbers as ranges: most batches are one.
    private static func ranges(_ numbers: [Int64]) -> [ClosedRange<Int64>] {
        var ranges: [ClosedRange<Int64>] = []
        for number in numbers {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges
    }

    /// Notes that the run is over. What has no outcome yet stays open if its fate is unknown.
    public func finish(_ report: RunReport) async throws {
        guard !isDraft else { return }
        let counts = String(decoding: try JSONEncoder().encode(report.counts), as: UTF8.self)
        // A run with open intents stays 'executing', so that the next one settles them.
        let state =
            if report.counts.unsettled > 0 { "executing" } else if report.isStopped { "stopped" } else {
                report.exitCode == 0 ? "finished" : "failed"
            }
        try await store.write { [run] db in
            try db.execute(
                sql: "UPDATE run SET state = ?, finished = ?, report = ? WHERE id = ?",
                arguments: [state, Date().formatted(.iso8601), counts, run])
            // Earlier runs whose last intent was settled by this one are over.
            try db.execute(
                sql: """
                    UPDATE run SET state = 'failed', finished = coalesce(finished, ?)
                    WHERE state = 'executing' AND id < ? AND NOT EXISTS (
                        SELECT 1 FROM change WHERE run = run.id AND \(Self.isOpenIntent))
                    """,
                arguments: [Date().formatted(.iso8601), run])
        }
    }

    /// Notes that the run ended early, for a reason outside the sources. What was sent may be open.
    public func abandon() async throws {
        guard !isDraft else { return }
        try await store.write { [run] db in
            // Only a run that came to send anything leaves intents for the next one to settle.
            try db.execute(
                sql: "UPDATE run SET state = 'failed', finished = ? WHERE id = ? AND state = 'planning'",
                arguments: [Date().formatted(.iso8601), run])
        }
    }
}
