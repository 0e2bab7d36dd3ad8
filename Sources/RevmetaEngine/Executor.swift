internal import RevmetaModel

/// Sends a plan's statements, scope by scope, and notes how each ended.
struct Executor: Sendable {
    let pool: SessionPool
    let journal: any PlanJournal
    /// Scopes whose plan is not whole, since they failed while it was made: nothing of theirs is sent.
    let excluded: Set<PlanScope>
    let stop: StopRequest
    let retrying: Retrying
    let log: EngineLog
    let progress: @Sendable (Progress) -> Void

    /// Sends everything. Throws if the journal fails; what goes wrong at a source is told in the report.
    func execute() async throws -> RunReport {
        let scopes = try await journal.scopes().filter { !excluded.contains($0) }
        guard !scopes.isEmpty else { return RunReport() }
        // It waits for the disk; the first batches are fetched meanwhile.
        let beginning = Task { try await journal.beginExecution(of: scopes) }
        return try await withThrowingTaskGroup(of: RunReport.self) { group in
            for scope in scopes { group.addTask { try await execute(scope, after: beginning) } }
            var report = RunReport()
            for try await part in group {
                report.counts += part.counts
                report.failures.merge(part.failures) { first, _ in first }
                report.usedServices.formUnion(part.usedServices)
                report.isStopped = report.isStopped || part.isStopped
                report.postponed += part.postponed
            }
            try await beginning.value
            return report
        }
    }

    /// - Parameter beginning: Nothing may be sent before it has ended.
    private func execute(_ scope: PlanScope, after beginning: Task<Void, any Error>) async throws -> RunReport {
        var report = RunReport()
        do throws(Failure) {
            _ = try await pool.lease(scope)
        } catch {
            report.fail(scope, error)
            log.failed(scope, error)
            return report
        }
        report.usedServices.insert(scope.service)
        // While the source works on a batch, the next one is brought to its connector and the outcomes of the last one are
        // noted, so that the source need not wait for either.
        var size = CallSize()
        var current = Sending(try await journal.statements(of: scope, after: 0, limit: size.next()))
        try await beginning.value
        log.sending(scope)
        var unnoted: [RecordedOutcome] = []
        while !current.batch.numbers.isEmpty {
            if current.first == nil {
                if stop.isRequested {
                    report.isStopped = true
                    break
                }
                try await begin(&current, to: scope)
            }
            let sending = current, outcomes = unnoted, limit = size.next()
            async let next = follow(sending, limit: limit, to: scope, noting: outcomes)
            let sent = await send(sending, to: scope)
            let held = sent.failure == nil ? await readBack(sent.progress, of: scope) : [:]
            size.took(sent.duration, for: sending.batch.statements.count)
            unnoted = outcomesOf(sent.progress, of: scope, took: sent.duration, held: held, report: &report)
            progress(.written(changes: unnoted.count))
            current = try await next
            if let failure = sent.failure {
                report.fail(scope, failure)
                log.failed(scope, failure)
                report.counts.unsettled += sent.progress.openChanges
                if let first = current.first {
                    // What the broken session was given already: some of it may have been run.
                    var ahead = BatchProgress(current.batch)
                    ahead.take(await first.task.ownedValue)
                    ahead.giveUp()
                    unnoted += outcomesOf(ahead, of: scope, took: .now - current.began, held: [:], report: &report)
                    report.counts.unsettled += ahead.openChanges
                }
                try await journal.record(unnoted)
                return report
            }
        }
        // The source is let go while it is noted how the last batch ended.
        async let letGo: Void = pool.finish(scope)
        try await journal.record(unnoted)
        log.sent(scope, changes: report.counts.written)
        await letGo
        return report
    }

    /// A batch that is to be sent, or on its way.
    private struct Sending {
        let batch: PlannedBatch
        var began = ContinuousClock.now
        /// How it was sent first, if it was.
        var first: FirstAttempt?

        init(_ batch: PlannedBatch) {
            self.batch = batch
        }
    }

    private struct FirstAttempt {
        var task: Task<Execution, Never>
        /// The number of the session it was given to.
        var session: Int
    }

    /// Notes that a batch is sent, and gives it to the scope's session, which runs it after what it was given before.
    private func begin(_ sending: inout Sending, to scope: PlanScope) async throws {
        guard let last = sending.batch.numbers.last else { return }
        try await journal.willSend(scope, through: last)
        guard let open = await pool.present(scope) else { return }
        let batch = sending.batch, label = journal.label
        sending.began = .now
        // Begun at once: a batch that is given to the session later must come after this one.
        let task = Task.immediate {
            await open.session.execute(batch.statements, of: batch.changes, kept: batch.kept, label: label)
        }
        sending.first = FirstAttempt(task: task, session: open.number)
    }

    /// Fetches the batch after one that is being sent, and lets it follow at once if that makes no difference to either.
    private func follow(
        _ sending: Sending, limit: Int, to scope: PlanScope, noting outcomes: [RecordedOutcome]
    ) async throws -> Sending {
        guard let last = sending.batch.numbers.last else { return sending }
        var next = Sending(try await journal.statements(of: scope, after: last, limit: limit))
        if next.batch.mayOvertake, sending.first != nil, !stop.isRequested { try await begin(&next, to: scope) }
        do {
            try await journal.record(outcomes)
        } catch {
            next.first?.task.cancel()
            throw error
        }
        return next
    }

    /// Sends a batch, and again what could not be run for the time being. The scope's session is leased before, and after
    /// unless there is a failure.
    private func send(
        _ sending: Sending, to scope: PlanScope
    ) async -> (progress: BatchProgress, failure: Failure?, duration: Duration) {
        var progress = BatchProgress(sending.batch), first = sending.first
        var changes = sending.batch.changes
        func result(_ failure: Failure? = nil) -> (BatchProgress, Failure?, Duration) {
            (progress, failure, ContinuousClock.now - sending.began)
        }
        while true {
            let open: SessionPool.Open
            do throws(Failure) {
                // It is leased already: this is the same session, or the one that was opened after it broke.
                open = try await pool.lease(scope)
                await pool.release(scope)
            } catch {
                progress.giveUp()
                return result(error)
            }
            if progress.attempt > 0 { await settle(&progress, &changes, over: open.session) }
            guard !progress.open.isEmpty else { return result() }
            let execution: Execution
            if let begun = first {
                first = nil
                execution = await begun.task.ownedValue
                progress.take(execution)
                // It broke under the batch before, and there is another one by now.
                if execution.failure != nil, begun.session != open.number { continue }
            } else {
                execution = await open.session.execute(progress.statements, of: changes, label: journal.label)
                progress.take(execution)
            }
            if let failure = execution.failure {
                // The broken session is gone, and with it its lease.
                await pool.drop(scope)
                let triesAgain = await retrying.pause(after: progress.attempt, failure, at: scope)
                do throws(Failure) {
                    guard triesAgain || !Task.isCancelled else { throw failure }
                    let reopened = try await pool.lease(scope)
                    if !triesAgain {
                        await settle(&progress, &changes, over: reopened.session)
                        await pool.release(scope)
                        throw failure
                    }
                } catch {
                    progress.giveUp()
                    return result(failure)
                }
            } else {
                await settle(&progress, &changes, over: open.session)
                guard let reason = progress.reasonToWait else { return result() }
                guard await retrying.pause(after: progress.attempt, reason, at: scope) else {
                    progress.giveUp()
                    return result()
                }
            }
        }
    }

    /// Reads again what a broken session left in doubt. What shows its value was applied; anything else stays open, since the
    /// source may still be at it: sent again under the source's write lock, or settled by the next run.
    ///
    /// What a template wrote cannot be told from its result: it is sent again, over whatever is there now.
    private func settle(
        _ progress: inout BatchProgress, _ sent: inout [Change], over session: any ConnectorSession
    ) async {
        let unclear = progress.unclear, batch = progress.batch
        guard !unclear.isEmpty else { return }
        let changes = unclear.flatMap { batch.statements[$0].changes }
        let keys = changes.map { number in
            let change = batch.changes[number]
            return FactKey(
                entity: Entity(kind: batch.items[number].entityKind, path: change.path), attribute: change.attribute)
        }
        guard let facts = try? await session.read(keys) else { return }
        var applied: Set<Int> = []
        for (number, fact) in zip(changes, facts) {
            guard case .known(let value) = fact?.value else { continue }
            if batch.items[number].rendered != nil {
                sent[number].before = value
            } else if (value ?? "").isExactly(batch.changes[number].value ?? "") {
                applied.insert(number)
            }
        }
        progress.settle { batch.statements[$0].changes.allSatisfy(applied.contains) }
    }

    /// What the source holds of what templates wrote, by the change's index in the batch; what it cannot tell is left out.
    private func readBack(_ progress: BatchProgress, of scope: PlanScope) async -> [Int: String?] {
        let batch = progress.batch
        guard batch.items.contains(where: { $0.rendered != nil }) else { return [:] }
        let written = progress.ended.filter { $0.outcome == .applied }.flatMap { batch.statements[$0.statement].changes }
            .filter { batch.items[$0].rendered != nil }
        guard !written.isEmpty, let open = try? await pool.lease(scope) else { return [:] }
        let readable = written.filter {
            open.abilities.ability(batch.changes[$0].attribute, of: batch.changes[$0].kind).support == .full
        }
        let keys = readable.map { number in
            FactKey(
                entity: Entity(kind: batch.items[number].entityKind, path: batch.changes[number].path),
                attribute: batch.changes[number].attribute)
        }
        let facts = keys.isEmpty ? [] : try? await open.session.read(keys)
        await pool.release(scope)
        var held: [Int: String?] = [:]
        for (number, fact) in zip(readable, facts ?? []) {
            if case .known(let value)? = fact?.value { held[number] = .some(value) }
        }
        return held
    }

    private func outcomesOf(
        _ progress: BatchProgress, of scope: PlanScope, took duration: Duration, held: [Int: String?],
        report: inout RunReport
    ) -> [RecordedOutcome] {
        var outcomes: [RecordedOutcome] = []
        outcomes.reserveCapacity(progress.batch.changes.count)
        for ended in progress.ended {
            // Most are applied, and to hand over each of their changes counts its texts up and down again.
            let isTold = ended.outcome != .applied || log.tellsApplied
            for index in progress.batch.statements[ended.statement].changes {
                report.counts.count(ended.outcome, of: progress.batch.items[index].action)
                if case .failed(let failure) = ended.outcome, failure.status == .transient { report.postponed += 1 }
                if isTold { log.ended(scope, progress.batch.changes[index], ended.outcome) }
                outcomes.append(RecordedOutcome(
                    change: progress.batch.items[index].number, outcome: ended.outcome, attempts: ended.attempts,
                    duration: duration, held: held[index].map { .value($0) } ?? .unread))
            }
        }
        return outcomes
    }
}

extension PlannedBatch {
    /// Whether it may be run before what was planned before it, should that have to be sent again: another owner may take away
    /// the right to write what comes before, and what a template writes is the template's own affair.
    fileprivate var mayOvertake: Bool {
        // Field by field: to copy one of them counts each of its texts up and down again.
        let statements = statements.span, changes = changes.span
        for index in statements.indices
        where !statements[index].parts.isEmpty || statements[index].guardText != nil { return false }
        for index in changes.indices {
            let attribute = changes[index].attribute
            guard attribute == .description || attribute.isTag else { return false }
        }
        return true
    }
}

extension BatchProgress {
    /// How many changes have no end yet.
    fileprivate var openChanges: Int { open.reduce(0) { $0 + batch.statements[$1].changes.count } }
}

extension RunReport.Counts {
    fileprivate mutating func count(_ outcome: ChangeOutcome, of action: PlannedChange.Action) {
        switch outcome {
        case .applied: count(action)
        case .skipped: skipped += 1
        case .conflict: conflicts += 1
        case .failed: failed += 1
        }
    }
}
