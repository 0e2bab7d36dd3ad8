internal import RevmetaModel

/// Sends a plan's statements, scope by scope, and notes how each ended.
struct Executor: Sendable {
    let pool: SessionPool
    let journal: any PlanJournal
    /// Scopes whose plan is not whole, since they failed while it was made: nothing of theirs is sent.
    let excluded: Set<PlanScope>
    let stop: StopRequest
    let progress: @Sendable (Progress) -> Void

    /// Statements of one call to a connector: enough for it to prepare some while the source works on others, and
    /// few enough for the source to have work soon.
    private static let batchSize = 2000

    /// Sends everything. Throws if the journal fails; what goes wrong at a source is told in the report.
    func execute() async throws -> RunReport {
        let scopes = try await journal.scopes().filter { !excluded.contains($0) }
        guard !scopes.isEmpty else { return RunReport() }
        try await journal.beginExecution()
        return try await withThrowingTaskGroup(of: RunReport.self) { group in
            for scope in scopes { group.addTask { try await execute(scope) } }
            var report = RunReport()
            for try await part in group {
                report.counts += part.counts
                report.failures.merge(part.failures) { first, _ in first }
                report.isStopped = report.isStopped || part.isStopped
            }
            return report
        }
    }

    private func execute(_ scope: PlanScope) async throws -> RunReport {
        var report = RunReport()
        let open: SessionPool.Open
        do throws(Failure) {
            open = try await pool.lease(scope)
        } catch {
            report.fail(scope, error)
            return report
        }
        // While the source works on a batch, the next one is fetched and the outcomes of the last one are noted. They are
        // noted after it is noted that the batch is sent, which the source would otherwise wait for.
        var batch = try await journal.statements(of: scope, after: 0, limit: Self.batchSize)
        var unnoted: [(changeNumber: Int64, ChangeOutcome)] = []
        while let last = batch.numbers.last {
            if stop.isRequested {
                report.isStopped = true
                break
            }
            let current = batch, outcomes = unnoted, journal = journal
            try await journal.willSend(scope, through: last)
            async let next = journal.statements(of: scope, after: last, limit: Self.batchSize)
            async let noting: Void = journal.record(outcomes)
            let execution = await open.session.execute(current.statements, of: current.changes)
            unnoted = self.outcomes(of: current, execution, report: &report)
            progress(.written(changes: unnoted.count))
            try await noting
            batch = try await next
            if let failure = execution.failure {
                report.fail(scope, failure)
                try await journal.record(unnoted)
                // The broken session is gone, and with it its lease.
                await pool.drop(scope)
                try await settle(current, execution, scope: scope, report: &report)
                return report
            }
        }
        try await journal.record(unnoted)
        await pool.release(scope)
        return report
    }

    private func outcomes(
        of batch: PlannedBatch, _ execution: Execution, report: inout RunReport
    ) -> [(changeNumber: Int64, ChangeOutcome)] {
        var outcomes: [(changeNumber: Int64, ChangeOutcome)] = []
        outcomes.reserveCapacity(batch.changes.count)
        for (statement, outcome) in zip(batch.statements, execution.outcomes) {
            guard let outcome = outcome.map(ChangeOutcome.init) else { continue }
            for index in statement.changes {
                report.counts.count(outcome, of: batch.items[index].action)
                outcomes.append((batch.items[index].number, outcome))
            }
        }
        return outcomes
    }

    /// Reads again what a broken session left in doubt. What shows its value was applied; anything else stays open, since the
    /// source may still be at it, and the next run settles it.
    private func settle(
        _ batch: PlannedBatch, _ execution: Execution, scope: PlanScope, report: inout RunReport
    ) async throws {
        let doubtful = zip(batch.statements, execution.outcomes).filter { $0.1 == nil }.flatMap(\.0.changes)
        guard !doubtful.isEmpty else { return }
        report.counts.unsettled += doubtful.count
        guard !Task.isCancelled, let open = try? await pool.lease(scope) else { return }
        let attributes = Array(Set(doubtful.map { batch.changes[$0].attribute }))
        let entities = doubtful.map { Entity(kind: batch.items[$0].entityKind, path: batch.changes[$0].path) }
        let facts = try? await open.session.read(entities, attributes: attributes)
        await pool.release(scope)
        guard let facts else { return }
        var outcomes: [(changeNumber: Int64, ChangeOutcome)] = []
        for fact in facts {
            let change = batch.changes[doubtful[fact.entity]], item = batch.items[doubtful[fact.entity]]
            guard change.attribute == attributes[fact.attribute], case .known(let value) = fact.value else { continue }
            guard (value ?? "").utf8.elementsEqual((change.value ?? "").utf8) else { continue }
            outcomes.append((item.number, .applied))
            report.counts.count(.applied, of: item.action)
            report.counts.unsettled -= 1
        }
        try await journal.record(outcomes)
    }
}

extension RunReport.Counts {
    fileprivate mutating func count(_ outcome: ChangeOutcome, of action: PlannedChange.Action) {
        switch outcome {
        case .applied:
            switch action {
            case .clear: cleared += 1
            case .overwrite: overwritten += 1
            default: self.set += 1
            }
        case .skipped: skipped += 1
        case .conflict: conflicts += 1
        case .failed: failed += 1
        }
    }
}
