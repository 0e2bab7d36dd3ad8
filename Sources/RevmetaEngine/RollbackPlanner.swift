internal import RevmetaModel

/// A change that an earlier run made, as the journal remembers it.
public struct AppliedChange: Sendable, Equatable {
    public var service: String
    public var database: String?
    public var planned: PlannedChange
    /// Of a template: what it wrote.
    public var template: TemplateWriting?
    /// The run died after it may have sent the change: only the source knows whether it made it. Nil: it is known.
    public var intent: Memory.Intent?

    public init(
        service: String, database: String?, planned: PlannedChange, template: TemplateWriting? = nil,
        intent: Memory.Intent? = nil
    ) {
        self.service = service
        self.database = database
        self.planned = planned
        self.template = template
        self.intent = intent
    }
}

/// Plans the way back from what a run wrote to what was there before.
struct RollbackPlanner: Sendable {
    let pool: SessionPool
    let journal: any PlanJournal
    /// When somebody changed a value after the run: keep it, overwrite it, or fail.
    let onConflict: Policies.Conflict
    let retrying: Retrying
    let log: EngineLog

    /// Plans the way back of some changes, all of one scope.
    func plan(_ changes: [AppliedChange], of scope: PlanScope, report: inout RunReport) async throws {
        let before = report, planned: PlanPiece
        do throws(Failure) {
            let (piece, attempted) = try await pool.reading(scope, retrying) { session throws(Failure) in
                var attempted = before
                let piece = try await plan(changes, of: scope, over: session, report: &attempted)
                return (piece, attempted)
            }
            report = attempted
            report.usedServices.insert(scope.service)
            planned = piece
        } catch {
            report.fail(scope, error)
            log.failed(scope, error)
            return
        }
        log.omissions(of: planned)
        try await journal.append(planned)
    }

    private func plan(
        _ changes: [AppliedChange], of scope: PlanScope, over session: any ConnectorSession, report: inout RunReport
    ) async throws(Failure) -> PlanPiece {
        let actual = try await session.read(changes.map(\.planned.key))
        var piece = PlanPiece(service: scope.service, database: scope.database)
        for (change, actual) in zip(changes, actual) {
            settle(change, actual, into: &piece)
            if let back = back(change, actual, report: &report) { piece.changes.append(back) }
        }
        try await piece.addStatements(over: session, report: &report)
        return piece
    }

    /// What is at the source now was written by the run, though it did not live to note it.
    private func settle(_ change: AppliedChange, _ actual: SourceFact?, into piece: inout PlanPiece) {
        // What a template wrote is not told by the value alone.
        guard let intent = change.intent, intent.rendered == nil, case .known(let value)? = actual?.value,
            intent.isMet(by: value)
        else { return }
        piece.settle(intent, of: change.planned.key)
    }

    private static func isSame(_ one: String?, _ other: String?) -> Bool { (one ?? "").isExactly(other ?? "") }

    /// The way back of one change: what is written, or why nothing is. Nil: it is back already.
    private func back(
        _ applied: AppliedChange, _ actual: SourceFact?, report: inout RunReport
    ) -> PlannedChange? {
        let made = applied.planned, before = made.change.before
        var change = Change(
            kind: made.change.kind, path: made.change.path, attribute: made.change.attribute, before: nil, value: before)
        func planned(_ action: PlannedChange.Action, _ reason: String? = nil) -> PlannedChange {
            report.counts.count(action)
            return PlannedChange(
                channel: made.channel, action: action, entityKind: made.entityKind, change: change, reason: reason)
        }

        let wrote: String?
        switch applied.template?.held {
        case nil: wrote = made.change.value
        case .value(let held)?: wrote = held
        case .unread?:
            return planned(
                .skip, "a template wrote it, and the source does not tell what it was before: put it back by hand")
        }
        guard let actual else {
            return planned(.skip, "the source has no such \(made.change.kind) any more")
        }
        change.kind = actual.kind
        guard case .known(let value) = actual.value else {
            if case .unknown(let reason) = actual.value { return planned(.skip, reason) }
            return planned(.skip)
        }
        change.before = value
        if Self.isSame(value, before) {
            report.counts.unchanged += 1
            return nil
        }
        if !Self.isSame(value, wrote) {
            let reason =
                applied.intent == nil
                ? "it was changed after the run that is rolled back"
                : "the run that is rolled back died before it noted whether it wrote this, and it is another value now"
            switch onConflict {
            case .keep: return planned(.keep, reason)
            case .fail: return planned(.fail, reason)
            case .overwrite: break
            }
        }
        guard let before else {
            guard made.change.attribute.canBeAbsent else {
                return planned(.skip, "there was no \(made.change.attribute) before, and it cannot be taken away")
            }
            return planned(.clear)
        }
        change.value = before
        // What we replaced was ours, unless it was in our way.
        return planned(made.action == .overwrite ? .restore : .set)
    }
}
