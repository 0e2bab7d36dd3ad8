import RevmetaPlugin

/// A lane in the making, while batches go out by the others.
final class LaneAttempt {
    private enum State {
        case connecting(ConnectionAttempt)
        case made(Lane)
        /// The server has no more connections for us, or is still at what another writer sent.
        case refused
    }

    private var state: State
    private var attended = ContinuousClock.now

    /// How long a server may be kept waiting: it has little patience with who connects and then says nothing.
    private static let longestPause = Duration.seconds(5)
    private static let millisecondsBetweenLooks: Int32 = 1

    /// Begins to connect, and waits for nothing.
    init(_ open: () throws(Failure) -> ConnectionAttempt, _ call: Call) {
        do throws(Failure) {
            state = .connecting(try open())
        } catch {
            state = .refused
            Self.log(error, call)
        }
    }

    /// Whether nobody saw to it for too long.
    var isStale: Bool { .now - attended > Self.longestPause }

    /// The lane, if it was made.
    var lane: Lane? {
        if case .made(let lane) = state { lane } else { nil }
    }

    var isRefused: Bool {
        if case .refused = state { true } else { false }
    }

    /// Goes on with it for as long as there is something that the lane could do. From one thread at a time.
    func make(_ call: Call, while isWanted: () -> Bool) -> Lane? {
        guard case .connecting(let attempt) = state else { return nil }
        defer { attended = .now }
        do throws(Failure) {
            while try !attempt.isMade(waiting: Self.millisecondsBetweenLooks) {
                guard isWanted(), !call.isCancelled else { return nil }
            }
            let connection = try Connection(attempt, call)
            let rows = try connection.rows([Connection.pins(attempt.settings), WriteLock.joining(call)], call)
            connection.take(pinned: rows[0], call)
            state = WriteLock.hasJoined(rows[1]) ? .made(Lane(connection)) : .refused
        } catch {
            state = .refused
            if !call.isCancelled { Self.log(error, call) }
        }
        return lane
    }

    private static func log(_ error: Failure, _ call: Call) {
        call.log(.info, "no connection more to write by: \(error.message)")
    }
}
