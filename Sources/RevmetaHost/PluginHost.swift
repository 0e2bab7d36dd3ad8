public import RevmetaEngine
public import RevmetaModel
internal import RevmetaRunner
internal import Synchronization

/// Gives the engine its connectors: picks each service's plugin, has it run, opens its sessions.
///
/// Each service has a worker of its own, so that a plugin which crashes costs one service.
public final class PluginHost: ConnectorProvider, TemplateCompiler {
    /// Where plugins run.
    public enum Isolation: Sendable, Equatable {
        /// Each in a process of its own, which is this program.
        case worker(program: String)
        /// In the host's own process: for debuggers.
        case inProcess
    }

    public let directory: PluginDirectory
    private let isolation: Isolation
    private let environment: [String: String]
    private let log: PluginLog
    private let limits: CallLimits
    private let state = Mutex(State())

    private struct State {
        /// The plugin of each service, as it runs now, or is about to.
        var running: [String: Running] = [:]
        /// The template engines of each channel.
        var engines: [EngineKey: Running] = [:]
        /// How often a service's worker ended by itself.
        var deaths: [String: Int] = [:]
    }

    private struct EngineKey: Hashable {
        var channel: String
        var engine: String
    }

    private struct Running {
        var link: PluginLink
        var loading: Task<Result<LoadedPlugin, PluginProblem>, Never>
    }

    /// - Parameters:
    ///   - environment: What workers see of the environment.
    ///   - limits: What calls may take.
    public init(
        _ directory: PluginDirectory, isolation: Isolation, environment: [String: String] = [:],
        limits: CallLimits = CallLimits(), log: PluginLog = .none
    ) {
        self.directory = directory
        self.isolation = isolation
        self.environment = environment
        self.limits = limits
        self.log = log
    }

    /// How often the worker of a service was started again because it had ended by itself.
    public var restarts: [String: Int] { state.withLock { $0.deaths } }

    /// Ends the workers and waits until they are gone. Nothing may be asked after it.
    public func shutDown() async {
        let running = state.withLock { state in
            defer { (state.running, state.engines) = ([:], [:]) }
            return Array(state.running.values) + Array(state.engines.values)
        }
        await withTaskGroup { group in
            for running in running {
                group.addTask {
                    _ = await running.loading.value
                    await running.link.leaveAndWait()
                }
            }
        }
    }

    /// Has the plugins of services loaded, so that they are there when they are asked for. What fails is told then.
    public func prepare(_ services: [ServiceDefinition]) {
        for service in services {
            guard let found = try? directory.plugin(for: service) else { continue }
            _ = running(found, for: service)
        }
    }

    public func connector(for service: ServiceDefinition) async throws(Failure) -> ConnectorDescription {
        let (found, _, dialect) = try await connected(service)
        try found.manifest.check(service)
        return ConnectorDescription(
            plugin: found.manifest.id, scope: found.manifest.sessionScope, dialect: dialect)
    }

    public func open(_ service: ServiceDefinition, database: String?) async throws(Failure) -> any ConnectorSession {
        let (_, link, _) = try await connected(service)
        var settings = service.connection
        if let database { settings["database"] = Secret(database) }
        return try await PluginSession.open(link, settings)
    }

    /// Compiles a template. Each channel has an engine of its own: one that crashes or does not end costs one channel.
    public func compile(_ request: TemplateRequest) async throws(Failure) -> any CompiledTemplate {
        let found = try directory.templateEngine(named: request.engine)
        let key = EngineKey(channel: request.channel, engine: found.manifest.id)
        let running = state.withLock { state in
            if let running = state.engines[key] { return running }
            let running = start(found, service: nil, endStatus: .failed, limits: limits.forTemplates)
            state.engines[key] = running
            return running
        }
        do throws(PluginProblem) {
            guard try await running.loading.value.get().hasTemplateEngine else {
                throw PluginProblem("\(found.manifest.id) has no template engine, though its manifest says so")
            }
        } catch {
            throw Failure(.config, "the template engine '\(request.engine)' cannot be used: \(error)")
        }
        return try await PluginTemplate.compile(request, over: running.link)
    }

    /// Loads a plugin, alone and for nobody, and tells what it offers.
    public func load(_ found: PluginDirectory.Found) async throws(PluginProblem) -> LoadedPlugin {
        let running = start(found, service: nil, endStatus: .failed)
        let result = await running.loading.value
        await running.link.leaveAndWait()
        return try result.get()
    }

    private func connected(
        _ service: ServiceDefinition
    ) async throws(Failure) -> (PluginDirectory.Found, PluginLink, Dialect) {
        let found = try directory.plugin(for: service)
        var running = running(found, for: service)
        _ = await running.loading.value
        // It ended while it was loading, for the first time: that may be chance.
        if running.link.failure?.status == .transient { running = self.running(found, for: service) }
        do throws(PluginProblem) {
            guard let dialect = try await running.loading.value.get().dialect else {
                throw PluginProblem(
                    "its plugin \(found.manifest.id) offers \(found.manifest.interfaces.joined(separator: ", ")), but "
                        + "no connector. Name one that does with 'plugin:' under the service")
            }
            return (found, running.link, dialect)
        } catch {
            throw Failure(.config, "service '\(service.name)' cannot be used: \(error)")
        }
    }

    /// The plugin of a service as it runs now; started if it does not.
    ///
    /// One whose worker ended by itself is started again: once the work is tried again, and then fails for good.
    private func running(_ found: PluginDirectory.Found, for service: ServiceDefinition) -> Running {
        state.withLock { state in
            if let running = state.running[service.name] {
                guard running.link.failure != nil else { return running }
                state.deaths[service.name, default: 0] += 1
            }
            let isFirst = state.deaths[service.name, default: 0] == 0
            let running = start(found, service: service, endStatus: isFirst ? .transient : .failed)
            state.running[service.name] = running
            return running
        }
    }

    private func start(
        _ found: PluginDirectory.Found, service: ServiceDefinition?, endStatus: Failure.Status, limits: CallLimits? = nil
    ) -> Running {
        let secrets = found.manifest.settings.filter(\.secret).compactMap { service?.connection[$0.key] }
        let redaction = Redaction(secrets)
        let link = PluginLink(
            found.manifest.id, service: service?.name, redaction: redaction, log: log, limits: limits ?? self.limits,
            endStatus: endStatus)
        let environment = variables(for: service, found.manifest)
        let loading = Task { [isolation, log] () -> Result<LoadedPlugin, PluginProblem> in
            do throws(PluginProblem) {
                do throws(PluginProblem) {
                    try found.check()
                } catch {
                    link.neverCame(error)
                    throw error
                }
                return .success(try await link.load(found.libraryPath, as: found.identity) { events throws(PluginProblem) in
                    switch isolation {
                    case .inProcess: return LocalTransport(events)
                    case .worker(let program):
                        return try WorkerProcess.start(program, environment: environment, events: events) { line in
                            log.write(PluginLog.Line(
                                level: .warning, text: redaction(line), plugin: found.manifest.id, service: service?.name))
                        }
                    }
                })
            } catch {
                return .failure(error)
            }
        }
        return Running(link: link, loading: loading)
    }

    /// What a worker sees of the environment: everything but the service's own secrets, which it is given when it opens a
    /// session. What libpq looks for itself stays.
    private func variables(for service: ServiceDefinition?, _ manifest: PluginManifest) -> [String] {
        let secrets = Set(manifest.settings.filter(\.secret).compactMap { service?.connection[$0.key]?.exposed })
        return environment.compactMap { name, value in
            secrets.contains(value) && !name.hasPrefix("PG") ? nil : "\(name)=\(value)"
        }
    }
}
