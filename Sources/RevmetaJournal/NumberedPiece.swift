internal import RevmetaEngine
internal import RevmetaModel

/// A piece of a plan with the journal's numbers: the changes of a statement side by side, what is not written after all of
/// them.
struct NumberedPiece {
    /// In the order of their numbers.
    private(set) var changes: [Numbered] = []
    /// What is sent, as it is asked back.
    private(set) var batch = PlannedBatch()

    struct Numbered {
        var number: Int64
        var planned: PlannedChange
        /// The first change of its statement; nil: nothing is sent.
        var statement: Int64?
        /// Of the first change of a statement: the statement.
        var sent: Statement?
    }

    /// - Parameter first: The first change's number.
    init(_ piece: PlanPiece, from first: Int64) {
        changes.reserveCapacity(piece.changes.count)
        var number = first
        for statement in piece.statements {
            let start = number
            batch.numbers.append(start)
            batch.statements.append(Statement(
                text: statement.text, changes: Array(batch.changes.count..<batch.changes.count + statement.changes.count),
                guardText: statement.guardText, parts: statement.parts))
            for index in statement.changes {
                let planned = piece.changes[index]
                changes.append(Numbered(
                    number: number, planned: planned, statement: start, sent: number == start ? statement : nil))
                batch.changes.append(planned.change)
                batch.items.append(PlannedBatch.Item(
                    number: number, entityKind: planned.entityKind, action: planned.action, channel: planned.channel,
                    rendered: planned.rendered))
                number += 1
            }
        }
        for planned in piece.changes where !planned.action.isWritten {
            changes.append(Numbered(number: number, planned: planned))
            number += 1
        }
    }
}
