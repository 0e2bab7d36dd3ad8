internal import RevmetaModel
internal import RevmetaRunner
internal import Synchronization

/// A call that a runner was asked to make and that has not ended.
final class PendingCall: @unchecked Sendable {  // the collector is touched by frames only, which come one at a time
    let number: UInt64
    /// The session it belongs to.
    let session: UInt64
    private let collector: Collector
    private let state = Mutex(State())

    private struct State {
        var isCancelled = false
        var result: Failure??
        var waiting: [CheckedContinuation<Failure?, Never>] = []
    }

    init(_ number: UInt64, session: UInt64, collector: Collector) {
        self.number = number
        self.session = session
        self.collector = collector
    }

    var isEnded: Bool { state.withLock { $0.result != nil } }

    func cancel() {
        state.withLock { $0.isCancelled = true }
    }

    /// Takes a frame of the call. True: it was the last one.
    ///
    /// What comes after the call was given up is dropped: somebody else reads the collector then.
    func take(_ answer: Answer, _ frame: Frame) throws(BrokenFrame) -> Bool {
        let end: Failure?? = try state.withLock { state throws(BrokenFrame) in
            guard state.result == nil else { return nil }
            return try frame.read { body throws(BrokenFrame) -> Failure?? in
                guard answer == .ended else {
                    try collector.take(answer, &body)
                    return nil
                }
                return .some(try collector.end(&body, isCancelled: state.isCancelled))
            }
        }
        if case .some(let failure) = end { self.end(failure) }
        return answer == .ended
    }

    /// Ends the call; nil: well.
    func end(_ failure: Failure?) {
        let waiting = state.withLock { state -> [CheckedContinuation<Failure?, Never>] in
            guard state.result == nil else { return [] }
            state.result = .some(failure)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: failure) }
    }

    /// How the call ended, once it has.
    func ended() async -> Failure? {
        await withCheckedContinuation { continuation in
            let result: Failure?? = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}
