public import Logging
public import RevmetaModel

/// Plans and runs: brings what the channels want of a catalog into the sources.
public struct Engine: Sendable {
    let configuration: Configuration
    let provider: any ConnectorProvider
    let compiler: (any TemplateCompiler)?
    /// The configuration's channels that are not worked on.
    private let otherChannels: [Channel]
    private let stop: StopRequest
    private let retrying: Retrying
    private let massChangeGuard: MassChangeGuard
    private let log: EngineLog
    private let progress: @Sendable (Progress) -> Void
    private let part: EnginePart
    private let sessions: WarmSessions?
    private let standing: Standing.Visitor?

    static let silence = Logger(label: "revmeta") { _ in SwiftLogNoOpLogHandler() }

    /// - Parameters:
    ///   - channels: Names of the channels to work on; nil: all of the configuration's.
    ///   - compiler: Who knows the template engines; nil: templates are refused.
    ///   - stop: Where the work can be asked to stop.
    ///   - retries: When what failed for the time being is tried again; nil: as the configuration says.
    ///   - sleep: How to wait until then.
    ///   - maxRemovals: How many facts a run may clear; nil: as the configuration says.
    ///   - allowsEmptyCatalog: Whether a run goes on if nothing is selected in the catalog, although something was before.
    ///   - part: What of the configuration's services and of the catalog's entities is worked on.
    ///   - sessions: Where open sessions are and stay; nil: they are opened, and closed when the work is done.
    ///   - logger: Told what happens, a line for each thing, with fields that say what it is about.
    ///   - progress: Told as the work goes on, from any thread.
    ///   - standing: Told the facts that a plan has no change for, from any thread; nil: nobody asks.
    public init(
        _ configuration: Configuration, channels: [String]? = nil, provider: any ConnectorProvider,
        compiler: (any TemplateCompiler)? = nil, stop: StopRequest = StopRequest(), retries: RetryPolicy? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        maxRemovals: Int? = nil, allowsEmptyCatalog: Bool = false, part: EnginePart = EnginePart(),
        sessions: WarmSessions? = nil, logger: Logger? = nil,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }, standing: Standing.Visitor? = nil
    ) {
        var configuration = configuration
        let others = channels.map { names in configuration.channels.filter { !names.contains($0.name) } } ?? []
        configuration.channels.removeAll { others.contains($0) }
        self.configuration = configuration
        otherChannels = others
        self.provider = provider
        self.compiler = compiler
        self.stop = stop
        self.part = part
        self.sessions = sessions
        log = EngineLog(logger ?? Self.silence)
        retrying = Retrying(
            policy: retries ?? RetryPolicy(attempts: configuration.attempts), stop: stop, log: log, sleep: sleep)
        massChangeGuard = MassChangeGuard(
            maxRemovals: maxRemovals ?? configuration.maxRemovals, allowsEmptyCatalog: allowsEmptyCatalog,
            services: configuration.services().map(\.name).filter(part.includes))
        self.progress = progress
        self.standing = standing
    }

    /// Makes a plan and keeps it in the journal. Writes nothing to a source.
    ///
    /// Throws what the catalog or the journal throw; what is wrong at a source is told in the report.
    public func plan<Batches: AsyncSequence>(_ catalog: Batches, into journal: any PlanJournal) async throws -> RunReport
    where Batches.Element == [CatalogEntity] {
        try await withSessions { pool in
            var plan = try await planner(pool, journal).plan(catalog)
            plan.refusal = try await massChangeGuard.refusal(of: plan, journal: journal)
            return plan
        }
    }

    /// Makes a plan, whole, and then runs it. The report tells what was applied, and what the plan left out.
    ///
    /// Throws ``StoppedWhilePlanning`` if it was asked to stop before the plan was whole. Asked later, it finishes the batches
    /// that are being sent; the report then says that it is stopped.
    public func run<Batches: AsyncSequence>(
        _ catalog: Batches, into journal: any PlanJournal
    ) async throws -> RunReport where Batches.Element == [CatalogEntity] {
        try await withSessions { pool in
            var plan = try await planner(pool, journal).plan(catalog)
            plan.refusal = try await massChangeGuard.refusal(of: plan, journal: journal)
            return try await execute(plan, pool, journal)
        }
    }

    /// Runs a plan that was made and kept before, as it is: nothing is decided anew. What has moved at a source since is a
    /// conflict, and what is there by now is left as it is.
    ///
    /// - Parameter pieces: The plan, known to be what was looked at. If reading it throws, nothing is sent.
    public func run<Pieces: AsyncSequence>(
        saved pieces: Pieces, into journal: any PlanJournal
    ) async throws -> RunReport where Pieces.Element == PlanPiece {
        try await withSessions { pool in
            let planner = SavedPlanner(pool: pool, journal: journal, retrying: retrying, log: log)
            var plan = RunReport()
            for try await piece in pieces {
                if stop.isRequested { throw StoppedWhilePlanning() }
                try await planner.plan(piece, report: &plan)
                progress(.compared(facts: piece.changes.count))
            }
            var guarding = massChangeGuard
            // Somebody looked at it.
            guarding.allowsEmptyCatalog = true
            plan.refusal = try await guarding.refusal(of: plan, journal: journal)
            return try await execute(plan, pool, journal)
        }
    }

    /// Runs a plan that is whole, unless it is refused, and tells what it came to.
    private func execute(_ plan: RunReport, _ pool: SessionPool, _ journal: any PlanJournal) async throws -> RunReport {
        log.planned(plan.counts)
        if let refusal = plan.refusal {
            log.refused(refusal)
            var report = plan
            (report.counts.set, report.counts.overwritten, report.counts.cleared) = (0, 0, 0)
            report.unsent = plan.counts.written
            return report
        }
        let execution = try await Executor(
            pool: pool, journal: journal, excluded: plan.failedScopes, stop: stop, retrying: retrying, log: log,
            progress: progress
        ).execute()
        var report = plan
        report.isStopped = execution.isStopped
        report.postponed = execution.postponed
        report.usedServices.formUnion(execution.usedServices)
        (report.counts.set, report.counts.overwritten, report.counts.cleared) = (0, 0, 0)
        report.counts += execution.counts
        report.unsent = plan.counts.written - execution.counts.sent
        report.failures.merge(execution.failures) { first, _ in first }
        return report
    }

    /// Plans the way back from what an earlier run wrote, and goes it if that is wanted. What somebody changed since is a
    /// conflict.
    ///
    /// - Parameters:
    ///   - changes: Some thousands at a time, each time of one scope.
    ///   - sends: Whether the plan is run, or only made.
    public func rollback<Pieces: AsyncSequence>(
        _ changes: Pieces, into journal: any PlanJournal, onConflict: Policies.Conflict, sends: Bool
    ) async throws -> RunReport where Pieces.Element == [AppliedChange] {
        try await withSessions { pool in
            let planner = RollbackPlanner(
                pool: pool, journal: journal, onConflict: onConflict, retrying: retrying, log: log)
            var plan = RunReport()
            for try await piece in changes {
                guard let first = piece.first else { continue }
                if stop.isRequested { throw StoppedWhilePlanning() }
                let scope = PlanScope(service: first.service, database: first.database)
                guard !plan.failedScopes.contains(scope) else { continue }
                try await planner.plan(piece, of: scope, report: &plan)
                progress(.compared(facts: piece.count))
            }
            return sends ? try await execute(plan, pool, journal) : plan
        }
    }

    /// Looks for what is not at its source as it was written. Writes nothing.
    ///
    /// - Parameters:
    ///   - facts: Some thousands at a time, each time of one service and one database.
    ///   - visit: Told each fact that differs, in the facts' order.
    public func drift<Pieces: AsyncSequence>(
        of facts: Pieces, _ visit: (Drift) throws -> Void
    ) async throws -> DriftReport where Pieces.Element == [ManagedFact] {
        try await withSessions { pool in
            try await DriftFinder(
                provider: provider, services: configuration.services, pool: pool, retrying: retrying
            ).find(in: facts, stop: stop, progress: progress, visit)
        }
    }

    /// Asks each service whether what the channels want could be written. Writes nothing, not even to a journal.
    ///
    /// - Parameter memory: Where what was written before is remembered.
    public func check<Batches: AsyncSequence>(
        _ catalog: Batches, remembering memory: any PlanJournal
    ) async throws -> CheckReport where Batches.Element == [CatalogEntity] {
        try await withSessions { pool in
            let journal = PrivilegeJournal(pool: pool, memory: memory)
            let plan = try await planner(pool, journal).plan(catalog)
            return CheckReport(
                plan: plan, refusals: await journal.refusals, otherRefusals: await journal.others)
        }
    }

    private func planner(_ pool: SessionPool, _ journal: any PlanJournal) -> Planner {
        Planner(
            configuration, besides: otherChannels, part: part, provider: provider, compiler: compiler, pool: pool,
            journal: journal, stop: stop, retrying: retrying, log: log, progress: progress, standing: standing)
    }

    private func withSessions<Result>(_ body: (SessionPool) async throws -> Result) async throws -> Result {
        if let pool = sessions?.pool {
            await pool.serve(retrying)
            return try await body(pool)
        }
        let pool = SessionPool(provider, services: configuration.services, retrying: retrying)
        do {
            let result = try await body(pool)
            await pool.closeAll()
            return result
        } catch {
            await pool.closeAll()
            throw error
        }
    }
}
