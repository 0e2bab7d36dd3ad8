extension RunReport {
    /// Counts what a piece of a saved plan will do, and what it left out.
    mutating func count(_ piece: PlanPiece) {
        for planned in piece.changes {
            switch planned.action {
            case .set, .restore: counts.set += 1
            case .overwrite: counts.overwritten += 1
            case .clear: counts.cleared += 1
            case .keep: counts.kept += 1
            case .skip: counts.skipped += 1
            case .fail: counts.failed += 1
            }
        }
    }
}
