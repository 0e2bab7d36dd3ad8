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
    private var current: Reached?
    private var lastReached = 0
    /// How many work with each, by its number.
    private var holders: [Int: Int] = [:]

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
        await letGo(of: current)
        await host.shutDown()
    }

    /// Works with the catalog, as it was reached some minutes ago at most. If that fails, it is reached anew the next time.
    nonisolated func withCatalog<Result: Sendable>(
        _ body: @Sendable (OpenCatalog) async throws -> Result
    ) async throws -> Result {
        let reached = await take()
        do {
            let result = try await body(try await reached.opening.value)
            await give(back: reached, isSound: true)
            return result
        } catch {
            await give(back: reached, isSound: false)
            throw error
        }
    }

    /// A connection to the catalog.
    private struct Reached: Sendable {
        let number: Int
        let opening: Task<OpenCatalog, any Error>
        let since = ContinuousClock.now
    }

    private func take() async -> Reached {
        if let old = current, .now - old.since > Self.catalogAge { await letGo(of: old) }
        let reached = current ?? reach()
        current = reached
        holders[reached.number, default: 0] += 1
        return reached
    }

    private func reach() -> Reached {
        lastReached += 1
        return Reached(number: lastReached, opening: Task { [configuration, host, logger] in
            try await OpenCatalog.open(configuration, host.directory, logger)
        })
    }

    private func give(back reached: Reached, isSound: Bool) async {
        holders[reached.number]! -= 1
        if current?.number != reached.number {
            // Somebody else let go of it.
            await closeIfUnused(reached)
        } else if !isSound {
            await letGo(of: reached)
        }
    }

    /// Has the next one reach the catalog anew. Who works with it goes on, and the last of them closes it.
    private func letGo(of reached: Reached?) async {
        guard let reached, current?.number == reached.number else { return }
        current = nil
        await closeIfUnused(reached)
    }

    private func closeIfUnused(_ reached: Reached) async {
        guard holders[reached.number] == 0 else { return }
        holders[reached.number] = nil
        if let catalog = try? await reached.opening.value { await catalog.close() }
    }
}
