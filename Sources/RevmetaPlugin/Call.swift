internal import CRevmeta
internal import Glibc

/// The host's side of one call: its deadline, its cancellation and its log. Valid until the call returns.
public struct Call {
    /// How important a line of the log is: syslog's numbers.
    public enum LogLevel: Int32, Sendable {
        case error = 3
        case warning = 4
        case info = 6
        case debug = 7
    }

    let table: CallTable

    /// Whether the host wants this call to end.
    public var isCancelled: Bool { table.isCancelled }

    /// What this call is part of, for the source's own logs (a query tag, `application_name`): `run 12`.
    public var label: String? { table.label }

    /// Throws if the host wants this call to end, or its deadline has passed.
    public func checkCancelled() throws(Failure) {
        if isCancelled { throw .cancelled }
        if let left = millisecondsLeft, left == 0 {
            throw Failure(.transient, "the call's deadline has passed")
        }
    }

    /// Milliseconds until the deadline, at least 0; nil: there is none.
    public var millisecondsLeft: Int? {
        guard table.deadline != 0 else { return nil }
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = table.deadline - (Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
        return max(0, Int((nanoseconds + 999_999) / 1_000_000))
    }

    /// Says a line for the log. The text is not built if the host would not keep it.
    public func log(_ level: LogLevel, _ text: @autoclosure () -> String) {
        guard level.rawValue <= table.logLevel else { return }
        table.log(level.rawValue, text())
    }
}
