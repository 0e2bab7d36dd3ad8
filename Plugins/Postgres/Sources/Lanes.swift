import RevmetaPlugin

/// The connections by which one session writes: its own and, when there is much to write, others beside it, so that the
/// server works on several batches at once.
final class Lanes {
    /// The one with the write lock first.
    private(set) var all: [Connection]
    /// Those that are being opened.
    private(set) var attempts: [LaneAttempt] = []
    /// Begins to open one more connection; nil: what there is must do.
    private var open: (() throws(Failure) -> ConnectionAttempt)?
    private let most: Int
    /// Changes that were planned in this session and not sent yet, as far as is known.
    private var planned = 0
    private var sent = 0

    /// A connection costs the server a process: not for less than this many statements.
    private static let worthAnother = 5_000

    init(_ connection: Connection, most: Int, open: @escaping () throws(Failure) -> ConnectionAttempt) {
        all = [connection]
        self.most = most
        self.open = open
    }

    /// The session's own.
    var main: Connection { all[0] }

    /// How many there may be before long.
    var count: Int { all.count + attempts.count }

    func willPlan(_ changes: Int) {
        planned += changes
        attempts.removeAll { !$0.isUnderway }
    }

    /// Notes that statements are to be sent, and begins to open more connections if that is worth it.
    func willSend(_ statements: Int, _ call: Call) {
        let due = planned
        planned = max(0, planned - statements)
        sent += statements
        attempts.removeAll { !$0.isUnderway }
        guard max(due, sent) >= Self.worthAnother else { return }
        while count < most, let open {
            let attempt = LaneAttempt(open, call)
            if attempt.isRefused { self.open = nil } else { attempts.append(attempt) }
        }
    }

    /// Takes over what was made. What is not made yet is kept for what else is planned.
    func haveSent() {
        all += attempts.compactMap(\.connection)
        if attempts.contains(where: \.isRefused) { open = nil }
        attempts.removeAll { !$0.isUnderway || planned == 0 }
    }

    func close() {
        attempts = []
        // The one with the write lock last.
        for connection in all.reversed() { connection.close() }
    }
}
