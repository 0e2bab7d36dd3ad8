extension RunReport.Counts {
    /// Counts what is done, or not done, about so many facts; negative: it is something else after all.
    mutating func count(_ action: PlannedChange.Action, by number: Int = 1) {
        switch action {
        case .set, .restore: self.set += number
        case .overwrite: overwritten += number
        case .clear: cleared += number
        case .keep: kept += number
        case .skip: skipped += number
        case .fail: failed += number
        }
    }
}
