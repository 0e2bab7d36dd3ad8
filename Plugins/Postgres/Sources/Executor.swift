import RevmetaPlugin

/// Runs statements, batch by batch: compares the source with what was planned, sends, and tells the outcomes.
struct Executor {
    let connection: Connection
    let reader: Reader
    let batchSize: Int

    func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        var lawful: [Int] = []
        for (index, statement) in statements.enumerated() {
            if let failure = Self.breach(of: statement, changes.count) {
                try outcomes.fail(index, failure)
            } else {
                lawful.append(index)
            }
        }
        for batch in Batch.cut(lawful.map { statements[$0] }, of: changes, most: batchSize) {
            var run = BatchRun(
                connection: connection, reader: reader, changes: changes,
                items: zip(batch.statements, batch.relations).map { index, relation in
                    BatchRun.Item(index: lawful[index], statement: statements[lawful[index]], relation: relation)
                })
            try run.run(into: outcomes, call)
        }
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
