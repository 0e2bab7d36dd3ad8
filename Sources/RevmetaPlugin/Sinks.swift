internal import CRevmeta

/// Takes the facts of a ``Connector/read(_:attributes:into:_:)``. Valid until the call returns.
public struct FactSink: ~Copyable {
    let emit: (borrowing revmeta_fact) -> Bool

    /// Emits what the source says about one asked entity and one asked attribute.
    /// - Parameters:
    ///   - entity: Index into the entities asked for.
    ///   - attribute: Index into the attributes asked for.
    ///   - kind: The entity's kind at the source.
    ///   - value: Nil: the attribute is empty.
    public func emit(entity: Int, attribute: Int, kind: String, value: String?) throws(Failure) {
        try send(entity: entity, attribute: attribute, kind: kind, value: value, problem: nil)
    }

    /// Says that the source cannot tell the value, and why.
    public func emitUnknown(entity: Int, attribute: Int, kind: String, because problem: String) throws(Failure) {
        try send(entity: entity, attribute: attribute, kind: kind, value: nil, problem: problem)
    }

    private func send(entity: Int, attribute: Int, kind: String, value: String?, problem: String?) throws(Failure) {
        let goesOn = withText(kind) { kind in
            withText(value) { value in
                withText(problem) { problem in
                    emit(revmeta_fact(
                        entity: entity, attribute: attribute, kind: kind, value: value, problem: problem))
                }
            }
        }
        if !goesOn { throw .cancelled }
    }
}

/// Takes outcomes. Valid until the call returns.
public struct OutcomeSink: ~Copyable {
    let emit: (borrowing revmeta_outcome) -> Bool

    /// Emits that a statement was applied.
    public func succeed(_ index: Int) throws(Failure) {
        if !emit(revmeta_outcome(index: index, status: REVMETA_OK, failure: nil)) { throw .cancelled }
    }

    /// Emits why a change or statement was not, or could not be, applied.
    public func fail(_ index: Int, _ failure: Failure) throws(Failure) {
        let goesOn = withFailure(failure) { details in
            emit(revmeta_outcome(index: index, status: failure.status.rawValue, failure: details))
        }
        if !goesOn { throw .cancelled }
    }
}

/// Takes a plan: statements, and the changes that no statement can make. Valid until the call returns.
public struct PlanSink: ~Copyable {
    let emit: (borrowing revmeta_statement) -> Bool
    let refusals: OutcomeSink

    init(emit: @escaping (borrowing revmeta_statement) -> Bool, refusals: consuming OutcomeSink) {
        self.emit = emit
        self.refusals = refusals
    }

    /// Emits a statement, which has no parts: only templates' have.
    public func emit(_ statement: Statement) throws(Failure) {
        let goesOn = withText(statement.text) { text in
            withText(statement.guardText) { guardText in
                withIndexes(statement.changes) { changes, count in
                    emit(revmeta_statement(
                        text: text, changes: changes, change_count: count, guard: guardText,
                        parts: revmeta_strs(items: nil, count: 0)))
                }
            }
        }
        if !goesOn { throw .cancelled }
    }

    /// Emits a statement that carries one change and has no guard: of such a plan has thousands.
    public func emit(_ text: String, for change: Int) throws(Failure) {
        let goesOn = withText(text) { text in
            withIndex(change) { changes, count in
                emit(revmeta_statement(
                    text: text, changes: changes, change_count: count, guard: revmeta_str(ptr: nil, len: 0),
                    parts: revmeta_strs(items: nil, count: 0)))
            }
        }
        if !goesOn { throw .cancelled }
    }

    /// Says that no statement can make a change, and why.
    public func refuse(_ change: Int, _ failure: Failure) throws(Failure) {
        try refusals.fail(change, failure)
    }
}
