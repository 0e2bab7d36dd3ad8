/// What could be read of a mapping: one value for each of its keys, in their order.
struct Fields<each Field: Sendable> {
    /// Nil where the reason has been reported.
    let read: (repeat (each Field)?)

    /// All values, or nil if one of them is missing.
    var complete: (repeat each Field)? {
        try? (repeat present(each read))
    }

    private func present<Value>(_ value: Value?) throws(Missing) -> Value {
        guard let value else { throw Missing() }
        return value
    }
}

private struct Missing: Error {}
