import RevmetaPlugin

/// Cuts statements into batches, each when it is asked for.
struct BatchCutter {
    let statements: [Statement]
    let changes: [Change]
    /// How many statements a batch may have.
    let most: Int
    /// How many the first one may have.
    private var mostNext: Int
    private let keepsTogether: Bool
    /// Indexes of the statements that no batch has yet.
    private var left: ArraySlice<Int>

    /// - Parameters:
    ///   - indexes: Which of the statements are to be cut.
    ///   - first: How many statements the first batch may have.
    ///   - keepsTogether: Whether batches end between relations where they can: what goes out side by side shares none.
    init(
        _ indexes: [Int], of statements: [Statement], _ changes: [Change], most: Int, first: Int? = nil,
        keepsTogether: Bool = false
    ) {
        self.keepsTogether = keepsTogether
        left = indexes[...]
        mostNext = min(first ?? most, most)
        self.statements = statements
        self.changes = changes
        self.most = most
    }

    /// Nil: there are no more.
    mutating func next() -> Batch? {
        guard !left.isEmpty else { return nil }
        var batch = Batch()
        let enough = keepsTogether ? mostNext - mostNext / 10 : mostNext
        while let index = left.first,
            batch.take(index, statements[index], of: changes, most: mostNext, enough: enough)
        {
            left.removeFirst()
        }
        mostNext = most
        return batch
    }
}
