/// What `revmeta.yaml` says, checked and with its references resolved.
public struct Configuration: Sendable, Equatable {
    public var catalog: CatalogSource
    public var services: [ServiceDefinition]
    /// Catalog owners (`jane.doe`, `team:finance`) to principals of the sources.
    public var ownerMap: OwnerMap
    /// The journal's file, as an absolute path.
    public var journalPath: String
    /// In the file's order, which decides between channels that select the same fact.
    public var channels: [Channel]
    public var isolation: Isolation
    /// How long one call to a plugin may take.
    public var callTimeout: Duration
    /// After how long a run is asked to stop; nil: never.
    public var runTimeout: Duration?
    /// How often something that fails for the time being is tried altogether.
    public var attempts: Int
    /// How many facts a run may clear; nil: what is usual.
    public var maxRemovals: Int?
    /// How long the journal keeps runs; nil: for ever.
    public var journalKeep: Duration?
    /// What `revmeta serve` listens on, and what it hears of changes by.
    public var serve: ServeSettings

    public init(
        catalog: CatalogSource, services: [ServiceDefinition], ownerMap: OwnerMap = [:], journalPath: String,
        channels: [Channel], isolation: Isolation = .worker, callTimeout: Duration = .seconds(600), runTimeout: Duration? = nil,
        attempts: Int = 3, maxRemovals: Int? = nil, journalKeep: Duration? = nil, serve: ServeSettings = ServeSettings()
    ) {
        self.catalog = catalog
        self.services = services
        self.ownerMap = ownerMap
        self.journalPath = journalPath
        self.channels = channels
        self.isolation = isolation
        self.callTimeout = callTimeout
        self.runTimeout = runTimeout
        self.attempts = attempts
        self.maxRemovals = maxRemovals
        self.journalKeep = journalKeep
        self.serve = serve
    }
}

extension Configuration {
    /// Whether a channel asks for more of an entity than its names, owners and tags.
    public var needsDocuments: Bool { channels.contains(where: \.needsDocuments) }
}

extension Configuration {
    /// Whether a template may ask for the whole of an entity.
    public var needsAnswers: Bool { channels.contains(where: \.needsAnswers) }
}

/// Where plugins run.
public enum Isolation: String, Sendable, CaseIterable, Codable {
    /// Each service's plugin in a process of its own.
    case worker
    /// In the host's own process: for debuggers.
    case inProcess
}
