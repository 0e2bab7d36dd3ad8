import RevmetaPlugin

/// Runs statements, batch by batch: compares the source with what was planned, sends, and tells the outcomes.
///
/// Neither side waits for the other's own work: while the server writes one batch, the outcomes of the last are told and the
/// one after the next is prepared. What the next one is compared with is looked up right after a batch is written, in the same
/// round trip: no sooner, since it may have waited long for a lock.
struct Executor {
    let connection: Connection
    let reader: Reader
    let batchSize: Int

    /// Until the first batch is prepared, the server has nothing to do.
    private static let firstBatch = 200

    func execute(
        _ statements: [Statement], of changes: [Change], into sink: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        var outcomes = CertainOutcomes()
        var lawful: [Int] = []
        lawful.reserveCapacity(statements.count)
        for (index, statement) in statements.enumerated() {
            if let failure = Self.breach(of: statement, changes.count) {
                outcomes.fail(index, failure)
            } else {
                lawful.append(index)
            }
        }
        var cutter = BatchCutter(lawful, of: statements, changes, most: batchSize, first: Self.firstBatch)
        func prepared() -> BatchRun? {
            cutter.next().map { BatchRun($0, of: statements, changes, reader: reader) }
        }
        do throws(Failure) {
            var upcoming = prepared(), following: BatchRun?, readings: [Reading]?
            while var batch = upcoming {
                var refused: Failure?
                if readings == nil {
                    readings = try reader.read(batch.inquiry, call) {
                        do throws(Failure) { try outcomes.tell(sink) } catch { refused = error }
                        following = following ?? prepared()
                    }
                    if let refused { throw refused }
                }
                batch.compare(with: readings ?? [], into: &outcomes)
                following = following ?? prepared()
                var fresh = CertainOutcomes(), later: BatchRun?
                do throws(Failure) {
                    readings = try batch.send(into: &fresh, asking: following?.inquiry, call) {
                        do throws(Failure) { try outcomes.tell(sink) } catch { refused = refused ?? error }
                        later = later ?? prepared()
                    }
                } catch {
                    outcomes.take(fresh)
                    throw error
                }
                outcomes.take(fresh)
                if let refused { throw refused }
                (upcoming, following) = (following, later)
            }
        } catch {
            // What is certain is told however the call ends.
            try outcomes.tell(sink)
            throw error
        }
        try outcomes.tell(sink)
    }

    private static func breach(of statement: Statement, _ changeCount: Int) -> Failure? {
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
