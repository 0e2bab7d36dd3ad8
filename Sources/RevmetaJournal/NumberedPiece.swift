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
        batch.changes.reserveCapacity(piece.changes.count)
        batch.items.reserveCapacity(piece.changes.count)
        // Most often they stand side by side already, and all of the statements are shared instead of copied.
        batch.statements = piece.statements
        batch.kept = piece.kept.map { [$0] } ?? []
        precondition(batch.kept.isEmpty || batch.kept[0].range.count == piece.statements.count, "what is at hand is the piece's")
        for sent in piece.statements.indices {
            let carried = piece.statements[sent].changes, start = batch.changes.count
            batch.numbers.append(first + Int64(start))
            let neighbours = start..<start + carried.count
            if !carried.elementsEqual(neighbours) { batch.statements[sent].changes = ChangeIndexes(neighbours) }
            for index in carried {
                batch.items.append(PlannedBatch.Item(
                    number: first + Int64(batch.changes.count), entityKind: piece.changes[index].entityKind,
                    action: piece.changes[index].action, rendered: piece.changes[index].rendered))
                batch.changes.append(piece.changes[index].change)
            }
        }
    }

    /// Calls back with each change, in the order of their numbers.
    ///
    /// - Parameter visit: Given the change's number, the change, the number of the first change of its statement (nil: nothing
    ///   is sent), and, for that first change, which of the batch's statements that is.
    func forEach(
        _ visit: (_ number: Int64, _ planned: borrowing PlannedChange, _ first: Int64?, _ sent: Int?) throws -> Void
    ) rethrows {
        var number = first
        let changes = piece.changes.span
        for sent in piece.statements.indices {
            let start = number
            for index in piece.statements[sent].changes {
                try visit(number, changes[index], start, number == start ? sent : nil)
                number += 1
            }
        }
        for index in changes.indices where !changes[index].action.isWritten {
            try visit(number, changes[index], nil, nil)
            number += 1
        }
    }
}
