internal import Logging
internal import RevmetaModel

/// What the engine tells a log, each line with what it is about: `service`, `database`, `channel`, `entity`, `attribute`.
///
/// Messages are fixed texts; everything that differs stands in the fields. Values of facts are never told.
struct EngineLog: Sendable {
    private let logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }

    func planned(_ counts: RunReport.Counts) {
        logger.info("the plan is whole", metadata: [
            "entities": "\(counts.entities)", "unchanged": "\(counts.unchanged)", "statements_for": "\(counts.written)",
        ])
    }

    func refused(_ refusal: RunRefusal) {
        logger.error("nothing is sent", metadata: ["reason": "\(refusal)"])
    }

    func sending(_ scope: PlanScope) {
        logger.info("sending begins", metadata: Self.fields(scope))
    }

    func sent(_ scope: PlanScope, changes: Int) {
        logger.info("sending has ended", metadata: Self.fields(scope, ["changes": "\(changes)"]))
    }

    func failed(_ scope: PlanScope, _ failure: Failure) {
        logger.error("the source cannot be used", metadata: Self.fields(scope, Self.fields(failure)))
    }

    func waits(_ scope: PlanScope, for wait: Duration, after attempt: Int, _ failure: Failure) {
        let seconds = (wait / .milliseconds(1)).rounded() / 1000
        logger.warning("it will be tried again", metadata: Self.fields(scope, Self.fields(failure)).merging(
            ["attempt": "\(attempt)", "wait_seconds": "\(seconds)"]) { $1 })
    }

    /// What a plan leaves out, and why.
    func omissions(of piece: PlanPiece) {
        let scope = PlanScope(service: piece.service, database: piece.database)
        for index in piece.changes.indices where !piece.changes[index].action.isWritten {
            let planned = piece.changes[index]
            let level: Logger.Level = planned.action == .fail ? .error : .info
            logger.log(level: level, "not written", metadata: Self.fields(
                scope, Self.fields(planned.channel, planned.change, outcome: planned.action.rawValue, planned.reason)))
        }
    }

    /// Whether anybody listens to what was applied.
    var tellsApplied: Bool { logger.logLevel <= .debug }

    /// How a change ended that was to be written.
    func ended(_ scope: PlanScope, _ change: Change, _ outcome: ChangeOutcome) {
        let level: Logger.Level, name: String, reason: String?
        switch outcome {
        case .applied: (level, name, reason) = (.debug, "applied", nil)
        case .skipped(let failure): (level, name, reason) = (.info, "skipped", failure.description)
        case .conflict(let failure): (level, name, reason) = (.warning, "conflict", failure.description)
        case .failed(let failure): (level, name, reason) = (.error, "failed", failure.description)
        }
        logger.log(level: level, outcome == .applied ? "written" : "not written", metadata: Self.fields(
            scope, Self.fields(change.channel ?? "", change, outcome: name, reason)))
    }

    private static func fields(_ scope: PlanScope, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var fields = more
        fields["service"] = "\(scope.service)"
        if let database = scope.database { fields["database"] = "\(database)" }
        return fields
    }

    private static func fields(_ failure: Failure) -> Logger.Metadata {
        ["reason": "\(failure)", "status": "\(failure.status)"]
    }

    private static func fields(
        _ channel: String, _ change: Change, outcome: String, _ reason: String?
    ) -> Logger.Metadata {
        var fields: Logger.Metadata = [
            "channel": "\(channel)", "entity": "\(change.path)", "kind": "\(change.kind)",
            "attribute": "\(change.attribute)", "outcome": "\(outcome)",
        ]
        if let reason { fields["reason"] = "\(reason)" }
        return fields
    }
}
