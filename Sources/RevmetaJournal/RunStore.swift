internal import FoundationEssentials
internal import GRDB
public import RevmetaEngine
public import RevmetaModel
internal import Synchronization

/// A plan and what becomes of it: in the journal for a run, in a temporary file for a plan that is only shown.
public final class RunStore: PlanJournal {
    /// The run's number; 0 for a plan that is only shown.
    public let run: Int64
    let store: any DatabaseWriter
    private let journal: Journal?
    let state: Mutex<State>
    private let hash = Mutex(PlanHash())
    /// Hashes of the facts that have a row in `change`. Why not a unique index: it cost as much as all the rest of
    /// keeping a plan.
    private let facts = Mutex<Set<Int>>([])

    /// What is known of the plan without asking SQLite.
    struct State {
        /// The last number given to a change.
        var change: Int64
        /// Where statements go, in the order in which the first of each was planned.
        var scopes: [PlanScope] = []
        /// The rows of `scope`.
        var scopeRows: [PlanScope: Int64] = [:]
        var recent: RecentPieces
        var openIntents: OpenIntents
        /// How often it was noted that statements are sent.
        var sendings = 0
        /// How many changes were applied.
        var applied: Int64 = 0
        /// Whether something is not ours any more once it is applied.
        var forgets = false
    }

    /// Begins a run.
    /// - Parameters:
    ///   - person: Who started it.
    ///   - version: Of revmeta.
    ///   - channels: Names of the channels that the run is limited to; nil: all.
    ///   - memory: How much of the plan is kept in memory too, in bytes.
    public init(
        beginIn journal: Journal, trigger: String = "manual", person: String, version: String, channels: [String]? = nil,
        memory: Int = 8 << 20
    ) async throws {
        self.journal = journal
        store = journal.database
        let (run, openIntents) = try await store.write { db in
            let openIntents = try OpenIntents(except: journal.goingOn.withLock { $0 }, in: db)
            let channels = try channels.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
            try db.execute(
                sql: """
                    INSERT INTO run (started, trigger, person, version, channels, state) VALUES (?, ?, ?, ?, ?, 'planning')
                    """,
                arguments: [Date().formatted(.iso8601), trigger, person, version, channels])
            let run = db.lastInsertedRowID
            journal.goingOn.withLock { _ = $0.insert(run) }
            return (run, openIntents)
        }
        self.run = run
        state = Mutex(State(
            change: Schema.changes(of: run).lowerBound - 1, recent: RecentPieces(bytes: memory), openIntents: openIntents))
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
        let openIntents = try await journal?.database.read { db in
            try OpenIntents(except: journal?.goingOn.withLock { $0 } ?? [], in: db)
        } ?? .none
        state = Mutex(State(change: 0, recent: RecentPieces(bytes: 0), openIntents: openIntents))
    }

    deinit {
        isOver()
    }

    /// Whatever became of it: nobody will note outcomes any more.
    private func isOver() {
        journal?.goingOn.withLock { _ = $0.remove(run) }
    }

    var isDraft: Bool { run == 0 }

    public var label: String? { isDraft ? nil : "run \(run)" }

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

    public func append(_ piece: PlanPiece) async throws {
        let scope = PlanScope(service: piece.service, database: piece.database)
        let (first, row) = state.withLock { state in
            if !piece.statements.isEmpty, !state.scopes.contains(scope) { state.scopes.append(scope) }
            defer { state.change += Int64(piece.changes.count) }
            return (state.change + 1, state.scopeRows[scope])
        }
        let numbered = NumberedPiece(piece, from: first)
        async let hashed: Void = hash.withLock { $0.add(piece) }
        let scopeRow = try await store.write { db in
            let row = try row ?? insertScope(scope, in: db)
            try insert(numbered, of: scope, row: row, in: db)
            if !isDraft {
                try keep(piece.bases, of: piece.service, in: db)
                for (key, value) in piece.held { try keepHeld(value, of: key, service: piece.service, in: db) }
                try settle(piece.settled, in: db)
                if !piece.found.isEmpty {
                    try db.cachedStatement(sql: "INSERT INTO found (run, scope, facts) VALUES (?, ?, ?)")
                        .execute(arguments: [run, row, FoundFacts.data(of: piece.found)])
                }
            }
            return row
        }
        beginWritingOut()
        state.withLock { state in
            state.scopeRows[scope] = scopeRow
            state.forgets = state.forgets || piece.forgets
            state.recent.append(numbered.batch, of: scope)
        }
        await hashed
    }

    /// Has the system begin to write to the disk what is kept by now.
    func beginWritingOut() {
        if !isDraft { journal?.logWriteOut?.begin() }
    }

    /// The hash of the plan's statements for some scopes; nil: there are none.
    public func planHash(of scopes: some Sequence<PlanScope>) -> String? {
        hash.withLock { $0 }.text(of: scopes)
    }

    private func insertScope(_ scope: PlanScope, in db: Database) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO scope (run, service, database) VALUES (?, ?, ?)",
            arguments: [run, scope.service, scope.database])
        return db.lastInsertedRowID
    }

    private func insert(
        _ piece: NumberedPiece, of scope: PlanScope, row: Int64, in db: Database
    ) throws {
        var rows = try RowInserter(db, sql: """
            INSERT INTO change (number, scope, path, attribute, entity, kind, channel, action, before, value, statement, text,
                guard, reason, parts, rendered, value_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        // Of each service its own hashes.
        var ofService = Hasher()
        ofService.combine(scope.service)
        try facts.withLock { facts in
            try piece.forEach { number, planned, first, sent in
                var hasher = ofService
                hasher.combine(planned.entityKind)
                hasher.combine(planned.change.attribute)
                rows.bind(number)
                rows.bind(row)
                rows.bind(planned.change.path, into: &hasher)
                // A fact that may have had a change in this plan before: perhaps, or else certainly not.
                if !facts.insert(hasher.finalize()).inserted, try isListed(service: scope.service, planned, in: db) {
                    throw ListedTwice(
                        service: scope.service, entity: Entity(kind: planned.entityKind, path: planned.change.path))
                }
                rows.bind(shared: planned.change.attribute.rawValue)
                rows.bind(shared: planned.entityKind.rawValue)
                rows.bind(shared: planned.change.kind)
                rows.bind(shared: planned.channel)
                rows.bind(shared: planned.action.rawValue)
                rows.bind(planned.change.before)
                rows.bind(planned.change.value)
                rows.bind(first)
                let valuePlace = try rows.bind(
                    sent, of: piece.batch.statements, value: planned.change.value, reason: planned.reason)
                rows.bind(planned.rendered)
                rows.bind(valuePlace)
                try rows.insert()
            }
        }
    }

    private func isListed(service: String, _ planned: borrowing PlannedChange, in db: Database) throws -> Bool {
        let numbers = Schema.changes(of: run)
        return try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM change JOIN scope ON scope.id = change.scope WHERE number BETWEEN ? AND ?
                    AND service = ? AND path = ? AND entity = ? AND attribute = ?)
                """,
            arguments: [
                numbers.lowerBound, numbers.upperBound, service, planned.change.path.description,
                planned.entityKind.rawValue, planned.change.attribute.rawValue,
            ]) ?? false
    }

    private func keep(_ bases: [(FactKey, String?)], of service: String, in db: Database) throws {
        for (key, value) in bases {
            let fact: StatementArguments = [
                service, key.entity.path.description, key.entity.kind.rawValue, key.attribute.rawValue,
            ]
            if let value {
                try db.cachedStatement(sql: """
                    INSERT INTO base (service, path, entity, attribute, value, run) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET value = excluded.value, run = excluded.run, rendered = NULL, held = NULL, is_read = 0
                    """).execute(arguments: fact + [value, run])
            } else {
                try db.cachedStatement(sql: """
                    DELETE FROM base WHERE service = ? AND path = ? AND entity = ? AND attribute = ?
                    """).execute(arguments: fact)
            }
        }
    }

    func keepHeld(_ value: String?, of key: FactKey, service: String, in db: Database) throws {
        try db.cachedStatement(sql: """
            UPDATE base SET held = ?, is_read = 1 WHERE service = ? AND path = ? AND entity = ? AND attribute = ?
            """).execute(arguments: [
                value, service, key.entity.path.description, key.entity.kind.rawValue, key.attribute.rawValue,
            ])
    }

    /// Notes how earlier runs' open intents ended.
    private func settle(_ settled: [(Memory.Intent, wasApplied: Bool)], in db: Database) throws {
        for (intent, wasApplied) in settled {
            let (service, key) = try Self.fact(ofChange: intent.id, in: db)
            try end(
                intent, as: wasApplied ? "applied" : "failed", "settled by run \(run), from what the source held", in: db)
            try supersedeIntents(of: key, service: service, besides: intent, in: db)
        }
    }

    static func fact(ofChange number: Int64, in db: Database) throws -> (service: String, FactKey) {
        guard let row = try Row.fetchOne(
            db, sql: "SELECT service, path, entity, attribute FROM recorded WHERE number = ?", arguments: [number])
        else { throw JournalError("the journal does not hold change \(number), which it gave a number") }
        return (row[0], try FactKey(row, from: 1))
    }

    private func end(_ intent: Memory.Intent, as outcome: String, _ reason: String, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO outcome (first, last, outcome, reason) VALUES (?, ?, ?, ?)")
            .execute(arguments: [intent.id, intent.id, outcome, reason])
    }

    /// Ends what earlier runs left open about a fact that is settled now.
    func supersedeIntents(
        of key: FactKey, service: String, besides settled: Memory.Intent? = nil, in db: Database
    ) throws {
        for intent in state.withLock({ $0.openIntents.remove(key, of: service) }) where intent != settled {
            try end(intent, as: "superseded", "settled by run \(run)", in: db)
        }
    }

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

    /// Runs a read on where the plan is kept.
    func readStore(_ body: (Database) throws -> Void) throws {
        try store.read(body)
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

    /// Notes that the run is over. What has no outcome yet stays open if its fate is unknown.
    ///
    /// - Parameter keepsEmpty: Whether a run is remembered that looked at nothing it would have to tell of.
    public func finish(_ report: RunReport, keepsEmpty: Bool = true) async throws {
        guard !isDraft else { return }
        defer { isOver() }
        if !keepsEmpty, state.withLock({ $0.scopeRows.isEmpty }) {
            return try await forget()
        }
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
            try endSettledRuns(in: db)
            try FoundFacts.dropRepeated(by: run, except: report.failedScopes, in: db)
        }
    }

    /// Earlier runs whose last intent was settled by this one are over.
    private func endSettledRuns(in db: Database) throws {
        let earlier = try Int64.fetchAll(
            db, sql: "SELECT id FROM run WHERE state = 'executing' AND id < ?", arguments: [run])
        let goingOn = journal?.goingOn.withLock { $0 } ?? []
        for earlier in earlier where !goingOn.contains(earlier) {
            let numbers = Schema.changes(of: earlier)
            try db.execute(
                sql: """
                    UPDATE run SET state = 'failed', finished = coalesce(finished, ?)
                    WHERE id = ? AND NOT EXISTS (
                        SELECT 1 FROM recorded WHERE number BETWEEN ? AND ? AND was_sent AND outcome IS NULL)
                    """,
                arguments: [Date().formatted(.iso8601), earlier, numbers.lowerBound, numbers.upperBound])
        }
    }

    private func forget() async throws {
        try await store.write { [run] db in try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run]) }
    }

    /// Notes that the run ended early, for a reason outside the sources. What was sent may be open.
    ///
    /// - Parameter keepsEmpty: Whether it is remembered though it came to nothing.
    public func abandon(keepsEmpty: Bool = true) async throws {
        guard !isDraft else { return }
        defer { isOver() }
        if !keepsEmpty, state.withLock({ $0.scopeRows.isEmpty }) { return try await forget() }
        try await store.write { [run] db in
            // Only a run that came to send anything leaves intents for the next one to settle.
            try db.execute(
                sql: "UPDATE run SET state = 'failed', finished = ? WHERE id = ? AND state = 'planning'",
                arguments: [Date().formatted(.iso8601), run])
        }
    }
}

extension PlanPiece {
    /// Whether something in it is not ours any more once it is written.
    fileprivate var forgets: Bool {
        changes.indices.contains { index in
            changes[index].action == .restore || changes[index].action.isWritten && changes[index].change.value == nil
        }
    }
}

extension RowInserter {
    /// Gives the next values of a row: a statement's text and guard, a change's reason, and the statement's parts.
    ///
    /// - Returns: Where in the text the change's value was left out; nil: nowhere.
    fileprivate mutating func bind(
        _ sent: Int?, of statements: [RevmetaModel.Statement], value: String?, reason: String?
    ) throws -> Int64? {
        let place = bind(sent.map { statements[$0].text }, leavingOut: value)
        bind(sent.flatMap { statements[$0].guardText })
        bind(reason)
        bind(try sent.flatMap { try Parts.text(of: statements[$0].parts) })
        return place
    }
}
