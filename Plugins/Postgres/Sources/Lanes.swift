import RevmetaPlugin

/// The connections by which one session writes: its own and, when there is much to write, others beside it, so that the
/// server works on several batches at once.
final class Lanes {
    private(set) var all: [Lane]
    /// Begins to open one more connection; nil: there are enough.
    private var open: (() throws(Failure) -> ConnectionAttempt)?
    /// One that is being opened.
    private var attempt: Result<ConnectionAttempt, Failure>?
    private let most: Int
    /// Changes that were planned in this session and not sent yet, as far as is known.
    private var planned = 0
    /// Those, when what is under way began.
    private var due = 0
    private var sent = 0

    /// A connection costs the server a process: not for less than this many statements.
    private static let worthAnother = 5_000

    init(_ connection: Connection, most: Int, open: @escaping () throws(Failure) -> ConnectionAttempt) {
        all = [Lane(connection)]
        self.most = most
        self.open = open
    }

    var main: Lane { all[0] }
    var connection: Connection { main.reader.connection }

    /// Whether batches should be cut for several lanes.
    var areSeveral: Bool { all.count > 1 || isWorthAnother }

    private var isWorthAnother: Bool {
        open != nil && all.count < most && max(due, sent) >= Self.worthAnother
    }

    func willPlan(_ changes: Int) {
        planned += changes
    }

    func willSend(_ statements: Int) {
        due = planned
        planned = max(0, planned - statements)
        sent += statements
        beginToGrow()
    }

    /// Begins to open one more connection if that is worth it: the server needs some time to start a process for it.
    private func beginToGrow() {
        guard attempt == nil, isWorthAnother, let open else { return }
        attempt = Result { () throws(Failure) in try open() }
    }

    /// Opens one more connection if that is worth it. Says whether it did; where the server has none left, what there is must do.
    func grow(_ call: Call) throws(Failure) -> Bool {
        beginToGrow()
        guard let attempt else { return false }
        self.attempt = nil
        do throws(Failure) {
            let connection = try Connection(attempt.get(), call)
            guard try WriteLock.join(connection, call) else {
                connection.close()
                self.open = nil
                return false
            }
            all.append(Lane(connection))
            return true
        } catch {
            try call.checkCancelled()
            call.log(.info, "one connection must do to write to database \(connection.database): \(error.message)")
            self.open = nil
            return false
        }
    }

    /// Gives up what was begun and not waited for: until it is asked for again, the server may have lost patience.
    func stopGrowing() {
        attempt = nil
    }

    func close() {
        stopGrowing()
        // The one with the write lock last.
        for lane in all.reversed() { lane.reader.connection.close() }
    }
}
