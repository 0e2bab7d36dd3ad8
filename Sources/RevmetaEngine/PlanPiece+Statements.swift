internal import RevmetaModel

extension PlanPiece {
    /// Asks the connector for statements; a change that it refuses becomes a failure, or a skip where nobody can act.
    mutating func addStatements(over session: any ConnectorSession, report: inout RunReport) async throws(Failure) {
        let written = changes.indices.filter { changes[$0].action.isWritten }
        guard !written.isEmpty else { return }
        let planned = try await session.plan(written.map { changes[$0].change })
        statements = planned.statements
        kept = planned.kept
        if written.count < changes.count {
            for index in statements.indices {
                statements[index].changes = ChangeIndexes(statements[index].changes.lazy.map { written[$0] })
            }
        }
        for refusal in planned.refusals {
            let index = written[refusal.index]
            // Nobody can act where the object is gone.
            let action: PlannedChange.Action = refusal.failure.status == .notFound ? .skip : .fail
            report.counts.count(changes[index].action, by: -1)
            report.counts.count(action)
            changes[index].action = action
            changes[index].reason = refusal.failure.description
        }
    }
}
