import RevmetaPlugin

/// Cuts statements into batches that one transaction and one message can hold.
struct Batch {
    /// Each relation takes one entry of the server's lock table, whose size is fixed when the server starts.
    private static let mostRelations = 500
    private static let mostBytes = 1 << 20

    /// Indexes of the statements, in order.
    private(set) var statements: [Int] = []
    /// For each of them, the number of its relation within the batch.
    private(set) var relations: [Int] = []
    private var numbers: [[ExactText]: Int] = [:]
    private var bytes = 0

    static func cut(_ statements: [Statement], of changes: [Change], most: Int) -> [Batch] {
        var batches: [Batch] = []
        var batch = Batch()
        var relation: [ExactText] = []
        for (index, statement) in statements.enumerated() {
            // A table's statements nearly always come together.
            if !Self.concerns(statement, relation, changes) { relation = Self.relation(of: statement, changes) }
            if !batch.hasRoom(for: statement, relation, most: most) {
                batches.append(batch)
                batch = Batch()
            }
            batch.append(index, statement, relation)
        }
        if !batch.statements.isEmpty { batches.append(batch) }
        return batches
    }

    private func hasRoom(for statement: Statement, _ relation: [ExactText], most: Int) -> Bool {
        statements.isEmpty
            || statements.count < most && bytes + statement.text.utf8.count < Self.mostBytes
                && (numbers.count < Self.mostRelations || numbers[relation] != nil)
    }

    private mutating func append(_ index: Int, _ statement: Statement, _ relation: [ExactText]) {
        let number = numbers[relation] ?? numbers.count
        numbers[relation] = number
        statements.append(index)
        relations.append(number)
        bytes += statement.text.utf8.count
    }

    private static func concerns(_ statement: Statement, _ relation: [ExactText], _ changes: [Change]) -> Bool {
        let path = changes[statement.changes[0]].path
        return relation.count == min(path.count, 3) && zip(path, relation).allSatisfy { $0.isExactly($1.text) }
    }

    /// What a statement locks: a column's statement locks its table.
    private static func relation(of statement: Statement, _ changes: [Change]) -> [ExactText] {
        changes[statement.changes[0]].path.prefix(3).map(ExactText.init)
    }
}
