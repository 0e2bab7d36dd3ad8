/// Decides how the statements of one batch go out, and what each answer means for the rest. Sends nothing itself.
///
/// Comments go as one message, which is one transaction: the fastest way, as long as nothing fails. A failing statement
/// undoes the message, is set aside, and the rest goes again. After three of those each statement goes in a transaction
/// of its own, so that a failing one costs only itself.
///
/// Waiting for a lock costs its whole timeout. So nothing waits twice for the same relation: on its own, the first
/// statement of each relation goes ahead of the others.
struct BatchPlan {
    enum Step: Equatable {
        /// Send these as one message.
        case message([Int])
        /// Send these at once, each in its own transaction.
        case singly([Int])
        case done
    }

    /// What an answer settles: the statements that are applied, and those that are not and why.
    struct Settled: Equatable {
        var applied: [Int] = []
        var failed: [(item: Int, error: ServerError)] = []

        static func == (one: Settled, other: Settled) -> Bool {
            one.applied == other.applied
                && one.failed.elementsEqual(other.failed) { $0.item == $1.item && $0.error == $1.error }
        }
    }

    private static let mostFailedMessages = 3

    /// The relation of each item; items of one relation wait for one lock.
    private let relations: [Int]
    private var pending: [Int]
    private var failedMessages = 0
    private var goesSingly: Bool
    private var triedRelations: Set<Int> = []

    init(relations: [Int], singly: Bool = false) {
        self.relations = relations
        pending = Array(relations.indices)
        goesSingly = singly
    }

    /// What to send next. Answer it with ``answer(completed:error:)`` or ``answer(singly:)`` before asking again.
    var step: Step {
        if pending.isEmpty { return .done }
        return goesSingly ? .singly(wave) : .message(pending)
    }

    /// The first pending statement of each relation not tried yet; once there is none, all.
    private var wave: [Int] {
        var seen = triedRelations
        let first = pending.filter { seen.insert(relations[$0]).inserted }
        return first.isEmpty ? pending : first
    }

    /// Takes the answer to a message: how many of its statements were done before its end or its error.
    mutating func answer(completed: Int, error: ServerError?) -> Settled {
        var settled = Settled()
        guard let error else {
            settled.applied = pending
            pending = []
            return settled
        }
        guard !error.isOfWholeMessage, completed < pending.count else {
            goesSingly = true
            return settled
        }
        failedMessages += 1
        goesSingly = failedMessages >= Self.mostFailedMessages
        let culprit = pending.remove(at: completed)
        settled.failed.append((culprit, error))
        if error.isLockTimeout { setAside(relations[culprit], error, &settled) }
        return settled
    }

    /// Takes the answers to statements sent singly, in their order; nil: applied.
    mutating func answer(singly answers: [ServerError?]) -> Settled {
        var settled = Settled()
        let sent = wave
        for (item, error) in zip(sent, answers) {
            triedRelations.insert(relations[item])
            if let error {
                settled.failed.append((item, error))
            } else {
                settled.applied.append(item)
            }
        }
        let answered = Set(sent.prefix(answers.count))
        pending.removeAll { answered.contains($0) }
        let timeouts = settled.failed.filter { $0.error.isLockTimeout }
        for (item, error) in timeouts { setAside(relations[item], error, &settled) }
        return settled
    }

    /// Gives up on what else is pending on a relation whose lock was not free.
    private mutating func setAside(_ relation: Int, _ error: ServerError, _ settled: inout Settled) {
        let others = pending.filter { relations[$0] == relation }
        guard !others.isEmpty else { return }
        settled.failed += others.map { ($0, error) }
        pending.removeAll { relations[$0] == relation }
    }
}
