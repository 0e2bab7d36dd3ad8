internal import GRDB
public import RevmetaEngine
internal import RevmetaModel
internal import Synchronization

// How a plan is kept, a piece at a time.
extension RunStore {
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
