import RevmetaPlugin

/// Statements that one transaction and one message can hold.
struct Batch {
    /// A statement of it.
    struct Item {
        /// Which of the call's statements it is.
        let index: Int
        /// With the indexes of the batch's own changes.
        let statement: Statement
        /// The number of its relation within the batch.
        let relation: Int
    }

    /// Each relation takes one entry of the server's lock table, whose size is fixed when the server starts.
    private static let mostRelations = 500
    private static let mostBytes = 1 << 20

    /// In the plan's order.
    private(set) var items: [Item] = []
    /// What the items' statements carry.
    private(set) var changes: [Change] = []
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
    mutating func take(_ index: Int, _ statement: Statement, of list: StatementList, most: Int, enough: Int) -> Bool {
        let size = statement.text.utf8.count
        guard items.isEmpty || items.count < most && bytes + size < Self.mostBytes else { return false }
        let first = list.change(statement.changes[0])
        if items.count >= enough, let latest, !Self.isRelation(latest, ofObjectAt: first.path) { return false }
        guard let relation = number(ofRelationAt: first.path) else { return false }
        var statement = statement
        changes.append(consume first)
        for place in statement.changes.indices {
            if place > 0 { changes.append(list.change(statement.changes[place])) }
            statement.changes[place] = changes.count - 1
        }
        items.append(Item(index: index, statement: statement, relation: relation))
        bytes += size
        return true
    }

    /// The number of what a statement locks: a column's statement locks its table. Nil: there is no room for it.
    private mutating func number(ofRelationAt path: [String]) -> Int? {
        // A table's statements nearly always come together.
        if let latest, let number = items.last?.relation, Self.isRelation(latest, ofObjectAt: path) { return number }
        let relation = path.prefix(3).map(ExactText.init)
        let number = numbers[relation] ?? numbers.count
        guard number < Self.mostRelations else { return nil }
        numbers[relation] = number
        latest = relation
        return number
    }

    private static func isRelation(_ relation: [ExactText], ofObjectAt path: [String]) -> Bool {
        guard relation.count == min(path.count, 3) else { return false }
        // The innermost name first: the outer ones are most often the same.
        for level in relation.indices.reversed() where !path[level].isExactly(relation[level].text) { return false }
        return true
    }
}
