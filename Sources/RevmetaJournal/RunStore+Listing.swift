internal import GRDB
public import RevmetaEngine
internal import RevmetaModel

/// One line of a plan or run, as it is shown.
public struct ListedChange: Sendable {
    public var service: String
    public var database: String?
    /// The statement's number; several changes may share one. Nil: nothing is sent.
    public var statement: Int64?
    /// The statement's text, with the first of its changes only.
    public var statementText: String?
    /// With the first of the statement's changes only.
    public var guardText: String?
    /// Of a template's, with the first of the statement's changes only: what the statement consists of.
    public var parts: [String]
    public var planned: PlannedChange
    /// `applied`, `skipped`, `conflict`, `failed`; nil: not sent, or open.
    public var outcome: String?
    /// Whether its statement may have been sent.
    public var wasSent: Bool
    /// How often its statement was sent; nil: it was not, or it is open, or a later run settled it.
    public var attempts: Int?
    /// From the first sending of its batch until the batch was done with.
    public var duration: Duration?
}

extension RunStore {
    /// Visits the plan in the order in which it runs: services, databases, statements; then what is not written.
    public func list(_ visit: (ListedChange) throws -> Void) throws {
        try list(where: "1", visit)
    }

    /// Visits what did not go well, or was left out for a reason.
    public func listProblems(_ visit: (ListedChange) throws -> Void) throws {
        // Usually there are none, and looking through a plan takes a while.
        guard !isAllApplied else { return }
        try list(where: "(statement IS NULL OR coalesce(outcome, 'open') <> 'applied')", visit)
    }

    private func list(where condition: String, _ visit: (ListedChange) throws -> Void) throws {
        try readStore { try Self.list(run, in: $0, where: condition, visit) }
    }

    /// Visits the changes of a run, whichever.
    static func list(
        _ run: Int64, in db: Database, where condition: String = "1", _ visit: (ListedChange) throws -> Void
    ) throws {
        let numbers = Schema.changes(of: run)
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT kind, path, attribute, before, value, service, database, statement, text, guard, channel, action, entity,
                    reason, outcome, attempts, duration, was_sent, parts, rendered
                FROM recorded WHERE number BETWEEN ? AND ? AND \(condition)
                ORDER BY statement IS NULL, service, database, statement, number
                """,
            arguments: [numbers.lowerBound, numbers.upperBound])
        while let row = try rows.next() {
            guard let action = PlannedChange.Action(rawValue: row[11]), let entity = EntityKind(rawValue: row[12]) else {
                throw JournalError("the journal holds a change of a kind or action that is not known: \(row)")
            }
            try visit(ListedChange(
                service: row[5], database: row[6], statement: row[7],
                statementText: row[8], guardText: row[9], parts: try Parts.parts(of: row[18]),
                planned: PlannedChange(
                    channel: row[10], action: action, entityKind: entity, change: try Self.change(row, from: 0),
                    reason: row[13], rendered: row[19]),
                outcome: row[14], wasSent: row[17], attempts: row[15], duration: (row[16] as Int64?).map { .microseconds($0) }))
        }
    }
}
