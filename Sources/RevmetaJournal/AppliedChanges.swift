internal import GRDB
public import RevmetaEngine
public import RevmetaModel

/// What a run wrote, or died over, some thousands of changes at a time, each time of one service's or database's.
public struct AppliedChanges: AsyncSequence, Sendable {
    let journal: Journal
    let run: Int64
    let channels: [String]
    let entity: NamePattern?

    private static let mostAtOnce = 1000

    public struct AsyncIterator: AsyncIteratorProtocol {
        let changes: AppliedChanges
        var last: Int64

        public mutating func next() async throws -> [AppliedChange]? {
            let (piece, reached) = try changes.read(after: last)
            last = reached
            return piece.isEmpty ? nil : piece
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(changes: self, last: Schema.changes(of: run).lowerBound - 1)
    }

    /// The next changes that match, and how far they were looked for.
    private func read(after number: Int64) throws -> ([AppliedChange], Int64) {
        try journal.database.read { db in
            var piece: [AppliedChange] = [], reached = number
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: """
                    SELECT kind, path, attribute, before, value, service, database, channel, action, entity, number,
                        rendered, (SELECT value FROM held WHERE held.number = recorded.number),
                        EXISTS (SELECT 1 FROM held WHERE held.number = recorded.number), outcome IS NULL
                    FROM recorded
                    WHERE number > ? AND number <= ? AND (outcome = 'applied' OR outcome IS NULL AND was_sent) ORDER BY number
                    """),
                arguments: [number, Schema.changes(of: run).upperBound])
            while piece.count < Self.mostAtOnce, let row = try rows.next() {
                guard let action = PlannedChange.Action(rawValue: row[8]), let kind = EntityKind(rawValue: row[9]) else {
                    throw JournalError("the journal holds a change of a kind or action that is not known: \(row)")
                }
                let service: String = row[5], database: String? = row[6]
                if let first = piece.first, first.service != service || first.database != database { break }
                reached = row[10]
                guard channels.isEmpty || channels.contains(row[7]), entity?.matches(row[1]) ?? true else { continue }
                let planned = PlannedChange(
                    channel: row[7], action: action, entityKind: kind, change: try RunStore.change(row, from: 0),
                    rendered: row[11])
                let isOpen: Bool = row[14]
                piece.append(AppliedChange(
                    service: service, database: database, planned: planned, template: TemplateWriting(row, from: 11),
                    intent: isOpen ? Memory.Intent(openChange: reached, planned) : nil))
            }
            return (piece, reached)
        }
    }
}

extension Memory.Intent {
    fileprivate init(openChange number: Int64, _ planned: PlannedChange) {
        self.init(
            id: number, value: planned.change.value, isOurs: planned.action != .restore, before: planned.change.before,
            rendered: planned.rendered)
    }
}

extension Journal {
    /// What a run wrote, and what it may have written if it died.
    ///
    /// - Parameters:
    ///   - channels: Only what these wanted; empty: all.
    ///   - entity: Only entities whose path, its names joined by dots, matches.
    public func applied(in run: Int64, channels: [String] = [], entity: NamePattern? = nil) -> AppliedChanges {
        AppliedChanges(journal: self, run: run, channels: channels, entity: entity)
    }
}
