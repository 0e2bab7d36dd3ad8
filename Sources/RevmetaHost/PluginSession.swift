internal import RevmetaEngine
internal import RevmetaModel
internal import RevmetaRunner
internal import Synchronization

/// A session of a plugin's connector, wherever the plugin runs.
final class PluginSession: ConnectorSession {
    private let link: PluginLink
    private let number: UInt64
    private let isClosed = Atomic<Bool>(false)

    private init(_ link: PluginLink) {
        self.link = link
        number = link.newNumber()
    }

    deinit {
        if !isClosed.load(ordering: .relaxed) { link.closeUnheard(session: number) }
    }

    static func open(_ link: PluginLink, _ settings: [String: Secret]) async throws(Failure) -> PluginSession {
        let session = PluginSession(link)
        let failure = await session.call(.open, Collector(plugin: link.plugin, link.redaction)) { $0.settings(settings) }
        if let failure {
            // The runner keeps a thread for it.
            await session.close()
            throw failure
        }
        return session
    }

    func close() async {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        _ = await link.call(.close, session: number, collector: Collector(plugin: link.plugin, link.redaction))
    }

    func abilities() async throws(Failure) -> [Ability] {
        let collector = Collector(plugin: link.plugin, link.redaction)
        if let failure = await call(.abilities, collector) { throw failure }
        return collector.abilities
    }

    func read(_ entities: [Entity], attributes: [Attribute]) async throws(Failure) -> [Fact] {
        guard !entities.isEmpty, !attributes.isEmpty else { return [] }
        let collector = Collector(plugin: link.plugin, link.redaction, itemCount: entities.count, attributeCount: attributes.count)
        let failure = await call(.read, collector, size: FrameWriter.size(of: entities)) { request in
            request.entities(entities)
            request.texts(attributes.map(\.rawValue))
        }
        if let failure { throw failure }
        return collector.facts
    }

    func plan(_ changes: [Change]) async throws(Failure) -> PlannedStatements {
        guard !changes.isEmpty else { return PlannedStatements(statements: []) }
        let collector = Collector(plugin: link.plugin, link.redaction, itemCount: changes.count)
        let plan = PluginPlan(link, session: number)
        let failure = await call(.plan, collector, size: FrameWriter.size(of: changes)) { request in
            request.number(plan.number)
            request.changes(changes)
        }
        if let failure { throw failure }
        var carried = [Int](repeating: 0, count: changes.count)
        for statement in collector.statements { for change in statement.changes { carried[change] += 1 } }
        for refusal in collector.refusals { carried[refusal.index] += 1 }
        if let odd = carried.firstIndex(where: { $0 != 1 }) {
            throw .breach(
                by: link.plugin,
                "planned the change of \(changes[odd].attribute) of \(changes[odd].path) \(carried[odd]) times instead "
                    + "of once")
        }
        return PlannedStatements(
            statements: collector.statements, refusals: collector.refusals,
            kept: collector.isKept ? KeptStatements(of: plan, collector.statements.indices) : nil)
    }

    func check(_ changes: [Change]) async throws(Failure) -> [Refusal] {
        guard !changes.isEmpty else { return [] }
        let collector = Collector(plugin: link.plugin, link.redaction, itemCount: changes.count)
        let failure = await call(.check, collector, size: FrameWriter.size(of: changes)) { $0.changes(changes) }
        if let failure { throw failure }
        return collector.refusals
    }

    func execute(
        _ statements: [Statement], of changes: [Change], kept: [KeptStatements], label: String?
    ) async -> Execution {
        guard !statements.isEmpty else { return Execution(outcomes: []) }
        let collector = Collector(plugin: link.plugin, link.redaction, statementCount: statements.count)
        let failure: Failure?
        if let parts = parts(of: kept), parts.reduce(0, { $0 + $1.range.count }) == statements.count {
            failure = await call(.executeKept, label: label, collector) { $0.parts(parts) }
        } else {
            let size = FrameWriter.size(of: changes) + FrameWriter.size(of: statements)
            failure = await call(.execute, label: label, collector, size: size) { request in
                request.changes(changes)
                request.statements(statements)
            }
        }
        if let failure { return Execution(outcomes: collector.outcomes, failure: failure) }
        if let silent = collector.outcomes.firstIndex(of: nil) {
            return Execution(
                outcomes: collector.outcomes,
                failure: .breach(
                    by: link.plugin, "did not tell the outcome of statement \(silent) of \(statements.count)"))
        }
        return Execution(outcomes: collector.outcomes)
    }

    /// Of plans that are kept for this session; nil: some are another's.
    private func parts(of kept: [KeptStatements]) -> [PlanPart]? {
        var parts: [PlanPart] = []
        for part in kept {
            guard let plan = part.plan as? PluginPlan, plan.isKept(for: number, of: link) else { return nil }
            parts.append(PlanPart(plan: plan.number, range: part.range))
        }
        return parts
    }

    private func call(
        _ request: Request, label: String? = nil, _ collector: Collector, size: Int = 0,
        _ write: (inout FrameWriter) -> Void = { _ in }
    ) async -> Failure? {
        guard !isClosed.load(ordering: .relaxed) else {
            return Failure(.invalid, "the session of \(link.plugin) is closed")
        }
        return await link.call(request, session: number, label: label, collector: collector, size: size, write)
    }
}
