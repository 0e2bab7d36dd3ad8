import RevmetaPlugin

/// Runs statements, batch by batch: compares the source with what was planned, sends, and tells the outcomes.
///
/// The session's own thread serves the session's own connection; each of the others has one too. Why not one for all: it would
/// be at one lane's answer when another's server has nothing to do, and what a thread sends, the system runs where that is.
struct Executor {
    let lanes: Lanes
    let batchSize: Int

    /// Until the first batches are prepared, the server has nothing to do: for each lane what it sends first, and what it asks
    /// about then.
    private static let firstBatch = 150

    func execute(_ statements: StatementList, into sink: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        lanes.willSend(statements.count, call)
        defer { lanes.haveSent() }
        let most = lanes.areSeveral ? max(1, batchSize / 2) : batchSize
        let cutter = BatchCutter(
            statements, most: most, smaller: (2 * lanes.all.count, Self.firstBatch), keepsTogether: lanes.areSeveral)
        let work = SharedWork(cutter, in: lanes.connection.database)
        let helpers = lanes.all.dropFirst().map { lane in Self.helper(work, call) { lane } }
            + lanes.attempts.map { attempt in Self.helper(work, call) { attempt.make(call) { work.isLeft } } }
        do throws(Failure) {
            try LaneService(lane: lanes.main, work: work, call: call).run { () throws(Failure) in try work.tell(sink) }
            while work.waitForOthers() { try work.tell(sink) }
        } catch {
            work.fail(error)
        }
        for helper in helpers { helper?.join() }
        // What is certain is told however the call ends.
        try work.tell(sink)
        try work.check()
    }

    /// Serves a lane by a thread of its own. Nil: the system has none left, and the other lanes must do.
    private static func helper(_ work: SharedWork, _ call: Call, _ lane: @escaping () -> Lane?) -> Helper? {
        work.beginsToServe()
        let helper = Helper {
            do throws(Failure) {
                if let lane = lane() { try LaneService(lane: lane, work: work, call: call).run() }
            } catch {
                work.fail(error)
            }
            work.hasServed()
        }
        if helper == nil { work.hasServed() }
        return helper
    }
}
