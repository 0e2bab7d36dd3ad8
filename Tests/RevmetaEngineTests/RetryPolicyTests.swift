import Logging
import RevmetaModel
import Testing

@testable import RevmetaEngine

@Suite struct RetryPolicyTests {
    private let transient = Failure(.transient, "busy")

    @Test(arguments: [
        (1, 0.0, Duration.milliseconds(250)), (1, 1.0, .milliseconds(500)), (2, 1.0, .seconds(1)), (3, 1.0, .seconds(2)),
        (7, 1.0, .seconds(30)), (9, 0.0, .seconds(15)),
    ])
    func waitsLongerEachTimeUpToALimit(attempt: Int, chance: Double, wait: Duration) {
        #expect(RetryPolicy(attempts: 10).wait(after: attempt, transient, chance: chance) == wait)
    }

    @Test func theLastAttemptIsTheLast() {
        #expect(RetryPolicy(attempts: 3).wait(after: 2, transient, chance: 0.5) != nil)
        #expect(RetryPolicy(attempts: 3).wait(after: 3, transient, chance: 0.5) == nil)
        #expect(RetryPolicy(attempts: 1).wait(after: 1, transient, chance: 0.5) == nil)
    }

    @Test(arguments: [
        Failure.Status.unsupported, .invalid, .config, .denied, .notFound, .cancelled, .conflict, .failed,
    ])
    func onlyWhatMayPassIsTriedAgain(status: Failure.Status) {
        #expect(RetryPolicy().wait(after: 1, Failure(status, "no"), chance: 0.5) == nil)
    }

    @Test func aSourceThatNamesATimeIsHeeded() {
        func wait(_ milliseconds: UInt32) -> Duration? {
            RetryPolicy().wait(
                after: 1, Failure(.transient, "later", retryAfterMilliseconds: milliseconds), chance: 1)
        }
        #expect(wait(100) == .milliseconds(500))
        #expect(wait(60_000) == .seconds(60))
        #expect(wait(300_001) == nil)
    }

    @Test func whoAsksToStopEndsTheWait() async {
        let stop = StopRequest()
        let retrying = Retrying(policy: RetryPolicy(firstWait: .seconds(3600), longestWait: .seconds(3600)), stop: stop,
            log: EngineLog(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })) { _ in
            stop.request()
        }
        #expect(await !retrying.pause(after: 1, transient, at: PlanScope(service: "shop", database: nil)))
    }
}
