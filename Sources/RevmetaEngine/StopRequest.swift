internal import Synchronization

/// Asks a plan or run to stop where it is safe: before the next piece of the plan, or after the batch that is being sent.
public final class StopRequest: Sendable {
    private let flag = Atomic<Bool>(false)

    public init() {}

    /// Asks. From any thread, any number of times.
    public func request() {
        flag.store(true, ordering: .relaxed)
    }

    public var isRequested: Bool { flag.load(ordering: .relaxed) }
}

/// A plan was stopped before it was whole. Nothing was sent.
public struct StoppedWhilePlanning: Error, Sendable {
    init() {}
}
