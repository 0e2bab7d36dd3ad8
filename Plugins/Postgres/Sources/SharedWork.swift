import RevmetaPlugin
import RevmetaThreads

/// What the lanes of one call share: the batches that are to go out, and the outcomes that are to be told.
///
/// Batches of comments go out by all the lanes there are. What locks the same table goes in the plan's order, one after the
/// other. What may depend on more than that, as owners and the statements of templates do, goes alone.
final class SharedWork {
    private let monitor = Monitor()
    private var cutter: BatchCutter
    private let database: String
    /// Whether some lane cuts a batch. One does so at a time, for whoever needs it first.
    private var isCutting = false
    private var isAllCut = false
    private var prepared: [BatchRun] = []
    /// The batches that lanes have and are not done with.
    private var taken: [BatchRun] = []
    /// Whether one of those must be alone.
    private var isAlone = false
    private var outcomes = CertainOutcomes()
    /// Whether the host wants to hear no more.
    private var isDeaf = false
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
    ///
    /// - Parameter meanwhile: Tells outcomes that come while it waits.
    func take(meanwhile tell: (() -> Void)? = nil) -> BatchRun? {
        monitor.locked {
            while failure == nil {
                guard let first = prepared.first else {
                    if isAllCut { return nil }
                    if isCutting { wait(tell) } else { cut() }
                    continue
                }
                if !isAlone, first.isMessage || taken.isEmpty {
                    isAlone = !first.isMessage
                    return takeFirst()
                }
                wait(tell)
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

    /// Whether a batch may go on its way.
    enum Launch: Equatable {
        case atOnce
        /// What it is compared with may have changed meanwhile.
        case afterAWait
        /// Nothing goes after a failure.
        case not
    }

    /// Waits until all batches before this one are done with that lock a table which it locks too.
    ///
    /// - Parameter meanwhile: Tells outcomes that come while it waits.
    func launch(_ batch: BatchRun, meanwhile tell: (() -> Void)? = nil) -> Launch {
        monitor.locked {
            var launch = Launch.atOnce
            while failure == nil, taken.contains(where: { $0.place < batch.place && $0.contends(with: batch) }) {
                launch = .afterAWait
                wait(tell)
            }
            return failure == nil ? launch : .not
        }
    }

    /// Notes that a batch is done with, whatever became of it.
    func done(_ batch: BatchRun) {
        monitor.locked {
            taken.removeAll { $0.place == batch.place }
            isAlone = false
            monitor.signal()
        }
    }

    /// Whether more may be sent.
    var mayGoOn: Bool {
        monitor.locked { failure == nil }
    }

    /// Whether there is something left to take.
    var isLeft: Bool {
        monitor.locked { failure == nil && !(isAllCut && prepared.isEmpty) }
    }

    private func takeFirst() -> BatchRun {
        taken.append(prepared[0])
        return prepared.removeFirst()
    }

    /// Under the lock, which others may have meanwhile. Who tells outcomes does that first.
    private func wait(_ tell: (() -> Void)?) {
        if let tell, !outcomes.isEmpty { monitor.unlocked(tell) } else { monitor.wait() }
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
        monitor.signal()
    }

    // What became of it.

    /// Keeps outcomes until they are told.
    func note(_ certain: CertainOutcomes) {
        monitor.locked {
            outcomes.take(certain)
            monitor.signal()
        }
    }

    /// Has nothing more sent. The first reason counts.
    func fail(_ reason: Failure) {
        monitor.locked {
            if failure == nil { failure = reason }
            monitor.signal()
        }
    }

    /// Throws why nothing more is sent.
    func check() throws(Failure) {
        if let failure = monitor.locked({ failure }) { throw failure }
    }

    /// Tells what is certain by now. If the host wants to hear no more, nothing more is sent either.
    func tell(_ sink: borrowing OutcomeSink) {
        var (certain, isHeard) = monitor.locked {
            defer { outcomes = CertainOutcomes() }
            return (outcomes, !isDeaf)
        }
        guard isHeard else { return }
        do throws(Failure) {
            try certain.tell(sink)
        } catch {
            monitor.locked { isDeaf = true }
            fail(error)
        }
    }

    // Who is at it.

    func beginsToServe() {
        monitor.locked { serving += 1 }
    }

    func hasServed() {
        monitor.locked {
            serving -= 1
            monitor.signal()
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
