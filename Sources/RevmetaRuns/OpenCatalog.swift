public import Logging
public import RevmetaCatalog
public import RevmetaHost
public import RevmetaModel
public import RevmetaOpenMetadata

/// The catalog that a configuration names, ready to be read, and the configuration with what the catalog tells of its services.
public struct OpenCatalog: Sendable {
    public let source: Source
    /// With the connections that will be used.
    public private(set) var configuration: Configuration
    /// The services' connections, and what of them comes from the catalog.
    public private(set) var connections: [CompletedService] = []

    public enum Source: Sendable {
        case folder(CatalogFolder)
        case server(CatalogServer)
    }

    private init(_ configuration: Configuration, _ source: Source, _ plugins: PluginDirectory) {
        self.source = source
        self.configuration = configuration
        connections = configuration.services.map { service in
            let known = services.first { $0.name == service.name }
            // A service without a plugin is complained about where the plugin is wanted.
            guard let known, let settings = try? plugins.plugin(for: service).manifest.settings else {
                return CompletedService(service: service, fromCatalog: [])
            }
            return service.completed(from: known, knowing: settings.map(\.key))
        }
        self.configuration.services = connections.map(\.service)
    }

    /// Reaches the catalog. Its connections are ended by ``close()``.
    ///
    /// - Parameter logger: Who waits for a server wants to know why.
    public static func open(
        _ configuration: Configuration, _ plugins: PluginDirectory, _ logger: Logger
    ) async throws -> OpenCatalog {
        switch configuration.catalog {
        case .folder(let path):
            return try OpenCatalog(configuration, .folder(CatalogFolder(path: path)), plugins)
        case .server(let settings):
            let server = try await CatalogServer.connect(
                settings, retries: RetryPolicy(attempts: configuration.attempts), log: logger)
            return OpenCatalog(configuration, .server(server), plugins)
        }
    }

    /// Ends the connections. Nothing can be read afterwards.
    public func close() async {
        if case .server(let server) = source { await server.shutDown() }
    }

    /// Works with the catalog, and ends its connections after it, however it went.
    ///
    public static func with<Result>(
        _ configuration: Configuration, _ plugins: PluginDirectory, _ logger: Logger,
        isolation: isolated (any Actor)? = #isolation, _ body: (OpenCatalog) async throws -> Result
    ) async throws -> Result {
        let catalog = try await open(configuration, plugins, logger)
        do {
            let result = try await body(catalog)
            await catalog.close()
            return result
        } catch {
            await catalog.close()
            throw error
        }
    }

    /// The services that the catalog has.
    public var services: [CatalogService] {
        switch source {
        case .folder(let folder): folder.services
        case .server(let server): server.services
        }
    }

    /// The entities that channels may select.
    ///
    /// - Parameters:
    ///   - channels: Names of those that count; nil: all.
    ///   - sinks: Names of the services that are written to; nil: all. A folder is read whole.
    public func entities(ofChannels channels: [String]? = nil, to sinks: Set<String>? = nil) -> CatalogEntities {
        switch source {
        case .folder(let folder):
            .folder(folder.batches(of: 500, for: configuration))
        case .server(let server):
            .server(server.batches(CatalogReach(configuration, channels: channels, sinks: sinks)))
        }
    }

    /// What a person may want to know of services that a channel selects and that the configuration does not define. A folder's
    /// are told with how many entities were passed over; a server is not even asked for theirs.
    public func notices(ofChannels channels: [String]? = nil) -> [String] {
        guard case .server = source else { return [] }
        let reach = CatalogReach(configuration, channels: channels)
        let strangers = services.map(\.name).filter { name in
            reach.canSelect(name) && !configuration.services.contains { $0.name == name }
        }
        guard !strangers.isEmpty else { return [] }
        let shown = strangers.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
        let more = strangers.count > 10 ? " and \(strangers.count - 10) more" : ""
        return ["channels select the catalog's \(shown)\(more), which services: does not define; they were left alone"]
    }

    /// The configuration with what the catalog tells of its services, if that is needed to reach them.
    public static func completing(
        _ configuration: Configuration, _ plugins: PluginDirectory, _ logger: Logger
    ) async throws -> Configuration {
        guard configuration.services.contains(where: { !$0.saysWhere }) else { return configuration }
        // Where the plugin has a default of its own, a folder need not be there.
        if case .folder(let path) = configuration.catalog, (try? CatalogFolder(path: path)) == nil { return configuration }
        return try await with(configuration, plugins, logger) { $0.configuration }
    }
}
