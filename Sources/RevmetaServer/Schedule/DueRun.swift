public import Foundation

/// A run whose time has come.
///
/// Channels that are due together run together: the catalog is read once, and each source is written to once.
public struct DueRun: Sendable, Equatable {
    /// A channel, and the time that it is run for.
    public struct Channel: Sendable, Equatable {
        public var name: String
        /// The first of the times that the run makes up for, or the one that has come.
        public var due: Date
        /// Whether that time was missed, or a run of it was cut off.
        public var isMadeUp: Bool

        public init(name: String, due: Date, isMadeUp: Bool = false) {
            self.name = name
            self.due = due
            self.isMadeUp = isMadeUp
        }
    }

    /// In the configuration's order; at least one.
    public var channels: [Channel]

    public init(channels: [Channel]) {
        self.channels = channels
    }

    /// How a run came to its end.
    public enum End: Sendable {
        /// By itself, whatever came of it: what failed is tried again at the next time.
        case complete
        /// It was stopped so that the server can end: it is made up for when there is a server again.
        case cutOff
    }
}

/// Why a time passes without a run: a sentence for the log.
public enum ScheduleNote: Sendable, Equatable, CustomStringConvertible {
    /// The channel is still being run for an earlier time.
    case stillRunning(channel: String, due: Date, since: Date)
    /// Nobody could run it then, and `catchUp: skip` holds.
    case missed(channel: String, due: Date)
    /// A time to come is remembered as dealt with: the system's clock was ahead, and is not any more.
    case clockWasAhead(channel: String, by: Duration)

    public var description: String {
        switch self {
        case .stillRunning(let channel, let due, let since):
            "channel '\(channel)' is not run for \(due.formatted(.iso8601)): its run for \(since.formatted(.iso8601)) still goes on"
        case .missed(let channel, let due):
            "channel '\(channel)' was not run for \(due.formatted(.iso8601)), and catchUp: skip has it wait for its next time"
        case .clockWasAhead(let channel, let ahead):
            "the system's clock was ahead by \(ahead.components.seconds) s: the schedule of channel '\(channel)' begins anew"
        }
    }
}
