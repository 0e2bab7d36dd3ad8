internal import Logging
internal import RevmetaHost
internal import RevmetaModel
internal import RevmetaRuns

/// A configuration as it was read once, with the plugins and the catalog that serve it. Reading it again makes the next one,
/// while runs of this one go on.
actor Generation {
    nonisolated let number: Int
    nonisolated let configuration: Configuration
    nonisolated let host: PluginHost
    private let logger: Logger
    private var users = 0
    private var whenUnused: CheckedContinuation<Void, Never>?
    private var opening: (task: Task<OpenCatalog, any Error>, since: ContinuousClock.Instant)?
    private var opened = 0

    /// For how long a catalog is used for what happens there, before its services, users and teams are read again.
    private static let catalogAge = Duration.seconds(300)

    init(number: Int, _ configuration: Configuration, _ host: PluginHost, _ logger: Logger) {
        self.number = number
        self.configuration = configuration
        self.host = host
        self.logger = logger
    }

    /// Notes that work with it begins: its plugins stay until that has ended.
    func begin() {
        users += 1
    }

    func end() {
        users -= 1
        guard users == 0 else { return }
        whenUnused?.resume()
        whenUnused = nil
    }

    /// Waits until nobody works with it.
    func unused() async {
        guard users > 0 else { return }
        await withCheckedContinuation { whenUnused = $0 }
    }

    /// Ends the plugins and the catalog's connections. Nobody may work with it any more.
    func shutDown() async {
        await closeCatalog()
        await host.shutDown()
    }

    /// The catalog, as it was reached some minutes ago at most.
    func catalog() async throws -> OpenCatalog {
        if let opening, .now - opening.since > Self.catalogAge { await closeCatalog() }
        if let opening { return try await opening.task.value }
        let task = Task { [configuration, host, logger] in
            try await OpenCatalog.open(configuration, host.directory, logger)
        }
        opening = (task, .now)
        opened += 1
        let number = opened
        do {
            return try await task.value
        } catch {
            if number == opened { opening = nil }
            throw error
        }
    }

    /// Lets go of the catalog: it is reached anew when it is wanted again.
    func closeCatalog() async {
        guard let old = opening else { return }
        opening = nil
        if let catalog = try? await old.task.value { await catalog.close() }
    }
}
