import RevmetaEngine
import RevmetaModel
import Synchronization
import Testing

/// A source in memory: what it holds, and everything that was asked and sent.
final class MemorySource: Sendable {
    struct Object: Sendable {
        var kind: SourceKind
        var values: [Attribute: String] = [:]
    }

    struct State: Sendable {
        var objects: [EntityPath: Object] = [:]
        var sent: [String] = []
        /// Of each execution: what it was part of.
        var labels: [String?] = []
        /// How many statements were sent as what a session has at hand.
        var keptStatements = 0
        /// Of each execution: how many statements it had.
        var sizes: [Int] = []
        /// How long the next executions take; the last one first.
        var delays: [Duration] = []
        /// Of each change that was planned or sent: whose it is.
        var channels: [String] = []
        var reads = 0
        /// Reads never end but by being cancelled.
        var hangs = false
        /// Reads that fail, by their number, from 1.
        var readFailures: [Int: Failure] = [:]
        var openSessions = 0
        var mostSessions = 0
        var openFailure: Failure?
        /// Statements that fail, by a part of their text.
        var failing: [String: Failure] = [:]
        /// The session breaks after this statement of a template, before its outcome is told.
        var breaksAfter: String?
        /// The session breaks before this statement.
        var breaksBefore: String?
        /// Changes that plan refuses, by path.
        var refused: [EntityPath: Failure] = [:]
        var unknown: [FactKey: String] = [:]
        var denied: [EntityPath: Failure] = [:]

        /// Why a change must not be made: what it can be compared with is another value by now.
        func moved(_ change: Change) -> Failure? {
            guard !change.attribute.rawValue.hasPrefix("tag.") else { return nil }
            let actual = objects[change.path]?.values[change.attribute]
            return actual == change.before || actual == change.value ? nil : Failure(.conflict, "it has moved")
        }
    }

    let state = Mutex(State())
    let abilities: [Ability]

    init(_ objects: [String: SourceKind], abilities: [Ability]? = nil) {
        self.abilities = abilities ?? Self.usualAbilities
        state.withLock {
            for (path, kind) in objects { $0.objects[EntityPath(path)!] = Object(kind: kind) }
        }
    }

    static let usualAbilities: [Ability] = ["database", "schema", "table", "view", "column", "function"].flatMap { kind in
        [
            Ability(kind: kind, attribute: .description, support: .full, canClear: true, emptyIsNull: true, text: .noNUL),
            kind == "column"
                ? Ability(kind: kind, attribute: .owner, support: .unsupported)
                : Ability(kind: kind, attribute: .owner, support: .full),
            Ability(kind: kind, attribute: .anyTag, support: .unsupported, note: "it never had any"),
        ]
    }

    subscript(path: String, attribute: Attribute) -> String? {
        get { state.withLock { $0.objects[EntityPath(path)!]?.values[attribute] } }
        set { state.withLock { $0.objects[EntityPath(path)!]?.values[attribute] = newValue } }
    }

    var sent: [String] { state.withLock { $0.sent } }
}

struct MemoryProvider: ConnectorProvider {
    var sources: [String: MemorySource]
    var scope = ConnectorDescription.SessionScope.service

    func connector(for service: ServiceDefinition) throws(Failure) -> ConnectorDescription {
        guard sources[service.name] != nil else { throw Failure(.config, "no plugin serves \(service.name)") }
        return ConnectorDescription(plugin: "memory", scope: scope, dialect: Dialect(name: "memory"))
    }

    func open(_ service: ServiceDefinition, database: String?) async throws(Failure) -> any ConnectorSession {
        let source = sources[service.name]!
        if let failure = source.state.withLock({ $0.openFailure }) { throw failure }
        source.state.withLock {
            $0.openSessions += 1
            $0.mostSessions = max($0.mostSessions, $0.openSessions)
        }
        return MemorySession(source: source)
    }
}

/// What a source planned.
private final class MemoryPlan: KeptPlan {
    let statements: [Statement]
    let changes: [Change]

    init(_ statements: [Statement], of changes: [Change]) {
        self.statements = statements
        self.changes = changes
    }
}

extension Statement {
    /// What it is and carries, wherever the changes stand.
    fileprivate func content(of changes: [Change]) -> [String] {
        [text, guardText ?? ""] + self.changes.map { "\(changes[$0])" }
    }
}

private struct MemorySession: ConnectorSession {
    let source: MemorySource

    func abilities() async throws(Failure) -> [Ability] { source.abilities }

    func read(_ entities: [Entity], attributes: [Attribute]) async throws(Failure) -> [Fact] {
        let (failure, hangs) = source.state.withLock { state in
            state.reads += 1
            return (state.readFailures[state.reads], state.hangs)
        }
        while hangs {
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw Failure(.cancelled, "nobody waits any more") }
        }
        if let failure { throw failure }
        return source.state.withLock { state in
            var facts: [Fact] = []
            for (index, entity) in entities.enumerated() {
                guard let object = state.objects[entity.path] else { continue }
                for (place, attribute) in attributes.enumerated() {
                    if let reason = state.unknown[FactKey(entity: entity, attribute: attribute)] {
                        facts.append(Fact(entity: index, attribute: place, kind: object.kind, value: .unknown(reason: reason)))
                    } else if !(object.kind == "column" && attribute == .owner) {
                        facts.append(Fact(
                            entity: index, attribute: place, kind: object.kind, value: .known(object.values[attribute])))
                    }
                }
            }
            return facts
        }
    }

    func plan(_ changes: [Change]) async throws(Failure) -> PlannedStatements {
        source.state.withLock { state in
            var planned = PlannedStatements(statements: [])
            for (index, change) in changes.enumerated() {
                state.channels.append("planned by \(change.channel ?? "nobody")")
                if let failure = state.refused[change.path] {
                    planned.refusals.append(Refusal(index: index, failure: failure))
                } else {
                    let text = "\(change.attribute) of \(change.kind) \(change.path) = \(change.value ?? "NULL")"
                    planned.statements.append(Statement(text: text, changes: [index]))
                }
            }
            // Owners last, as PostgreSQL has them: another order than the changes'.
            planned.statements.sort {
                (changes[$0.changes[0]].attribute == .owner ? 1 : 0) < (changes[$1.changes[0]].attribute == .owner ? 1 : 0)
            }
            planned.kept = KeptStatements(of: MemoryPlan(planned.statements, of: changes), planned.statements.indices)
            return planned
        }
    }

    func check(_ changes: [Change]) async throws(Failure) -> [Refusal] {
        source.state.withLock { state in
            changes.enumerated().compactMap { index, change in
                state.denied[change.path].map { Refusal(index: index, failure: $0) }
            }
        }
    }

    func execute(
        _ statements: [Statement], of changes: [Change], kept: [KeptStatements], label: String?
    ) async -> Execution {
        if !kept.isEmpty {
            let atHand = kept.flatMap { part in
                let plan = part.plan as? MemoryPlan
                return plan?.statements[part.range].map { $0.content(of: plan?.changes ?? []) } ?? []
            }
            #expect(atHand == statements.map { $0.content(of: changes) }, "what is said to be at hand is something else")
        }
        if let delay = source.state.withLock({ $0.delays.popLast() }) { try? await Task.sleep(for: delay) }
        return source.state.withLock { state in
            if !kept.isEmpty { state.keptStatements += statements.count }
            state.labels.append(label)
            state.sizes.append(statements.count)
            var outcomes: [Execution.Outcome?] = Array(repeating: nil, count: statements.count)
            for (index, statement) in statements.enumerated() {
                if let point = state.breaksBefore, statement.text.contains(point) {
                    state.breaksBefore = nil
                    return Execution(outcomes: outcomes, failure: Failure(.transient, "the source went away"))
                }
                if let failure = state.failing.first(where: { statement.text.contains($0.key) })?.value {
                    outcomes[index] = .failed(failure)
                    continue
                }
                state.sent.append(statement.text)
                if let text = statement.parts.first {
                    // A template's: what it puts is there after it; what it does elsewhere nobody sees.
                    guard let change = statement.changes.first.map({ changes[$0] }) else { continue }
                    if let moved = state.moved(change) {
                        outcomes[index] = .failed(moved)
                        continue
                    }
                    if text.hasPrefix("PUT ") {
                        var put = String(text.dropFirst(4))
                        if put.count > 1, put.hasPrefix("'"), put.hasSuffix("'") { put = String(put.dropFirst().dropLast()) }
                        state.objects[change.path]?.values[change.attribute] = put == "NULL" ? nil : put
                    }
                    outcomes[index] = .applied
                    if state.breaksAfter.map(statement.text.contains) == true {
                        state.breaksAfter = nil
                        outcomes[index] = nil
                        return Execution(outcomes: outcomes, failure: Failure(.transient, "the source went away"))
                    }
                    continue
                }
                for change in statement.changes.map({ changes[$0] }) {
                    state.channels.append("sent by \(change.channel ?? "nobody")")
                    state.objects[change.path]?.values[change.attribute] = change.value
                }
                outcomes[index] = .applied
            }
            return Execution(outcomes: outcomes)
        }
    }

    func close() async {
        // A server takes its time, and until then it has a connection more.
        try? await Task.sleep(for: .milliseconds(10))
        source.state.withLock { $0.openSessions -= 1 }
    }
}
