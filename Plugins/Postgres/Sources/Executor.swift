import RevmetaPlugin
import RevmetaThreads

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
        let most = lanes.count > 1 ? max(1, batchSize / 2) : batchSize
        let cutter = BatchCutter(
            statements, most: most, smaller: (2 * lanes.all.count, Self.firstBatch), keepsTogether: lanes.count > 1)
        let work = SharedWork(cutter, in: lanes.main.database)
        serve(work, call) { work.tell(sink) }
        // What is certain is told however the call ends.
        work.tell(sink)
        try work.check()
    }

    /// Has all lanes send what there is, and returns when all have ended.
    private func serve(_ work: SharedWork, _ call: Call, telling tell: () -> Void) {
        let holder = lanes.main.backend
        let helpers = lanes.all.dropFirst().map { connection in Self.helper(work, call) { connection } }
            + lanes.attempts.map { attempt in
                Self.helper(work, call) { attempt.make(beside: holder, call) { work.isLeft } }
            }
        withoutActuallyEscaping(tell) { tell in Self.serve(lanes.main, work, call, tell) }
        while work.waitForOthers() { tell() }
        for helper in helpers { helper?.join() }
    }

    private static func serve(_ connection: Connection, _ work: SharedWork, _ call: Call, _ tell: (() -> Void)?) {
        do throws(Failure) {
            try LaneService(reader: Reader(connection: connection), work: work, call: call, tell: tell).run()
        } catch {
            work.fail(error)
        }
    }

    /// Serves a connection by a thread of its own. Nil: the system has none left, and the others must do.
    private static func helper(_ work: SharedWork, _ call: Call, _ connection: @escaping () -> Connection?) -> Helper? {
        work.beginsToServe()
        let helper = Helper {
            if let connection = connection() { serve(connection, work, call, nil) }
            work.hasServed()
        }
        if helper == nil { work.hasServed() }
        return helper
    }
}
