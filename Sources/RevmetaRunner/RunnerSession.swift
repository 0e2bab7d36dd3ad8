internal import CRevmeta
internal import Glibc
internal import Synchronization

/// A session of the plugin's connector, on its thread.
final class RunnerSession: @unchecked Sendable {  // the pointer is behind the mutex, what else changes on the thread only
    let thread: CallThread
    let answers: AnswerBuffer
    private let table: revmeta_connector
    private let interruptTable: revmeta_interrupt?
    private var pointer: UnsafeMutableRawPointer?
    /// The last calls, which a plugin may wrongly hold on to.
    private var lastCalls: [RunningCall] = []
    /// By the numbers that the host gave them. On the session's thread.
    private var keptPlans: [UInt64: RunnerPlan] = [:]
    /// How many executions did not end well.
    private let failedExecutions = Atomic<Int>(0)
    private static let mostLastCalls = 32

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(_ table: revmeta_connector, interrupt: revmeta_interrupt?, thread: CallThread, answers: AnswerBuffer) {
        self.table = table
        interruptTable = interrupt
        self.thread = thread
        self.answers = answers
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Makes the calls that frames ask for. On the session's thread.
    func open(_ call: RunningCall, _ settings: revmeta_pairs) {
        call.run { context, _ in
            var opened: UnsafeMutableRawPointer?
            let status = table.open(context, settings, &opened)
            pthread_mutex_lock(mutex)
            pointer = opened
            pthread_mutex_unlock(mutex)
            if status == REVMETA_OK, opened == nil { call.breach("said that it opened a session but gave none") }
            return status
        }
    }

    /// Keeps a call that is over for a while. On the session's thread.
    func keep(_ call: RunningCall) {
        if lastCalls.count == Self.mostLastCalls { lastCalls.removeFirst() }
        lastCalls.append(call)
    }

    func abilities(_ call: RunningCall) {
        run(call) { table.abilities($0, $1, { RunningCall.of($0).take($1) }, $2) }
    }

    func read(_ call: RunningCall, _ entities: revmeta_entities, _ attributes: revmeta_strs) {
        run(call) { table.read($0, $1, entities, attributes, { RunningCall.of($0).take($1) }, $2) }
    }

    /// Plans, and keeps the plan if it is whole.
    ///
    /// - Parameter number: What the plan will be called.
    func plan(_ call: RunningCall, _ changes: revmeta_changes, keeping plan: RunnerPlan, as number: UInt64) {
        call.keptPlan = plan
        run(call) {
            let status = table.plan(
                $0, $1, changes, { RunningCall.of($0).take($1) }, { RunningCall.of($0).takeRefusals($1) }, $2)
            if status == REVMETA_OK, !call.isBroken, plan.isWhole {
                keptPlans[number] = plan
                call.tellKept()
            }
            return status
        }
        call.keptPlan = nil
    }

    func forgetPlan(_ number: UInt64) {
        keptPlans[number] = nil
    }

    func check(_ call: RunningCall, _ changes: revmeta_changes) {
        run(call) { table.check($0, $1, changes, { RunningCall.of($0).takeRefusals($1) }, $2) }
    }

    /// What is to be executed.
    enum Executed {
        case given(revmeta_changes, revmeta_statements)
        /// Of plans that the session has at hand.
        case kept([PlanPart])
    }

    /// An execution that is asked for now. Call what is returned when its turn comes: nothing is run any more if one before it
    /// did not end well meanwhile.
    func execution(_ call: RunningCall, _ executed: Executed) -> () -> Void {
        let failed = failedExecutions.load(ordering: .relaxed)
        return { [self] in
            guard failedExecutions.load(ordering: .relaxed) == failed else {
                return call.run { context, _ in
                    "not begun, since what was to be run before did not end well".withFailure { context.pointee.fail(context, $0) }
                    return REVMETA_CANCELLED
                }
            }
            let arena = Arena()
            run(call) { session, context, sink in
                var status = REVMETA_INVALID
                if let (changes, statements) = lists(of: executed, in: arena) {
                    status = table.execute(
                        session, context, changes, statements, { RunningCall.of($0).takeOutcomes($1) }, sink)
                } else {
                    "was told to execute statements of a plan that is not kept: that is a mistake of revmeta's own"
                        .withFailure { context.pointee.fail(context, $0) }
                }
                if status != REVMETA_OK || call.isBroken { failedExecutions.add(1, ordering: .relaxed) }
                return status
            }
            withExtendedLifetime(arena) {}
        }
    }

    private func lists(of executed: Executed, in arena: Arena) -> (revmeta_changes, revmeta_statements)? {
        switch executed {
        case .given(let changes, let statements): return (changes, statements)
        case .kept(let parts):
            let plans = parts.compactMap { part in keptPlans[part.plan].map { RunnerPlan.Part(plan: $0, range: part.range) } }
            return plans.count == parts.count ? RunnerPlan.lists(plans, in: arena) : nil
        }
    }

    func close() {
        pthread_mutex_lock(mutex)
        let closing = pointer
        pointer = nil
        pthread_mutex_unlock(mutex)
        keptPlans = [:]
        if let closing { table.close(closing) }
    }

    private func run(
        _ call: RunningCall,
        _ body: (UnsafeMutableRawPointer, UnsafePointer<revmeta_call>, UnsafeMutableRawPointer) -> revmeta_status
    ) {
        call.run { context, sink in
            // Only this thread takes the pointer away.
            guard let pointer else {
                call.breach("was called without a session")
                return REVMETA_INVALID
            }
            return body(pointer, context, sink)
        }
    }

    /// Makes the source give up what the session waits for, if the plugin can. May wait itself; from any thread.
    func interrupt() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if let pointer { interruptTable?.interrupt(pointer) }
    }
}
