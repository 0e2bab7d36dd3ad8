internal import RevmetaModel

extension PlanPiece {
    /// Asks the connector for statements; a change that it refuses becomes a failure, or a skip where nobody can act.
    mutating func addStatements(over session: any ConnectorSession, report: inout RunReport) async throws {
        let written = changes.indices.filter { changes[$0].action.isWritten }
        guard !written.isEmpty else { return }
        let planned = try await session.plan(written.map { changes[$0].change })
        statements = planned.statements.map { statement in
            var statement = statement
            statement.changes = statement.changes.map { written[$0] }
            return statement
        }
        for refusal in planned.refusals {
            let index = written[refusal.index]
            switch changes[index].action {
            case .overwrite: report.counts.overwritten -= 1
            case .clear: report.counts.cleared -= 1
            default: report.counts.set -= 1
            }
            let isNobodys = refusal.failure.status == .notFound
            if isNobodys { report.counts.skipped += 1 } else { report.counts.failed += 1 }
            changes[index].action = isNobodys ? .skip : .fail
            changes[index].reason = refusal.failure.description
        }
    }
}
