internal import RevmetaModel

/// Waits between attempts.
struct Retrying: Sendable {
    var policy: RetryPolicy
    var stop: StopRequest
    var log: EngineLog
    /// Tests do not wait.
    var sleep: @Sendable (Duration) async throws -> Void

    /// For who serves no run yet.
    static let never = Retrying(
        policy: RetryPolicy(attempts: 1), stop: StopRequest(), log: EngineLog(Engine.silence), sleep: { _ in })

    /// Waits, and says whether there is another attempt. Who asks to stop ends the wait.
    func pause(after attempt: Int, _ failure: Failure, at scope: PlanScope) async -> Bool {
        guard var left = policy.wait(after: attempt, failure, chance: .random(in: 0...1)) else { return false }
        log.waits(scope, for: left, after: attempt, failure)
        while left > .zero {
            guard !stop.isRequested else { return false }
            let step = min(left, .milliseconds(100))
            guard (try? await sleep(step)) != nil else { return false }
            left -= step
        }
        return !stop.isRequested && !Task.isCancelled
    }
}
