import RevmetaPlugin

/// A connection to write by, in the making while batches go out by the others.
final class LaneAttempt {
    private enum State {
        case connecting(ConnectionAttempt)
        case made(Connection)
        /// It may be begun anew.
        case givenUp
        /// The server has no more for us, cannot be reached, or is still at what another writer sent: what there is must do.
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

    /// Whether it can be gone on with: it is not over, and somebody saw to it not long ago.
    var isUnderway: Bool {
        if case .connecting = state { .now - attended <= Self.longestPause } else { false }
    }

    /// The connection, if it was made.
    var connection: Connection? {
        if case .made(let connection) = state { connection } else { nil }
    }

    var isRefused: Bool {
        if case .refused = state { true } else { false }
    }

    /// Goes on with it for as long as there is something that the connection could do. From one thread at a time.
    ///
    /// - Parameter holder: The server's process of the connection that has the write lock.
    func make(beside holder: Int32, _ call: Call, while isWanted: () -> Bool) -> Connection? {
        guard case .connecting(let attempt) = state else { return nil }
        defer { attended = .now }
        do throws(Failure) {
            while try !attempt.isMade(waiting: Self.millisecondsBetweenLooks) {
                guard isWanted(), !call.isCancelled else { return nil }
            }
            state = .givenUp
            let connection = try Connection(attempt, call)
            let asked = try connection.ask([Connection.pins(attempt.settings), WriteLock.joining(holder, call)], call)
            while !connection.hasAnswer(waiting: Self.millisecondsBetweenLooks) {
                guard isWanted(), !call.isCancelled else { return nil }
            }
            let rows = try connection.rows(of: asked, call)
            connection.take(pinned: rows[0], call)
            state = WriteLock.hasJoined(rows[1]) ? .made(connection) : .refused
        } catch {
            // Cancelled, or late: that says nothing of the server.
            guard (try? call.checkCancelled()) != nil else { return nil }
            state = .refused
            Self.log(error, call)
        }
        return connection
    }

    private static func log(_ error: Failure, _ call: Call) {
        call.log(.info, "no connection more to write by: \(error.message)")
    }
}
