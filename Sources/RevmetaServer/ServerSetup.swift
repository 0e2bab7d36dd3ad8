public import Logging
public import RevmetaHost
public import RevmetaModel

/// What a server is given by the program that starts it.
public struct ServerSetup: Sendable {
    /// Of revmeta.
    public var version: String
    /// Who started it, as the system names them: what runs are recorded with.
    public var person: String
    /// Reads the configuration, now and when it is to be read again.
    public var configuration: @Sendable () throws -> Configuration
    /// Finds the plugins that a configuration uses, and has them run.
    public var host: @Sendable (Configuration) throws -> PluginHost
    /// What an error is told as.
    public var explain: @Sendable (any Error) -> String
    /// Tells whoever started the server something in plain words.
    public var tell: @Sendable (String) -> Void
    public var logger: Logger

    public init(
        version: String, person: String, configuration: @escaping @Sendable () throws -> Configuration,
        host: @escaping @Sendable (Configuration) throws -> PluginHost,
        explain: @escaping @Sendable (any Error) -> String, tell: @escaping @Sendable (String) -> Void, logger: Logger
    ) {
        self.version = version
        self.person = person
        self.configuration = configuration
        self.host = host
        self.explain = explain
        self.tell = tell
        self.logger = logger
    }
}
