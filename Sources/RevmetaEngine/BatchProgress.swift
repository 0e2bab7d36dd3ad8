internal import RevmetaModel

/// How far the statements of a batch have come, over as many attempts as it takes.
///
/// Each statement ends once: with an outcome, or in doubt.
struct BatchProgress {
    /// How one statement ended.
    struct Ended: Equatable {
        var statement: Int
        var outcome: ChangeOutcome
        /// How often it was sent.
        var attempts: Int
    }

    let batch: PlannedBatch
    private(set) var ended: [Ended] = []
    /// Statements that are to be sent, again or for the first time; rising.
    private(set) var open: [Int]
    /// Of the open ones: sent to a session that broke before it told the outcome.
    private(set) var doubtful: Set<Int> = []
    /// Of the doubtful ones: sent again, they found another value than they were planned for. It may be their own.
    private(set) var contested: [Int: Failure] = [:]
    /// Of the open ones: why they could not be run for the time being.
    private(set) var postponed: [Int: Failure] = [:]
    private(set) var attempt = 0

    init(_ batch: PlannedBatch) {
        self.batch = batch
        open = Array(batch.statements.indices)
    }

    /// What is to be sent next. Its indexes point into the changes of the whole batch.
    var statements: [Statement] { open.map { batch.statements[$0] } }

    /// Takes how what was open was executed.
    mutating func take(_ execution: Execution) {
        attempt += 1
        postponed = [:]
        var stillOpen: [Int] = []
        for (statement, outcome) in zip(open, execution.outcomes) {
            switch outcome {
            case nil:
                doubtful.insert(statement)
                stillOpen.append(statement)
            case .failed(let failure)? where failure.status == .transient:
                postponed[statement] = failure
                stillOpen.append(statement)
            case .failed(let failure)? where failure.status == .conflict && doubtful.contains(statement):
                contested[statement] = failure
                stillOpen.append(statement)
            case .failed(let failure)?
            where failure.status == .notFound && !batch.statements[statement].parts.isEmpty:
                // What a template misses is rarely what it is about, which was looked up when it was planned.
                end(statement, .failed(failure))
            case let outcome?:
                end(statement, ChangeOutcome(outcome))
            }
        }
        open = stillOpen
    }

    /// What must be read to know how it ended.
    var unclear: [Int] { open.filter { doubtful.contains($0) || contested[$0] != nil } }

    /// Takes what reading the source again showed: the statements whose changes are all there.
    mutating func settle(_ isApplied: (Int) -> Bool) {
        for statement in unclear where isApplied(statement) { finish(statement, .applied) }
        for statement in open {
            if let failure = contested[statement] { finish(statement, .conflict(failure)) }
        }
        contested = [:]
    }

    /// Why some of what is open could not be run for the time being; nil: nothing was postponed.
    var reasonToWait: Failure? { open.lazy.compactMap { postponed[$0] }.first }

    /// Nothing will be sent any more. What is in doubt stays open.
    mutating func giveUp() {
        for (statement, failure) in postponed where !doubtful.contains(statement) { finish(statement, .failed(failure)) }
    }

    private mutating func finish(_ statement: Int, _ outcome: ChangeOutcome) {
        open.removeAll { $0 == statement }
        end(statement, outcome)
    }

    private mutating func end(_ statement: Int, _ outcome: ChangeOutcome) {
        doubtful.remove(statement)
        ended.append(Ended(statement: statement, outcome: outcome, attempts: attempt))
    }
}
