/// When something that failed for the time being is tried again.
public struct RetryPolicy: Sendable, Equatable {
    /// How often it is tried altogether, at least once.
    public var attempts: Int
    /// After the first attempt; twice as long after each further one.
    public var firstWait: Duration
    public var longestWait: Duration
    /// A source that asks for more than this is not waited for.
    public var longestRequest: Duration

    public init(
        attempts: Int = 3, firstWait: Duration = .milliseconds(500), longestWait: Duration = .seconds(30),
        longestRequest: Duration = .seconds(300)
    ) {
        self.attempts = attempts
        self.firstWait = firstWait
        self.longestWait = longestWait
        self.longestRequest = longestRequest
    }

    /// How long to wait before the next attempt; nil: there is none.
    ///
    /// - Parameters:
    ///   - attempt: The number of the one that failed, from 1.
    ///   - chance: From 0 to 1. It spreads those who failed together, over half of the wait.
    public func wait(after attempt: Int, _ failure: Failure, chance: Double) -> Duration? {
        guard failure.status == .transient, attempt < attempts else { return nil }
        let requested = Duration.milliseconds(failure.retryAfterMilliseconds)
        guard requested <= longestRequest else { return nil }
        let doubled = firstWait * Double(1 << min(attempt - 1, 20))
        return max(requested, min(doubled, longestWait) * (0.5 + chance / 2))
    }
}
