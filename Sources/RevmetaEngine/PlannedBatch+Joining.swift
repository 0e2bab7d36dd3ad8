internal import RevmetaModel

extension PlannedBatch {
    /// Adds what another batch has, after what there is.
    public mutating func append(_ other: PlannedBatch) {
        // All of it is at hand, or none.
        kept = kept.isEmpty && !numbers.isEmpty || other.kept.isEmpty ? [] : kept + other.kept
        let shift = changes.count
        numbers += other.numbers
        let joined = statements.count
        statements += other.statements
        for index in joined..<statements.count { statements[index].changes = statements[index].changes.shifted(by: shift) }
        changes += other.changes
        items += other.items
    }

    /// Takes out the first statements, fewer than there are, with their changes, which stand before all others.
    public mutating func removeFirst(_ count: Int) -> PlannedBatch {
        let cut = statements[count].changes[0]
        var first = PlannedBatch(
            numbers: Array(numbers[..<count]), statements: Array(statements[..<count]), changes: Array(changes[..<cut]),
            items: Array(items[..<cut]))
        var left = count
        while left > 0, let next = kept.first {
            let here = next.range.prefix(left)
            first.kept.append(KeptStatements(of: next.plan, here))
            left -= here.count
            if here.count == next.range.count {
                kept.removeFirst()
            } else {
                kept[0] = KeptStatements(of: next.plan, here.upperBound..<next.range.upperBound)
            }
        }
        numbers.removeFirst(count)
        statements.removeFirst(count)
        for index in statements.indices { statements[index].changes = statements[index].changes.shifted(by: -cut) }
        changes.removeFirst(cut)
        items.removeFirst(cut)
        return first
    }
}
