import RevmetaPlugin

/// Cuts statements into batches, each when it is asked for.
struct BatchCutter {
    let statements: [Statement]
    let changes: [Change]
    /// How many statements a batch may have.
    let most: Int
    /// Indexes of the statements that no batch has yet.
    private var left: ArraySlice<Int>

    /// - Parameter indexes: Which of the statements are to be cut.
    init(_ indexes: [Int], of statements: [Statement], _ changes: [Change], most: Int) {
        left = indexes[...]
        self.statements = statements
        self.changes = changes
        self.most = most
    }

    /// Nil: there are no more.
    mutating func next() -> Batch? {
        guard !left.isEmpty else { return nil }
        var batch = Batch()
        while let index = left.first, batch.take(index, statements[index], of: changes, most: most) {
            left.removeFirst()
        }
        return batch
    }
}
