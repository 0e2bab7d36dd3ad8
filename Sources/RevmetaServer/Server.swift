internal import Logging
public import RevmetaJournal
public import RevmetaModel
internal import ServiceLifecycle
internal import UnixSignals

/// `revmeta serve`: schedules, change events, and an interface over HTTP.
public struct Server: Sendable {
    private let supervisor: Supervisor
    private let hangUps: HangUps
    private let logger: Logger

    /// - Parameters:
    ///   - journal: Opened to run with, so that no other process does.
    ///   - hangUps: Heard since before the configuration was read.
    public init(
        _ setup: ServerSetup, _ configuration: Configuration, _ journal: Journal, _ hangUps: HangUps
    ) throws {
        if let refusal = configuration.serve.refusal { throw ServerRefusal.settings(refusal) }
        supervisor = try Supervisor(setup, configuration, journal)
        self.hangUps = hangUps
        logger = setup.logger
    }

    /// Serves until SIGTERM or SIGINT: what is being sent then is finished, the rest is left to the next start.
    public func run() async throws {
        let dispatcher = EventDispatcher(supervisor)
        let schedules = ScheduleService(
            await supervisor.configuration.scheduledChannels, journal: supervisor.journal, logger: logger
        ) { [supervisor] due in await supervisor.run(due) }
        await supervisor.whenReloaded { schedules.reload($0.scheduledChannels) }
        // They end in the opposite order: who watches a run over HTTP sees its end.
        let services: [any Service] = [
            await http(heard: dispatcher.somethingHappened),
            SupervisorService(supervisor: supervisor),
            dispatcher,
            await EventPolling(supervisor) { dispatcher.somethingHappened() },
            schedules,
            Reloading(supervisor: supervisor, hangUps: hangUps),
            RunStopper(supervisor: supervisor),
        ]
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
        // Who still reads something has it in use: then its files stay as they are, and nothing is lost.
        try? supervisor.journal.close()
    }

    /// - Parameter heard: Told that the catalog's webhook has brought something.
    private func http(heard: @escaping @Sendable () -> Void) async -> HTTPService {
        let requests = RequestMetrics(), runs = RunMetrics()
        supervisor.news.observe(runs.take)
        let api = API(supervisor, ServerMetrics(supervisor: supervisor, requests: requests, runs: runs))
        let settings = { @Sendable [supervisor] in await supervisor.configuration.serve }
        let webhook = WebhookRoute(settings: settings, journal: supervisor.journal, heard: heard, logger: logger)
        let responder = Responder(
            routes: api.routes, settings: settings, webhook: webhook.respond, metrics: requests,
            explain: supervisor.setup.explain, logger: logger)
        return HTTPService(
            responder: responder, address: await supervisor.configuration.serve.listen, tell: supervisor.setup.tell,
            logger: logger)
    }
}
