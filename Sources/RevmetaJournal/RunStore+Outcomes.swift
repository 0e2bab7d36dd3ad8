internal import GRDB
public import RevmetaEngine
internal import RevmetaModel
internal import Synchronization

// How a plan's changes ended, and what is ours since.
extension RunStore {
    public func record(_ outcomes: [RecordedOutcome]) async throws {
        guard !outcomes.isEmpty else { return }
        let ranges = Self.ranges(outcomes)
        try await store.write { db in
            let insert = try db.cachedStatement(sql: """
                INSERT INTO outcome (first, last, outcome, reason, attempts, duration) VALUES (?, ?, ?, ?, ?, ?)
                """)
            for (range, recorded) in ranges {
                let (outcome, reason): (String, String?) =
                    switch recorded.outcome {
                    case .applied: ("applied", nil)
                    case .skipped(let failure): ("skipped", failure.description)
                    case .conflict(let failure): ("conflict", failure.description)
                    case .failed(let failure): ("failed", failure.description)
                    }
                let (seconds, attoseconds) = recorded.duration.components
                try insert.execute(arguments: [
                    range.lowerBound, range.upperBound, outcome, reason, recorded.attempts,
                    seconds * 1_000_000 + attoseconds / 1_000_000_000_000,
                ])
                if recorded.outcome == .applied { try remember(range, in: db) }
            }
            for recorded in outcomes {
                guard case .value(let value) = recorded.held else { continue }
                try db.cachedStatement(sql: "INSERT INTO held (number, value) VALUES (?, ?)")
                    .execute(arguments: [recorded.change, value])
                let (service, key) = try Self.fact(ofChange: recorded.change, in: db)
                try keepHeld(value, of: key, service: service, in: db)
            }
        }
        beginWritingOut()
        let applied = ranges.reduce(0) { $1.1.outcome == .applied ? $0 + $1.0.count : $0 }
        state.withLock { $0.applied += Int64(applied) }
    }

    /// Whether each change of the plan was applied.
    var isAllApplied: Bool {
        state.withLock { $0.applied == $0.change - (Schema.changes(of: run).lowerBound - 1) }
    }

    /// Notes that what some changes wrote is ours now, and that nothing earlier about it is open any more.
    private func remember(_ applied: ClosedRange<Int64>, in db: Database) throws {
        let bounds: StatementArguments = [applied.lowerBound, applied.upperBound]
        try db.cachedStatement(sql: """
            INSERT INTO base (service, path, entity, attribute, value, run, rendered)
            SELECT service, path, entity, attribute, value, run, rendered FROM change JOIN scope ON scope.id = change.scope
            WHERE number BETWEEN ? AND ? AND value IS NOT NULL AND action <> 'restore'
            ON CONFLICT DO UPDATE SET value = excluded.value, run = excluded.run, rendered = excluded.rendered, held = NULL,
                is_read = 0
            """).execute(arguments: bounds)
        if state.withLock({ $0.forgets }) { try forget(bounds, in: db) }
        // A fact that is written under the source's write lock ends what earlier runs left open about it.
        guard state.withLock({ !$0.openIntents.isEmpty }) else { return }
        for number in applied {
            let (service, key) = try Self.fact(ofChange: number, in: db)
            try supersedeIntents(of: key, service: service, in: db)
        }
    }

    /// Notes that what some changes cleared or put back is not ours any more.
    private func forget(_ bounds: StatementArguments, in db: Database) throws {
        try db.cachedStatement(sql: """
            DELETE FROM base WHERE (service, path, entity, attribute) IN (
                SELECT service, path, entity, attribute FROM change JOIN scope ON scope.id = change.scope
                WHERE number BETWEEN ? AND ? AND (value IS NULL OR action = 'restore'))
            """).execute(arguments: bounds)
    }

    /// Neighbouring changes that ended alike, as ranges: most batches are one.
    private static func ranges(_ outcomes: [RecordedOutcome]) -> [(ClosedRange<Int64>, RecordedOutcome)] {
        var outcomes = outcomes
        // In the order of sending they stand already, but for what was sent again.
        if !outcomes.indices.dropFirst().allSatisfy({ outcomes[$0 - 1].change < outcomes[$0].change }) {
            outcomes.sort { $0.change < $1.change }
        }
        var ranges: [(ClosedRange<Int64>, RecordedOutcome)] = []
        var first = outcomes.startIndex
        while first < outcomes.endIndex {
            var last = first
            while last + 1 < outcomes.endIndex, outcomes[last + 1].continues(outcomes[last]) { last += 1 }
            ranges.append((outcomes[first].change...outcomes[last].change, outcomes[first]))
            first = last + 1
        }
        return ranges
    }
}

extension RecordedOutcome {
    /// Whether it is that of the next change, and ended alike.
    fileprivate func continues(_ other: borrowing RecordedOutcome) -> Bool {
        change == other.change + 1 && outcome == other.outcome && attempts == other.attempts && duration == other.duration
    }
}
