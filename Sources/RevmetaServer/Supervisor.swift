internal import Logging
public import RevmetaEngine
internal import RevmetaHost
public import RevmetaJournal
public import RevmetaModel
internal import RevmetaRuns

/// Runs what is asked of a server: services side by side, the runs of one service one after the other.
public actor Supervisor {
    nonisolated let setup: ServerSetup
    public nonisolated let journal: Journal
    nonisolated let news = NewsDesk()
    /// Asks the runs that go on to stop.
    nonisolated let stop = StopRequest()
    nonisolated var logger: Logger { setup.logger }

    private(set) var generation: Generation
    private var lanes: [String: ServiceLane] = [:]
    /// Whether the server is about to end.
    private(set) var isStopping = false
    private var jobs = JobList()
    private var retiring: [Task<Void, Never>] = []
    /// Of hosts that were shut down.
    private var earlierRestarts: [String: Int] = [:]
    private var whenReloaded: [@Sendable (Configuration) -> Void] = []

    init(_ setup: ServerSetup, _ configuration: Configuration, _ journal: Journal) throws {
        self.setup = setup
        self.journal = journal
        generation = Generation(number: 1, configuration, try setup.host(configuration), setup.logger)
    }

    /// The configuration in use.
    public var configuration: Configuration { generation.configuration }

    /// What happens from now on, until the server ends. Who is slow misses the oldest.
    public nonisolated func listen() -> AsyncStream<ServerNews> { news.listen() }

    // MARK: Jobs

    /// The jobs that go on, and those that were over last, newest first.
    public var recentJobs: [Job] { jobs.all.reversed() }

    public func job(_ id: Int) -> Job? { jobs[id] }

    /// Asks for a run of everything that channels select, at each service that they write to, and waits for its end.
    ///
    /// - Parameters:
    ///   - channels: Their names; nil: all.
    ///   - trigger: What the runs are recorded with.
    ///   - began: Told the job before anything of it is done.
    public func run(
        channels: [String]?, trigger: Job.Trigger, began: (@Sendable (Job) -> Void)? = nil
    ) async throws(ServerRefusal) -> Job {
        let generation = try generation(for: channels)
        let services = generation.configuration.services(ofChannels: channels).map(\.name)
        let job = newJob(trigger, channels, services), id = job.id
        began?(job)
        await generation.begin()
        do {
            // Its services, users and teams are read once for all of them.
            try await OpenCatalog.with(generation.configuration, generation.host.directory, logger) { catalog in
                await withTaskGroup { group in
                    for service in services {
                        group.addTask {
                            let entities = catalog.entities(ofChannels: channels, to: [service])
                            await self.run(
                                service, CatalogPart(catalog: catalog, entities: entities), of: generation, job: id,
                                channels: channels, trigger: trigger)
                        }
                    }
                }
            }
        } catch {
            fail(id, setup.explain(error))
        }
        await generation.end()
        return jobs[id] ?? job
    }

    /// Runs what happened to single entities of a service, and waits for its end.
    ///
    /// - Parameter attempt: From 1.
    func runChanges(
        _ part: CatalogPart, at service: String, of generation: Generation, attempt: Int
    ) async -> ChangesEnd {
        guard !isStopping else { return .unusable }
        let id = newJob(.changes, nil, [service]).id
        let report = await run(
            service, part, of: generation, job: id, channels: nil, trigger: .changes, attempt: attempt)
        return report.map(ChangesEnd.init) ?? .unusable
    }

    /// - Returns: Nil: it did not come to its end.
    @discardableResult
    private func run(
        _ service: String, _ part: CatalogPart, of generation: Generation, job: Int, channels: [String]?,
        trigger: Job.Trigger, attempt: Int = 1
    ) async -> RunReport? {
        let completed = part.catalog.configuration
        guard let definition = completed.services.first(where: { $0.name == service }) else {
            set(.failed(nil, "the configuration has no service '\(service)'"), of: service, job)
            return nil
        }
        let lane = lane(of: service)
        do {
            let ended = try await lane.perform(definition, of: generation) { sessions in
                try await self.run(
                    part.entities, completed, service, sessions, of: generation, job: job, channels: channels, trigger: trigger,
                    attempt: attempt)
            }
            set(
                .ended(
                    ended.run, exitCode: ended.report.exitCode, counts: ended.report.counts, notices: ended.report.notices),
                of: service, job)
            return ended.report
        } catch {
            var run: Int64?
            let part = self.job(job)?.services.first { $0.service == service }
            if case .running(let number) = part?.state { run = number }
            set(.failed(run, setup.explain(error)), of: service, job)
            logger.error("the run did not come to its end", metadata: [
                "service": "\(service)", "trigger": "\(trigger)", "reason": "\(setup.explain(error))",
            ])
            return nil
        }
    }

    /// A run, from its beginning in the journal to its end there.
    private nonisolated func run(
        _ entities: CatalogEntities, _ configuration: Configuration, _ service: String, _ sessions: WarmSessions,
        of generation: Generation, job: Int, channels: [String]?, trigger: Job.Trigger,
        attempt: Int
    ) async throws -> EndedRun {
        if stop.isRequested { throw CancellationError() }
        let began = ContinuousClock.now
        let isOfChanges = trigger == .changes
        let store = try await RunStore(
            beginIn: journal, trigger: trigger.rawValue, person: setup.person, version: setup.version, channels: channels)
        let run = store.run
        await set(.running(run), of: service, job)
        var logger = logger
        logger[metadataKey: "run"] = "\(run)"
        logger.info("the run begins", metadata: ["trigger": "\(trigger)", "service": "\(service)"])
        let runStop = StopRequest(within: stop)
        let engine = Engine(
            configuration, channels: channels, provider: generation.host, compiler: generation.host, stop: runStop,
            allowsEmptyCatalog: isOfChanges, part: EnginePart(services: [service], isOfChanges: isOfChanges),
            sessions: sessions, logger: logger
        ) { [news] in news.publish(.progress(job: job, service: service, run: run, $0)) }
        let tell = { @Sendable [logger] (text: String) in logger.warning("\(text)") }
        do {
            let report = try await within(configuration.runTimeout, runStop, tell: tell) {
                try await engine.run(entities, into: store)
            }
            // Most of what happens at a catalog is nothing that is written anywhere; and of a source that is down, the first
            // of many attempts tells enough.
            let keepsEmpty = !isOfChanges || report.exitCode != 0 && attempt == 1
            try await finish(store, report, journal, configuration, keepsEmpty: keepsEmpty, logger)
            news.publish(.ended(service: service, trigger: trigger, report, took: .now - began))
            return EndedRun(run: run, report: report)
        } catch {
            try? await store.abandon(because: setup.explain(error), keepsEmpty: !isOfChanges || attempt == 1)
            throw error
        }
    }

    /// Makes a plan of what channels want now, and leaves no trace of it in the journal. Writes nothing to a source.
    ///
    /// - Parameters:
    ///   - channels: Their names; nil: all.
    ///   - body: Given the plan, the report and the configuration, while they last.
    public func plan<Result: Sendable>(
        channels: [String]?, _ body: @Sendable (RunStore, RunReport, Configuration) async throws -> Result
    ) async throws -> Result {
        let generation = try generation(for: channels)
        await generation.begin()
        defer { Task { await generation.end() } }
        return try await OpenCatalog.with(generation.configuration, generation.host.directory, logger) { catalog in
            let store = try await RunStore(draftOn: journal)
            var report = try await Engine(
                catalog.configuration, channels: channels, provider: generation.host, compiler: generation.host, stop: stop,
                logger: logger
            ).plan(catalog.entities(ofChannels: channels), into: store)
            report.notices += catalog.notices(ofChannels: channels)
            return try await body(store, report, catalog.configuration)
        }
    }

    /// Runs what is due, and says how it ended.
    func run(_ due: DueRun) async -> DueRun.End {
        do throws(ServerRefusal) {
            let names = due.channels.map(\.name)
            // A run of all channels knows more than one of each by name: which tags nobody wants, for one.
            let isOfAll = Set(names) == Set(configuration.channels.map(\.name))
            let job = try await run(channels: isOfAll ? nil : names, trigger: .schedule)
            return stop.isRequested && job.exitCode != 0 ? .cutOff : .complete
        } catch {
            // A channel that is not there any more has no next time either.
            return error == .stopping ? .cutOff : .complete
        }
    }

    // MARK: Reading the configuration again

    /// Has somebody told each configuration that comes into use.
    func whenReloaded(_ tell: @escaping @Sendable (Configuration) -> Void) {
        whenReloaded.append(tell)
    }

    /// Reads the configuration again. Runs that go on end with what they began with; one that cannot be read changes nothing.
    ///
    /// - Returns: Why it is not in use; nil: it is.
    @discardableResult
    public func reload() async -> String? {
        let problem: String?
        do {
            let configuration = try setup.configuration()
            try replace(with: configuration)
            problem = nil
            logger.notice("the configuration was read again", metadata: ["channels": "\(configuration.channels.count)"])
        } catch {
            problem = setup.explain(error)
            logger.error("the configuration was read again and cannot be used: the one before stays", metadata: [
                "reason": "\(problem!)"
            ])
        }
        news.publish(.reloaded(problem: problem))
        return problem
    }

    private func replace(with configuration: Configuration) throws {
        let old = generation
        if isStopping { throw ServerRefusal.stopping }
        guard configuration.journalPath == old.configuration.journalPath else { throw ServerRefusal.otherJournal }
        if let refusal = configuration.serve.refusal { throw ServerRefusal.settings(refusal) }
        if configuration.serve.listen != old.configuration.serve.listen {
            logger.warning("serve.listen is another one now: it is listened on after the next start")
        }
        generation = Generation(number: old.number + 1, configuration, try setup.host(configuration), logger)
        retiring.append(Task { await retire(old) })
        for tell in whenReloaded { tell(configuration) }
    }

    private func retire(_ old: Generation) async {
        await old.unused()
        for lane in lanes.values { await lane.letGo(of: old.number) }
        await old.shutDown()
        earlierRestarts.merge(old.host.restarts) { $0 + $1 }
    }

    // MARK: The end

    /// Stops runs after what is being sent, and begins no more.
    func stopRuns() {
        isStopping = true
        stop.request()
    }

    /// Ends the plugins, once the runs have stopped.
    func shutDown() async {
        stopRuns()
        for task in retiring { await task.value }
        await retire(generation)
        news.close()
    }

    /// How often the worker of a service was started again because it had ended by itself.
    var workerRestarts: [String: Int] { earlierRestarts.merging(generation.host.restarts) { $0 + $1 } }

    // MARK: Bookkeeping

    private func lane(of service: String) -> ServiceLane {
        if let lane = lanes[service] { return lane }
        let lane = ServiceLane()
        lanes[service] = lane
        return lane
    }

    /// The generation in use, for work on channels that it has.
    private func generation(for channels: [String]?) throws(ServerRefusal) -> Generation {
        if isStopping { throw .stopping }
        let known = Set(generation.configuration.channels.map(\.name))
        if let stranger = channels?.first(where: { !known.contains($0) }) {
            throw .unknownChannel(stranger, known: known.sorted())
        }
        return generation
    }

    private func newJob(_ trigger: Job.Trigger, _ channels: [String]?, _ services: [String]) -> Job {
        let job = jobs.add(trigger, channels, services)
        news.publish(.job(job))
        return job
    }

    private func set(_ state: Job.State, of service: String, _ id: Int) {
        if let job = jobs.set(state, of: service, id) { news.publish(.job(job)) }
    }

    private func fail(_ id: Int, _ reason: String) {
        guard let job = jobs.fail(id, reason) else { return }
        logger.error("a job could not be done", metadata: [
            "job": "\(id)", "trigger": "\(job.trigger)", "reason": "\(reason)",
        ])
        news.publish(.job(job))
    }
}

/// What of a catalog a run is about.
struct CatalogPart: Sendable {
    var catalog: OpenCatalog
    var entities: CatalogEntities
}
