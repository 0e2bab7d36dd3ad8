public import RevmetaModel

/// One open connection to a source, through whatever kind of connector.
///
/// Calls are served one at a time. Cancelling the calling task asks the connector to stop. A plugin that breaks its
/// contract surfaces as a ``Failure`` with status `invalid`.
public protocol ConnectorSession: Sendable {
    /// What the session can do; attributes that are not named are unsupported.
    func abilities() async throws(Failure) -> [Ability]

    /// One fact for each asked entity that exists and each asked attribute, absent where the kind has no such attribute.
    /// An entity of which there is no fact does not exist.
    func read(_ entities: [Entity], attributes: [Attribute]) async throws(Failure) -> [Fact]

    /// The statements that make the changes. Each change is in exactly one statement or one refusal.
    func plan(_ changes: [Change]) async throws(Failure) -> PlannedStatements

    /// The changes that the session may not make, and why. Writes nothing.
    func check(_ changes: [Change]) async throws(Failure) -> [Refusal]

    /// Runs statements. One that fails costs its own changes only.
    ///
    /// - Parameters:
    ///   - kept: The same statements, of what this or another session planned; empty: not all of them were.
    ///   - label: What the statements are part of, for the source's own logs: `run 12`.
    func execute(
        _ statements: [Statement], of changes: [Change], kept: [KeptStatements], label: String?
    ) async -> Execution

    /// Ends the session. Nothing may be called after it.
    func close() async
}

/// What a connector planned: statements, and the changes that no statement can make.
public struct PlannedStatements: Sendable {
    public var statements: [Statement]
    public var refusals: [Refusal]
    /// The same statements, if the session has them at hand.
    public var kept: KeptStatements?

    public init(statements: [Statement], refusals: [Refusal] = [], kept: KeptStatements? = nil) {
        self.statements = statements
        self.refusals = refusals
        self.kept = kept
    }
}

/// Why one item of a call did not, or would not, work.
public struct Refusal: Sendable, Equatable {
    /// Index into the items of the call.
    public var index: Int
    public var failure: Failure

    public init(index: Int, failure: Failure) {
        self.index = index
        self.failure = failure
    }
}

/// How an execution ended.
public struct Execution: Sendable, Equatable {
    /// Of each statement: how it ended. Nil: not known, since the session broke; the source must be read again.
    public var outcomes: [Outcome?]
    /// Why the session broke; nil: it did not, and every statement has its outcome.
    public var failure: Failure?

    /// How one statement ended.
    public enum Outcome: Sendable, Equatable {
        case applied
        // Elsewhere, since few fail: there is an outcome for each statement, and it would take the place of a failure.
        indirect case failed(Failure)
    }

    public init(outcomes: [Outcome?], failure: Failure? = nil) {
        self.outcomes = outcomes
        self.failure = failure
    }
}

/// Opens sessions to the sources of services.
public protocol ConnectorProvider: Sendable {
    /// What the connector of a service is and needs, without opening a session.
    func connector(for service: ServiceDefinition) async throws(Failure) -> ConnectorDescription

    /// Opens a session for a service; for one of its databases, if the connector's sessions are that narrow.
    func open(_ service: ServiceDefinition, database: String?) async throws(Failure) -> any ConnectorSession
}

/// What the engine needs to know of a connector before a session is open.
public struct ConnectorDescription: Sendable, Equatable {
    /// How much one session reaches.
    public enum SessionScope: String, Sendable, Codable {
        /// One database of the service: there is a session for each.
        case database
        /// All of the service.
        case service
    }

    /// The plugin's id.
    public var plugin: String
    public var scope: SessionScope
    public var dialect: Dialect

    public init(plugin: String, scope: SessionScope, dialect: Dialect) {
        self.plugin = plugin
        self.scope = scope
        self.dialect = dialect
    }
}
