public import RevmetaEngine
public import RevmetaModel
internal import Synchronization

/// Gives the engine its connectors: picks each service's plugin, loads it once, opens its sessions.
public final class PluginHost: ConnectorProvider {
    public let directory: PluginDirectory
    private let log: PluginLog
    private let callLimit: Duration?
    private let loaded = Mutex<[String: Result<PluginLibrary, PluginProblem>]>([:])

    /// - Parameter callLimit: What plugins are told as the deadline of each call; nil: none.
    public init(_ directory: PluginDirectory, log: PluginLog = .none, callLimit: Duration? = nil) {
        self.directory = directory
        self.log = log
        self.callLimit = callLimit
    }

    public func connector(for service: ServiceDefinition) throws(Failure) -> ConnectorDescription {
        let (plugin, connector) = try loadConnector(for: service)
        try plugin.check(service)
        return ConnectorDescription(plugin: plugin.id, scope: plugin.sessionScope, dialect: connector.dialect)
    }

    public func open(_ service: ServiceDefinition, database: String?) async throws(Failure) -> any ConnectorSession {
        let (plugin, connector) = try loadConnector(for: service)
        var settings = service.connection
        if let database { settings["database"] = Secret(database) }
        let session = PluginSession(connector, of: plugin.id, log: log, callLimit: callLimit)
        try await session.open(settings)
        return session
    }

    /// Begins to load the plugins of services, so that they are there when they are asked for. What fails is told then.
    public func prepare(_ services: [ServiceDefinition]) {
        let places = Dictionary(
            services.compactMap { try? directory.plugin(for: $0) }.map { ($0.libraryPath, $0) }) { first, _ in first }
        for found in places.values {
            Task.detached { _ = try? self.load(found) }
        }
    }

    private func loadConnector(for service: ServiceDefinition) throws(Failure) -> (PluginManifest, ConnectorTable) {
        let found = try directory.plugin(for: service)
        do throws(PluginProblem) {
            guard let connector = try load(found).connector else {
                throw PluginProblem(
                    "its plugin \(found.manifest.id) offers \(found.manifest.interfaces.joined(separator: ", ")), but "
                        + "no connector. Name one that does with 'plugin:' under the service")
            }
            return (found.manifest, connector)
        } catch {
            throw Failure(.config, "service '\(service.name)' cannot be used: \(error)")
        }
    }

    /// Loads a plugin, or gives what loading it gave before.
    public func load(_ found: PluginDirectory.Found) throws(PluginProblem) -> PluginLibrary {
        try loaded.withLock { loaded in
            if let before = loaded[found.libraryPath] { return before }
            let result: Result<PluginLibrary, PluginProblem>
            do throws(PluginProblem) {
                result = .success(try PluginLibrary(found))
            } catch {
                result = .failure(error)
            }
            loaded[found.libraryPath] = result
            return result
        }.get()
    }
}
