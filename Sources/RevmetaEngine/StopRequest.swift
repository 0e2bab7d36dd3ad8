internal import Synchronization

/// Asks a plan or run to stop where it is safe: before the next piece of the plan, or after the batch that is being sent.
public final class StopRequest: Sendable {
    private let flag = Atomic<Bool>(false)
    private let other: StopRequest?

    /// - Parameter other: Who asks that one asks this one too.
    public init(within other: StopRequest? = nil) {
        self.other = other
    }

    /// Asks. From any thread, any number of times.
    public func request() {
        flag.store(true, ordering: .relaxed)
    }

    public var isRequested: Bool { flag.load(ordering: .relaxed) || other?.isRequested == true }
}

/// A plan was stopped before it was whole. Nothing was sent.
public struct StoppedWhilePlanning: Error, Sendable {
    init() {}
}
