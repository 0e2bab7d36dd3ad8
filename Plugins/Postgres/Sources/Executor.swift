import RevmetaPlugin

/// Runs statements, batch by batch: compares the source with what was planned, sends, and tells the outcomes.
///
/// Neither side waits for the other's own work: while the server writes one batch, the outcomes of the last are told and the
/// one after the next is prepared. What the next one is compared with is looked up right after a batch is written, in the same
/// round trip: no sooner, since it may have waited long for a lock.
///
/// Batches of comments go out by all the lanes there are. No two of them are on their way that lock the same table, so none
/// waits for the other. What may depend on the order, as owners and the statements of templates do, goes alone.
struct Executor {
    let lanes: Lanes
    let batchSize: Int

    /// Until the first batch is prepared, the server has nothing to do.
    private static let firstBatch = 200

    func execute(
        _ statements: [Statement], of changes: [Change], into sink: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        lanes.willSend(statements.count)
        defer { lanes.stopGrowing() }
        var outcomes = CertainOutcomes()
        var lawful: [Int] = []
        lawful.reserveCapacity(statements.count)
        for index in statements.indices {
            if let failure = Self.breach(of: statements.span[index], changes.count) {
                outcomes.fail(index, failure)
            } else {
                lawful.append(index)
            }
        }
        let most = lanes.areSeveral ? max(1, batchSize / 2) : batchSize
        let cutter = BatchCutter(
            lawful, of: statements, changes, most: most, first: Self.firstBatch, keepsTogether: lanes.areSeveral)
        var traffic = Traffic(lanes, PreparedBatches(cutter, in: lanes.connection.database))
        do throws(Failure) {
            while try traffic.proceed(&outcomes, call) {
                // While the server works.
                try outcomes.tell(sink)
                traffic.prepare()
                guard try !lanes.grow(call) else { continue }
                try traffic.landOne(&outcomes, call)
            }
        } catch {
            traffic.landAll(&outcomes, call)
            // What is certain is told however the call ends.
            try outcomes.tell(sink)
            throw error
        }
        try outcomes.tell(sink)
    }

    private static func breach(of statement: borrowing Statement, _ changeCount: Int) -> Failure? {
        if statement.changes.isEmpty || statement.changes.contains(where: { !(0..<changeCount).contains($0) }) {
            return Failure(.invalid, "a statement must carry at least one of the changes it comes with")
        }
        if statement.guardText != nil {
            return Failure(.invalid, "the connector for PostgreSQL plans no guards, and cannot read this one")
        }
        if statement.text.holdsNUL {
            return Failure(.invalid, "a statement holds the character U+0000, which PostgreSQL cannot take")
        }
        return nil
    }
}
