import RevmetaPlugin

/// Has one lane send batches, for as long as there are any. On the lane's thread.
///
/// Neither side waits for the other's own work: while the server writes one batch, the one after the next is prepared. What
/// the next one is compared with is looked up right after a batch is written, in the same round trip: no sooner, since it may
/// have waited long for a lock.
struct LaneService {
    let lane: Lane
    let work: SharedWork
    let call: Call

    /// A batch, and what the source said about it if it was asked already.
    private struct Upcoming {
        var batch: BatchRun
        var readings: [Reading]?
    }

    /// - Parameter meanwhile: Done while the server works.
    func run(meanwhile: () throws(Failure) -> Void = {}) throws(Failure) {
        var next: Upcoming?
        // Given back while the server works, not while it waits.
        var spent: [BatchRun] = []
        defer { if let next { work.done(next.batch) } }
        while let upcoming = next ?? work.take().map({ Upcoming(batch: $0) }) {
            next = nil
            var outcomes = CertainOutcomes()
            defer {
                work.note(outcomes)
                work.done(upcoming.batch)
            }
            var batch = upcoming.batch
            batch.compare(with: try readings(for: upcoming), into: &outcomes)
            guard batch.isMessage else {
                try batch.run(over: lane.reader, into: &outcomes, call)
                continue
            }
            guard !batch.isEmpty, work.launch(batch) else { continue }
            let following = work.takeMessage()
            next = following.map { Upcoming(batch: $0) }
            try batch.post(over: lane.reader, asking: following?.inquiry, call)
            spent.removeAll(keepingCapacity: true)
            work.prepareForAll()
            // Even if it fails, the answer to what was posted is waited for.
            let interlude = Result { () throws(Failure) in try meanwhile() }
            let readings = try batch.land(over: lane.reader, into: &outcomes, call)
            next?.readings = readings
            spent.append(batch)
            try interlude.get()
        }
    }

    private func readings(for upcoming: Upcoming) throws(Failure) -> [Reading] {
        if let readings = upcoming.readings { return readings }
        let question = try lane.reader.ask(upcoming.batch.inquiry, call)
        // No more than what is asked about next: the server is quick, and then waits for us.
        work.prepareOne()
        return try lane.reader.readings(of: question, call)
    }
}
