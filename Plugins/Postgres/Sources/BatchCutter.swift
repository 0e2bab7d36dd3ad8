import RevmetaPlugin

/// Cuts statements into batches, each when it is asked for: what no batch has yet is not even copied.
struct BatchCutter {
    private let statements: StatementList
    /// How many statements a batch may have.
    private let most: Int
    /// How many of the first ones are smaller.
    private var smallerLeft: Int
    /// How many statements those may have.
    private let fewer: Int
    private let keepsTogether: Bool
    /// The first statement that no batch has yet.
    private var upcoming = 0

    /// - Parameters:
    ///   - smaller: How many of the first batches have no more than so many statements.
    ///   - keepsTogether: Whether batches end between relations where they can: what goes out side by side shares none.
    init(
        _ statements: StatementList, most: Int, smaller: (batches: Int, statements: Int) = (0, 0), keepsTogether: Bool = false
    ) {
        self.statements = statements
        self.most = most
        self.keepsTogether = keepsTogether
        smallerLeft = smaller.batches
        fewer = min(smaller.statements, most)
    }

    /// Nil: there are no more.
    ///
    /// - Parameter outcomes: Takes the end of those that cannot be sent.
    mutating func next(_ outcomes: inout CertainOutcomes) -> Batch? {
        var batch = Batch()
        let most = smallerLeft > 0 ? fewer : most
        let enough = keepsTogether ? most - most / 10 : most
        while upcoming < statements.count {
            let statement = statements[upcoming]
            if let failure = breach(of: statement) {
                outcomes.fail(upcoming, failure)
            } else if !batch.take(upcoming, statement, of: statements, most: most, enough: enough) {
                break
            }
            upcoming += 1
        }
        smallerLeft -= 1
        return batch.items.isEmpty ? nil : batch
    }

    private func breach(of statement: borrowing Statement) -> Failure? {
        if statement.changes.isEmpty || statement.changes.contains(where: { !(0..<statements.changeCount).contains($0) }) {
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
