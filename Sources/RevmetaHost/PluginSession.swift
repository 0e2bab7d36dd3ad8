internal import CRevmeta
internal import RevmetaEngine
internal import RevmetaModel

/// A session of a loaded connector, on an OS thread of its own.
actor PluginSession: ConnectorSession {
    private nonisolated let thread: SessionThread
    private let plugin: String
    private let connector: ConnectorTable
    private let log: PluginLog
    private let callLimit: Duration?
    private var session: UnsafeMutableRawPointer?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ connector: ConnectorTable, of plugin: String, log: PluginLog, callLimit: Duration?) {
        thread = SessionThread()
        self.plugin = plugin
        self.connector = connector
        self.log = log
        self.callLimit = callLimit
    }

    func open(_ settings: [String: Secret]) async throws(Failure) {
        let arena = Arena()
        let failure = await call { call in
            self.connector.table.open(call, arena.settings(settings), &self.session)
        }
        if let failure { throw failure }
        guard session != nil else {
            throw .breach(by: plugin, "said that it opened a session but gave none")
        }
    }

    func close() {
        guard let session else { return }
        self.session = nil
        connector.table.close(session)
    }

    func abilities() async throws(Failure) -> [Ability] {
        let collector = Collector(plugin: plugin, itemCount: 0)
        try await collect(collector) { session, call, context in
            self.connector.table.abilities(session, call, { collecting($0).take($1) }, context)
        }
        return collector.abilities
    }

    func read(_ entities: [Entity], attributes: [Attribute]) async throws(Failure) -> [Fact] {
        guard !entities.isEmpty, !attributes.isEmpty else { return [] }
        let collector = Collector(plugin: plugin, itemCount: entities.count, attributeCount: attributes.count)
        let arena = Arena()
        try await collect(collector) { session, call, context in
            self.connector.table.read(
                session, call, arena.entities(entities), arena.strs(attributes.map(\.rawValue)),
                { collecting($0).take($1) }, context)
        }
        return collector.facts
    }

    func plan(_ changes: [Change]) async throws(Failure) -> PlannedStatements {
        guard !changes.isEmpty else { return PlannedStatements(statements: []) }
        let collector = Collector(plugin: plugin, itemCount: changes.count)
        let arena = Arena()
        try await collect(collector) { session, call, context in
            self.connector.table.plan(
                session, call, arena.changes(changes), { collecting($0).take($1) },
                { collecting($0).takeRefusals($1) }, context)
        }
        var carried = [Int](repeating: 0, count: changes.count)
        for statement in collector.statements { for change in statement.changes { carried[change] += 1 } }
        for refusal in collector.refusals { carried[refusal.index] += 1 }
        if let odd = carried.firstIndex(where: { $0 != 1 }) {
            throw .breach(
                by: plugin,
                "planned the change of \(changes[odd].attribute) of \(changes[odd].path) \(carried[odd]) times instead of once")
        }
        return PlannedStatements(statements: collector.statements, refusals: collector.refusals)
    }

    func check(_ changes: [Change]) async throws(Failure) -> [Refusal] {
        guard !changes.isEmpty else { return [] }
        let collector = Collector(plugin: plugin, itemCount: changes.count)
        let arena = Arena()
        try await collect(collector) { session, call, context in
            self.connector.table.check(
                session, call, arena.changes(changes), { collecting($0).takeRefusals($1) }, context)
        }
        return collector.refusals
    }

    func execute(_ statements: [Statement], of changes: [Change]) async -> Execution {
        guard !statements.isEmpty else { return Execution(outcomes: []) }
        let collector = Collector(plugin: plugin, itemCount: statements.count)
        let arena = Arena()
        do throws(Failure) {
            try await collect(collector) { session, call, context in
                self.connector.table.execute(
                    session, call, arena.changes(changes), arena.statements(statements),
                    { collecting($0).takeOutcomes($1) }, context)
            }
        } catch {
            return Execution(outcomes: collector.outcomes, failure: error)
        }
        if let silent = collector.outcomes.firstIndex(of: nil) {
            return Execution(
                outcomes: collector.outcomes,
                failure: .breach(by: plugin, "did not tell the outcome of statement \(silent) of \(statements.count)"))
        }
        return Execution(outcomes: collector.outcomes)
    }

    /// Makes a call whose sinks push into a collector; a breach of the contract counts more than what the call returned.
    private func collect(
        _ collector: Collector,
        _ body: (UnsafeMutableRawPointer, UnsafePointer<revmeta_call>, UnsafeMutableRawPointer) -> revmeta_status
    ) async throws(Failure) {
        guard let session else { throw Failure(.invalid, "the session of \(plugin) is closed") }
        let failure = await call { call in
            withExtendedLifetime(collector) {
                body(session, call, Unmanaged.passUnretained(collector).toOpaque())
            }
        }
        if let failure = collector.breach ?? failure { throw failure }
    }

    /// Makes a call on the session's thread. If the calling task is cancelled, the plugin is asked to stop.
    private func call(_ body: (UnsafePointer<revmeta_call>) -> revmeta_status) async -> Failure? {
        let hostCall = HostCall(plugin: plugin, log: log, limit: callLimit)
        return await withTaskCancellationHandler {
            run(hostCall, body)
        } onCancel: {
            hostCall.cancel()
        }
    }

    /// A method of the actor, and not the closure's own work: a closure that does not capture the actor leaves its
    /// thread for one of Swift's pool.
    private func run(
        _ hostCall: HostCall, _ body: (UnsafePointer<revmeta_call>) -> revmeta_status
    ) -> Failure? {
        hostCall.run(body)
    }
}

private func collecting(_ context: UnsafeMutableRawPointer?) -> Collector {
    Unmanaged<Collector>.fromOpaque(context!).takeUnretainedValue()
}
