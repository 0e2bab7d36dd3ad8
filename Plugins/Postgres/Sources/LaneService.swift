import RevmetaPlugin

/// Has one connection send batches, for as long as there are any. On a thread of its own.
///
/// Neither side waits for the other's own work: while the server writes one batch, the one after the next is prepared. What
/// the next one is compared with is looked up right after a batch is written, in the same round trip: no sooner, since it may
/// have waited long for a lock.
struct LaneService {
    let reader: Reader
    let work: SharedWork
    let call: Call
    /// Tells the host what is certain by now; nil: that is another lane's affair.
    let tell: (() -> Void)?

    /// A batch, and what the source said about it if it was asked already.
    private struct Upcoming {
        var batch: BatchRun
        var readings: [Reading]?
    }

    func run() throws(Failure) {
        reader.connection.whileWaiting = tell
        defer { reader.connection.whileWaiting = nil }
        var next: Upcoming?
        // Given back while the server works, not while it waits.
        var spent: [BatchRun] = []
        defer { if let next { work.done(next.batch) } }
        while let upcoming = next ?? work.take(meanwhile: tell).map({ Upcoming(batch: $0) }) {
            next = nil
            var outcomes = CertainOutcomes()
            defer {
                work.note(outcomes)
                work.done(upcoming.batch)
            }
            var batch = upcoming.batch
            let readings = if let known = upcoming.readings { known } else { try ask(about: batch) }
            try batch.drop(movedBy: readings, over: reader, into: &outcomes, call)
            guard batch.isMessage else {
                try batch.run(over: reader, into: &outcomes, call) { work.mayGoOn }
                continue
            }
            switch work.launch(batch, meanwhile: tell) {
            case .not: continue
            case .atOnce: break
            case .afterAWait: try batch.drop(movedBy: ask(about: batch), over: reader, into: &outcomes, call)
            }
            guard !batch.isEmpty else { continue }
            let following = work.takeMessage()
            next = following.map { Upcoming(batch: $0) }
            try batch.post(over: reader, asking: following?.inquiry, call)
            spent.removeAll(keepingCapacity: true)
            work.prepareForAll()
            tell?()
            let answer = try batch.land(over: reader, into: &outcomes, call) { work.mayGoOn }
            next?.readings = answer
            spent.append(batch)
        }
    }

    private func ask(about batch: BatchRun) throws(Failure) -> [Reading] {
        let question = try reader.ask(batch.inquiry, call)
        // No more than what is asked about next: the server is quick, and then waits for us.
        work.prepareOne()
        return try reader.readings(of: question, call)
    }
}
