internal import RevmetaEngine
internal import RevmetaModel

/// A piece of a plan with the journal's numbers: the changes of a statement side by side, what is not written after all of
/// them.
struct NumberedPiece {
    private let piece: PlanPiece
    private let first: Int64
    /// What is sent, as it is asked back.
    private(set) var batch = PlannedBatch()

    /// - Parameter first: The first change's number.
    init(_ piece: PlanPiece, from first: Int64) {
        self.piece = piece
        self.first = first
        batch.numbers.reserveCapacity(piece.statements.count)
        batch.statements.reserveCapacity(piece.statements.count)
        batch.changes.reserveCapacity(piece.changes.count)
        batch.items.reserveCapacity(piece.changes.count)
        for var statement in piece.statements {
            let carried = statement.changes
            statement.changes = Array(batch.changes.count..<batch.changes.count + carried.count)
            batch.numbers.append(first + Int64(batch.changes.count))
            batch.statements.append(statement)
            for index in carried {
                batch.items.append(PlannedBatch.Item(
                    number: first + Int64(batch.changes.count), entityKind: piece.changes[index].entityKind,
                    action: piece.changes[index].action, rendered: piece.changes[index].rendered))
                batch.changes.append(piece.changes[index].change.wanted(by: piece.changes[index].channel))
            }
        }
    }

    /// Calls back with each change, in the order of their numbers.
    ///
    /// - Parameter visit: Given the change's number, the change, the number of the first change of its statement (nil: nothing
    ///   is sent), and, for that first change, the statement.
    func forEach(
        _ visit: (_ number: Int64, _ planned: borrowing PlannedChange, _ first: Int64?, _ sent: Statement?) throws -> Void
    ) rethrows {
        var number = first
        for statement in piece.statements {
            let start = number
            for index in statement.changes {
                try visit(number, piece.changes[index], start, number == start ? statement : nil)
                number += 1
            }
        }
        for index in piece.changes.indices where !piece.changes[index].action.isWritten {
            try visit(number, piece.changes[index], nil, nil)
            number += 1
        }
    }
}
