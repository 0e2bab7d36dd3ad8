public import RevmetaEngine
public import RevmetaModel
internal import Synchronization

/// Gives the engine its connectors: picks each service's plugin, loads it once, opens its sessions.
public final class PluginHost: ConnectorProvider {
    public let directory: PluginDirectory
    private let log: PluginLog
    private let loaded = Mutex<[String: Result<PluginLibrary, PluginProblem>]>([:])

    public init(_ directory: PluginDirectory, log: PluginLog = .none) {
        self.directory = directory
        self.log = log
    }

    public func connector(for service: ServiceDefinition) throws(Failure) -> ConnectorDescription {
        let library = try library(for: service)
        return ConnectorDescription(
            plugin: library.manifest.id, scope: library.manifest.sessionScope, dialect: library.dialect)
    }

    public func open(_ service: ServiceDefinition, database: String?) async throws(Failure) -> any ConnectorSession {
        let library = try library(for: service)
        var settings = service.connection
        if let database { settings["database"] = Secret(database) }
        let session = PluginSession(library, log: log)
        try await session.open(settings)
        return session
    }

    private func library(for service: ServiceDefinition) throws(Failure) -> PluginLibrary {
        let found = try directory.plugin(for: service)
        do throws(PluginProblem) {
            return try load(found)
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
