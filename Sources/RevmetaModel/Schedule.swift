public import Foundation

/// When a channel is run by `revmeta serve`.
public struct Schedule: Sendable, Hashable {
    /// What becomes of times that passed while nobody could run.
    public enum CatchUp: String, Sendable, CaseIterable, Codable {
        /// They are made up for by one run.
        case once
        /// The next time is waited for.
        case skip
    }

    public var times: CronExpression
    /// Whose clock the times are of.
    public var timeZone: TimeZone
    public var catchUp: CatchUp
    /// Up to how long after its time a run begins, at random.
    public var jitter: Duration

    public init(
        times: CronExpression, timeZone: TimeZone = .gmt, catchUp: CatchUp = .once, jitter: Duration = .zero
    ) {
        self.times = times
        self.timeZone = timeZone
        self.catchUp = catchUp
        self.jitter = jitter
    }
}

extension Schedule {
    /// The first time after a moment.
    public func next(after date: Date) -> Date { times.next(after: date, in: timeZone) }
}

extension Schedule: CustomStringConvertible {
    /// `30 2 * * * Europe/Berlin`.
    public var description: String { "\(times) \(timeZone == .gmt ? "UTC" : timeZone.identifier)" }
}
