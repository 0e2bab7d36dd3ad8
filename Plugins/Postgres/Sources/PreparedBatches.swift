/// Batches that are ready to be sent, made while a server works.
struct PreparedBatches {
    private var cutter: BatchCutter
    private let database: String
    private var ready: [BatchRun] = []

    /// - Parameter database: The session's own.
    init(_ cutter: BatchCutter, in database: String) {
        self.cutter = cutter
        self.database = database
    }

    /// Makes batches until there are so many.
    mutating func fill(_ count: Int) {
        while ready.count < count, let batch = cutter.next() {
            ready.append(BatchRun(batch, of: cutter.statements, cutter.changes, in: database))
        }
    }

    /// The next batch; nil: there are no more.
    mutating func take() -> BatchRun? {
        fill(1)
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    /// The next batch if it is a message.
    mutating func takeMessage() -> BatchRun? {
        fill(1)
        return ready.first?.isMessage == true ? ready.removeFirst() : nil
    }
}
