internal import RevmetaModel

extension PlanPiece {
    /// Notes that the source shows what an earlier run set out to write without coming to tell how it ended.
    mutating func settle(_ intent: Memory.Intent, of key: FactKey) {
        settled.append((intent, wasApplied: true))
        bases.append((key, intent.isOurs ? intent.value : nil))
    }
}

extension Memory.Intent {
    /// Whether the source holds what was to be written. Nothing and an empty text are one.
    func isMet(by actual: String?) -> Bool { (value ?? "").isExactly(actual ?? "") }
}

extension PlannedChange {
    /// The fact that it is about.
    var key: FactKey { FactKey(entity: Entity(kind: entityKind, path: change.path), attribute: change.attribute) }
}
