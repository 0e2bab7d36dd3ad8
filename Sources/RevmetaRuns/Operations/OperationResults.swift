public import RevmetaEngine
public import RevmetaJournal
internal import RevmetaModel
internal import Synchronization

/// Gathers what became of the facts that operations are about, while a run goes on and after it.
public final class OperationResults: Sendable {
    private let standings = Mutex<[FactKey: Standing]>([:])

    public init() {}

    /// For the engine.
    public var visitor: Standing.Visitor {
        { _, key, standing in self.standings.withLock { $0[key] = standing } }
    }

    public func response(_ plan: OperationsPlan, _ report: RunReport, _ store: RunStore) throws -> ReverseIngestionResponse {
        var changes: [FactKey: ListedChange] = [:]
        try store.list { listed in
            let change = listed.planned.change
            changes[FactKey(entity: Entity(kind: listed.planned.entityKind, path: change.path), attribute: change.attribute)] = listed
        }
        let failure = report.failures[plan.target].map { "service '\(plan.target)' failed: \($0)" } ?? report.refusal?.description
        let judge = Judge(standings: standings.withLock { $0 }, changes: changes, failure: failure)
        return plan.response(success: failure == nil, message: failure) { judge.judge($0) }
    }
}

extension OperationsPlan {
    /// Of operations of which none could be tried.
    public func response() -> ReverseIngestionResponse {
        response(success: true, message: nil) { _ in (false, "nothing was tried") }
    }

    fileprivate func response(
        success: Bool, message: String?, _ judge: (MergedEdit) -> (Bool, String?)
    ) -> ReverseIngestionResponse {
        var results = pipeline.operations.enumerated().map { index, operation in
            ReverseIngestionResponse.Result(id: operation.id, success: false, message: refused[index])
        }
        for edit in edits {
            let (success, message) = judge(edit)
            for index in edit.operations {
                results[index].success = success
                results[index].message = message
                guard edit.subject == .description, let last = edit.operations.last, last != index else { continue }
                let story = "operation \(pipeline.operations[last].id) is about the same and comes later: this is its result"
                results[index].message = message.map { "\(story): \($0)" } ?? story
            }
        }
        return ReverseIngestionResponse(
            serviceId: pipeline.service.id, success: success, message: message, results: results)
    }
}

/// Tells what became of an edit.
private struct Judge {
    let standings: [FactKey: Standing]
    let changes: [FactKey: ListedChange]
    /// Why nothing more was sent; nil: nothing came between.
    let failure: String?
    private let tags: [Entity: [FactKey]]

    init(standings: [FactKey: Standing], changes: [FactKey: ListedChange], failure: String?) {
        self.standings = standings
        self.changes = changes
        self.failure = failure
        let keys = Set(standings.keys).union(changes.keys).filter { $0.attribute != .description && $0.attribute != .owner }
        tags = Dictionary(grouping: keys.sorted { $0.attribute.rawValue < $1.attribute.rawValue }, by: \.entity)
    }

    func judge(_ edit: MergedEdit) -> (Bool, String?) {
        switch edit.subject {
        case .description: return judge(FactKey(entity: edit.entity, attribute: .description)) ?? unknown
        case .owner: return judge(FactKey(entity: edit.entity, attribute: .owner)) ?? unknown
        case .tags:
            guard let keys = tags[edit.entity] else {
                return failure.map { (false, $0) }
                    ?? (true, "there is nothing to write of these tags: the channel's tagSources and tagMap decide")
            }
            let results = keys.map { key in (key.attribute, judge(key) ?? unknown) }
            let messages = results.compactMap { attribute, result in result.1.map { "\(attribute): \($0)" } }
            return (results.allSatisfy(\.1.0), messages.isEmpty ? nil : messages.joined(separator: "; "))
        }
    }

    private var unknown: (Bool, String?) { (false, failure ?? "it was not decided: the run ended before") }

    /// Nil: nothing is known of it.
    private func judge(_ key: FactKey) -> (Bool, String?)? {
        if let change = changes[key] {
            if change.outcome == "applied" { return (true, change.planned.action == .clear ? nil : change.planned.reason) }
            if change.outcome != nil || !change.planned.action.isWritten { return (false, change.planned.reason) }
            return (false, failure ?? "it was not sent, or what became of it is not known: the next run finds out")
        }
        return switch standings[key] {
        case .unchanged?: (true, nil)
        case .left(let reason)?: (false, reason)
        case nil: nil
        }
    }
}
