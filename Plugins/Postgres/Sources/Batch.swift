import RevmetaPlugin

/// Statements that one transaction and one message can hold.
struct Batch {
    /// Each relation takes one entry of the server's lock table, whose size is fixed when the server starts.
    private static let mostRelations = 500
    private static let mostBytes = 1 << 20

    /// Indexes of the statements, in order.
    private(set) var statements: [Int] = []
    /// For each of them, the number of its relation within the batch.
    private(set) var relations: [Int] = []
    private var numbers: [[ExactText]: Int] = [:]
    private var latest: [ExactText]?
    private var bytes = 0

    /// Whether there is a relation that the statements of both lock.
    func sharesRelation(with other: Batch) -> Bool {
        other.numbers.keys.contains { numbers[$0] != nil }
    }

    /// Takes a statement, unless there is no room for it. There is always room for the first.
    ///
    /// - Parameter enough: With how many statements no other relation is begun.
    mutating func take(_ index: Int, _ statement: Statement, of changes: [Change], most: Int, enough: Int) -> Bool {
        let size = statement.text.utf8.count
        guard statements.isEmpty || statements.count < most && bytes + size < Self.mostBytes else { return false }
        let path = changes[statement.changes[0]].path
        if statements.count >= enough, let latest, !Self.isRelation(latest, ofObjectAt: path) { return false }
        guard let number = number(ofRelationAt: path) else { return false }
        statements.append(index)
        relations.append(number)
        bytes += size
        return true
    }

    /// The number of what a statement locks: a column's statement locks its table. Nil: there is no room for it.
    private mutating func number(ofRelationAt path: [String]) -> Int? {
        // A table's statements nearly always come together.
        if let latest, let number = relations.last, Self.isRelation(latest, ofObjectAt: path) { return number }
        let relation = path.prefix(3).map(ExactText.init)
        let number = numbers[relation] ?? numbers.count
        guard number < Self.mostRelations else { return nil }
        numbers[relation] = number
        latest = relation
        return number
    }

    private static func isRelation(_ relation: [ExactText], ofObjectAt path: [String]) -> Bool {
        relation.count == min(path.count, 3) && zip(path, relation).allSatisfy { $0.isExactly($1.text) }
    }
}
