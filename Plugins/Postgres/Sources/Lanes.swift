import RevmetaPlugin

/// The connections by which one session writes: its own and, when there is much to write, others beside it, so that the
/// server works on several batches at once.
final class Lanes {
    private(set) var all: [Lane]
    /// Those that are being opened.
    private(set) var attempts: [LaneAttempt] = []
    /// Begins to open one more connection; nil: what there is must do.
    private var open: (() throws(Failure) -> ConnectionAttempt)?
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
    var areSeveral: Bool { all.count > 1 || !attempts.isEmpty }

    func willPlan(_ changes: Int) {
        planned += changes
    }

    /// Notes that statements are to be sent, and begins to open more connections if that is worth it.
    func willSend(_ statements: Int, _ call: Call) {
        due = planned
        planned = max(0, planned - statements)
        sent += statements
        attempts.removeAll(where: \.isStale)
        guard let open, max(due, sent) >= Self.worthAnother else { return }
        while all.count + attempts.count < most { attempts.append(LaneAttempt(open, call)) }
    }

    /// Takes over what was made. What is not made yet is kept for what else is planned.
    func haveSent() {
        all += attempts.compactMap(\.lane)
        if attempts.contains(where: \.isRefused) { open = nil }
        attempts.removeAll { $0.lane != nil || $0.isRefused || planned == 0 }
    }

    func close() {
        attempts = []
        // The one with the write lock last.
        for lane in all.reversed() { lane.reader.connection.close() }
    }
}
