import RevmetaPlugin

/// What the lanes of one call share: the batches that are to go out, and the outcomes that are to be told.
///
/// Batches of comments go out by all the lanes there are. No two of them are on their way that lock the same table, so none
/// waits for the other. What may depend on the order, as owners and the statements of templates do, goes alone.
final class SharedWork {
    private let monitor = Monitor()
    private var cutter: BatchCutter
    private let database: String
    /// Whether some lane cuts a batch. One does so at a time, for whoever needs it first.
    private var isCutting = false
    private var isAllCut = false
    private var prepared: [BatchRun] = []
    /// How many batches lanes have and are not done with.
    private var taken = 0
    /// Whether one of those must be alone.
    private var isAlone = false
    /// What the server works on.
    private var underway: [BatchRun] = []
    private var outcomes = CertainOutcomes()
    /// Why nothing more is to be sent.
    private var failure: Failure?
    /// How many lanes beside the session's own are served.
    private var serving = 0

    /// - Parameter database: The session's own.
    init(_ cutter: BatchCutter, in database: String) {
        self.cutter = cutter
        self.database = database
    }

    // What is to be sent.

    /// The next batch, once it may be sent; nil: nothing is left. ``done(_:)`` must follow.
    func take() -> BatchRun? {
        monitor.locked {
            while failure == nil {
                guard let first = prepared.first else {
                    if isAllCut { return nil }
                    if isCutting { monitor.wait() } else { cut() }
                    continue
                }
                if !isAlone, first.isMessage || taken == 0 {
                    isAlone = !first.isMessage
                    return takeFirst()
                }
                monitor.wait()
            }
            return nil
        }
    }

    /// The next batch, if it is a message and may be sent beside others. ``done(_:)`` must follow.
    func takeMessage() -> BatchRun? {
        monitor.locked {
            while failure == nil, prepared.isEmpty, !isAllCut {
                if isCutting { monitor.wait() } else { cut() }
            }
            guard failure == nil, !isAlone, prepared.first?.isMessage == true else { return nil }
            return takeFirst()
        }
    }

    /// Prepares what is taken next.
    func prepareOne() {
        monitor.locked { prepare(1) }
    }

    /// Prepares what each lane takes next.
    func prepareForAll() {
        monitor.locked { prepare(1 + serving) }
    }

    private func prepare(_ count: Int) {
        while failure == nil, prepared.count < count, !isAllCut, !isCutting { cut() }
    }

    /// Notes that a batch goes on its way, as soon as no other is that it might wait for. Nothing goes after a failure.
    ///
    /// - Returns: Whether it goes.
    func launch(_ batch: BatchRun) -> Bool {
        monitor.locked {
            while failure == nil, underway.contains(where: { $0.contends(with: batch) }) { monitor.wait() }
            if failure == nil { underway.append(batch) }
            return failure == nil
        }
    }

    /// Notes that a batch is done with, whatever became of it.
    func done(_ batch: BatchRun) {
        monitor.locked {
            underway.removeAll { $0.isSame(as: batch) }
            taken -= 1
            isAlone = false
            monitor.changed()
        }
    }

    /// Whether there is something left to take.
    var isLeft: Bool {
        monitor.locked { failure == nil && !(isAllCut && prepared.isEmpty) }
    }

    private func takeFirst() -> BatchRun {
        taken += 1
        return prepared.removeFirst()
    }

    /// Under the lock, which others may have meanwhile.
    private func cut() {
        isCutting = true
        let (batch, breaches) = monitor.unlocked {
            var breaches = CertainOutcomes()
            return (cutter.next(&breaches).map { BatchRun($0, in: database) }, breaches)
        }
        isCutting = false
        outcomes.take(breaches)
        if let batch { prepared.append(batch) } else { isAllCut = true }
        monitor.changed()
    }

    // What became of it.

    /// Keeps outcomes until they are told.
    func note(_ certain: CertainOutcomes) {
        monitor.locked {
            outcomes.take(certain)
            monitor.changed()
        }
    }

    /// Has nothing more sent. The first reason counts.
    func fail(_ reason: Failure) {
        monitor.locked {
            if failure == nil { failure = reason }
            monitor.changed()
        }
    }

    /// Throws why nothing more is sent.
    func check() throws(Failure) {
        if let failure = monitor.locked({ failure }) { throw failure }
    }

    /// Tells what is certain by now.
    func tell(_ sink: borrowing OutcomeSink) throws(Failure) {
        var certain = monitor.locked {
            defer { outcomes = CertainOutcomes() }
            return outcomes
        }
        try certain.tell(sink)
    }

    // Who is at it.

    func beginsToServe() {
        monitor.locked { serving += 1 }
    }

    func hasServed() {
        monitor.locked {
            serving -= 1
            monitor.changed()
        }
    }

    /// Waits for something to tell, or for the last of those who serve a lane. False: all have ended.
    func waitForOthers() -> Bool {
        monitor.locked {
            while serving > 0, outcomes.isEmpty { monitor.wait() }
            return serving > 0
        }
    }
}
