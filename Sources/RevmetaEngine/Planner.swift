internal import AsyncAlgorithms
internal import RevmetaModel

/// Makes a plan: reads the catalog and the sources piece by piece, decides, and hands each piece to the journal.
///
/// Memory does not grow with the catalog: each scope works on one piece while the next two or three are read.
struct Planner: Sendable {
    private let configuration: Configuration
    private let part: EnginePart
    private let selection: Selection
    private let provider: any ConnectorProvider
    private let compiler: (any TemplateCompiler)?
    private let pool: SessionPool
    private let journal: any PlanJournal
    private let stop: StopRequest
    private let retrying: Retrying
    private let log: EngineLog
    private let progress: @Sendable (Progress) -> Void
    private let standing: Standing.Visitor?

    /// About how many entities are asked of a source at once. The first pieces of a scope are smaller, so that reading the
    /// catalog, asking the source and keeping the plan soon go on side by side.
    private static let pieceSizes = [500, 1000, 2000]
    /// How many of the catalog's batches are read before it is known where they go.
    private static let mostEarly = 8

    init(
        _ configuration: Configuration, besides others: [Channel], part: EnginePart, provider: any ConnectorProvider,
        compiler: (any TemplateCompiler)?, pool: SessionPool, journal: any PlanJournal,
        stop: StopRequest, retrying: Retrying, log: EngineLog,
        progress: @escaping @Sendable (Progress) -> Void, standing: Standing.Visitor?
    ) {
        self.configuration = configuration
        self.part = part
        selection = Selection(configuration, besides: others)
        self.provider = provider
        self.compiler = compiler
        self.pool = pool
        self.journal = journal
        self.stop = stop
        self.retrying = retrying
        self.log = log
        self.progress = progress
        self.standing = standing
    }

    /// Plans for all entities of the catalog. Throws if the catalog or the journal fails; a source that fails is told in
    /// the report.
    func plan<Batches: AsyncSequence>(_ batches: Batches) async throws -> RunReport
    where Batches.Element == [CatalogEntity] {
        // The first entities are read while the plugins start and connect.
        async let connecting = connect()
        var reading = batches.makeAsyncIterator(), early: [[CatalogEntity]] = []
        while early.count < Self.mostEarly, let batch = try await reading.next(isolation: #isolation) { early.append(batch) }
        let connectors = await connecting
        func nextBatch() async throws -> [CatalogEntity]? {
            try await early.isEmpty ? reading.next(isolation: #isolation) : early.removeFirst()
        }
        let templates = try await TemplateSet(configuration, connectors: connectors.known, compiler: compiler)
        return try await withThrowingTaskGroup(of: RunReport.self) { group in
            var report = RunReport()
            report.templates = templates.reports
            report.failures = connectors.failures
            var queues: [PlanScope: AsyncChannel<[SelectedEntity]>] = [:]
            var waiting = WaitingEntities()
            let reaches = connectors.known.mapValues(\.scope)
            var pieces: [PlanScope: Int] = [:]
            var strangers: [String: EntityTally] = [:], unserved: [String: EntityTally] = [:]
            var selection = selection
            var seen = SeenEntities()
            var unmatched = UnmatchedChannels(configuration, part)
            var unmet = UnmetDatabases(configuration, connectors.known, part)

            func send(_ scope: PlanScope) async {
                let entities = waiting.take(scope)
                pieces[scope, default: 0] += 1
                if queues[scope] == nil {
                    let queue = AsyncChannel<[SelectedEntity]>()
                    queues[scope] = queue
                    let planner = ScopePlanner(
                        scope: scope, channels: selection.channels, templates: templates.services[scope.service],
                        passesOverWritten: part.isOfChanges, pool: pool, journal: journal, retrying: retrying, log: log,
                        progress: progress, standing: standing)
                    group.addTask {
                        // The feeder must never wait for a consumer that is gone.
                        defer { queue.finish() }
                        return try await planner.plan(queue)
                    }
                }
                await queues[scope]!.send(entities)
            }

            do {
                while var batch = try await nextBatch() {
                    // Taken out, in their order, not copied: that would count each of their texts up and down again.
                    batch.reverse()
                    while let entity = batch.popLast() {
                        unmet.look(at: entity)
                        var all = try selection.select(entity)
                        all.reverse()
                        while let selected = all.popLast() {
                            let service = selected.service
                            guard part.includes(service) else { continue }
                            guard let reach = reaches[service] else {
                                if connectors.failures[service] == nil {
                                    strangers[service, default: EntityTally()].add(entity)
                                } else {
                                    unserved[service, default: EntityTally()].add(entity)
                                }
                                continue
                            }
                            if entity.kind != .column {
                                try seen.insert(selected.entity, of: entity.service, at: service)
                            }
                            report.counts.entities += 1
                            waiting.append(selected, database: reach == .database ? entity.path.database : nil)
                        }
                        if !unmatched.isEmpty { unmatched.look(at: entity, selecting: selection.selecting) }
                    }
                    for scope in waiting.scopes {
                        let size = Self.pieceSizes[min(pieces[scope] ?? 0, Self.pieceSizes.count - 1)]
                        if waiting.count(of: scope) >= size { await send(scope) }
                    }
                    try Task.checkCancellation()
                    if stop.isRequested { throw StoppedWhilePlanning() }
                }
                for scope in waiting.scopes.sorted() { await send(scope) }
            } catch {
                for queue in queues.values { queue.finish() }
                group.cancelAll()
                throw error
            }
            for queue in queues.values { queue.finish() }
            for try await part in group {
                report.counts += part.counts
                report.usedServices.formUnion(part.usedServices)
                report.failures.merge(part.failures) { first, _ in first }
                report.failedScopes.formUnion(part.failedScopes)
                report.missingDatabases.merge(part.missingDatabases) { first, _ in first }
                for notice in part.notices where !report.notices.contains(notice) { report.notices.append(notice) }
            }
            if stop.isRequested { throw StoppedWhilePlanning() }
            report.judgeMissingDatabases()
            for (channel, count) in zip(selection.channels, selection.undecided) where count > 0 {
                report.notices.append(
                    "channel '\(channel.name)': its filter asks for what the catalog's answers do not tell of \(count) entities, "
                        + "which were left alone: ask the catalog for these fields too (owners, tags, domains, extension)")
            }
            report.notices += unmatched.notices
            report.notices += unmet.notices(writing: pieces.keys)
            report.notices.sort()
            for (service, tally) in strangers.sorted(by: { $0.key < $1.key }) {
                report.notices.append(
                    "service '\(service)'\(tally.serviceType.map { " (\($0))" } ?? "") is selected by a channel, but services: does "
                        + "not define it; left alone: \(tally)")
            }
            for (service, tally) in unserved.sorted(by: { $0.key < $1.key }) {
                report.notices.append("service '\(service)' could not be used; left alone: \(tally)")
            }
            return report
        }
    }

    /// Has the plugins of all services start, and sessions opened that will surely be needed.
    private func connect() async -> (known: [String: ConnectorDescription], failures: [String: Failure]) {
        let connectors = await describeConnectors()
        // Of what happened to single entities, most is no reason to ask a source anything.
        guard !part.isOfChanges else { return connectors }
        for (service, connector) in connectors.known {
            let database = configuration.services.first { $0.name == service }?.connection["database"]?.exposed
            guard connector.scope == .service || database != nil else { continue }
            await pool.prepare(PlanScope(service: service, database: connector.scope == .service ? nil : database))
        }
        return connectors
    }

    private func describeConnectors() async -> (known: [String: ConnectorDescription], failures: [String: Failure]) {
        // All at once: each may have a process to start.
        let descriptions = configuration.services().filter { part.includes($0.name) }.map { service in
            (service.name, Task { await describeConnector(of: service) })
        }
        var known: [String: ConnectorDescription] = [:], failures: [String: Failure] = [:]
        for (service, description) in descriptions {
            switch await description.value {
            case .success(let connector): known[service] = connector
            case .failure(let failure): failures[service] = failure
            }
        }
        return (known, failures)
    }

    private func describeConnector(of service: ServiceDefinition) async -> Result<ConnectorDescription, Failure> {
        do throws(Failure) {
            return .success(try await provider.connector(for: service))
        } catch {
            return .failure(error)
        }
    }
}

/// How far a plan or run has come.
public enum Progress: Sendable {
    /// Facts compared so far, in one more piece.
    case compared(facts: Int)
    /// Changes that are certain, of so many.
    case written(changes: Int)
}
