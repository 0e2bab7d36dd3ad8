internal import Logging
internal import RevmetaEngine
internal import RevmetaModel
internal import RevmetaOpenMetadata
internal import ServiceLifecycle

/// Has the catalog asked for its events as the configuration says, from one configuration to the next.
struct EventPolling: Service {
    private let supervisor: Supervisor
    private let heard: @Sendable () -> Void
    private let configurations: AsyncStream<Configuration>

    /// - Parameter heard: Told when something has happened: the journal holds it.
    init(_ supervisor: Supervisor, heard: @escaping @Sendable () -> Void) async {
        self.supervisor = supervisor
        self.heard = heard
        let (configurations, next) = AsyncStream.makeStream(of: Configuration.self, bufferingPolicy: .bufferingNewest(1))
        self.configurations = configurations
        await supervisor.whenReloaded { next.yield($0) }
        next.yield(await supervisor.configuration)
    }

    func run() async throws {
        var polling: Task<Void, any Error>?
        for await configuration in configurations.cancelOnGracefulShutdown() {
            polling?.cancel()
            _ = await polling?.result
            polling = Task { try await poll(configuration) }
        }
        polling?.cancel()
        _ = await polling?.result
    }

    private func poll(_ configuration: Configuration) async throws {
        guard case .server(let settings) = configuration.catalog else {
            for (key, isSet) in [
                ("pollEvents", configuration.serve.pollEvents != nil), ("webhook", configuration.serve.webhook != nil),
            ] where isSet {
                supervisor.logger.warning(
                    "serve.\(key): \(configuration.catalog) is a folder, where no entity is read by itself: catalog.hostPort names a server")
            }
            return
        }
        guard let interval = configuration.serve.pollEvents else { return }
        let server = PolledServer(settings, supervisor.logger)
        let catalog = EventPoller.Catalog(address: settings.address) {
            try await server.with { try await $0.currentTime() }
        } events: { since in
            try await server.with { try await $0.events(since: since) }
        }
        let poller = EventPoller(catalog, journal: supervisor.journal, every: interval, log: supervisor.logger) { _ in
            heard()
        } fullRunIsDue: { reason in
            try await runEverything(reason)
        }
        try await poller.run()
        await server.close()
    }

    /// A run of everything that stands for what cannot be asked for any more. What it did not come to is due again.
    private func runEverything(_ reason: EventPoller.FullRunReason) async throws {
        // Another configuration ends the asking, and not a run that goes on: so that is not this task's.
        let job = try await Task { [supervisor] in try await supervisor.run(channels: nil, trigger: .events) }.value
        // What failed for good is in the journal, and the next run of everything takes it up.
        guard job.exitCode < 2, !supervisor.stop.isRequested || job.exitCode == 0 else {
            throw Failure(
                .transient, "the run of everything was not made, since \(job.failure ?? "a service could not be used")")
        }
    }
}

/// A connection of its own to the catalog: that of runs is let go of while others still ask by it.
private actor PolledServer {
    private let settings: CatalogServerSettings
    private let logger: Logger
    private var server: CatalogServer?

    init(_ settings: CatalogServerSettings, _ logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Asks by the connection, which is made if there is none, and let go of if that fails.
    func with<Result: Sendable>(_ body: @Sendable (CatalogServer) async throws -> Result) async throws -> Result {
        do {
            // Who polls asks again by himself.
            let connected: CatalogServer
            if let server {
                connected = server
            } else {
                connected = try await CatalogServer.connect(settings, retries: RetryPolicy(attempts: 1), log: logger)
                server = connected
            }
            return try await body(connected)
        } catch {
            await close()
            throw error
        }
    }

    func close() async {
        let old = server
        server = nil
        await old?.shutDown()
    }
}
