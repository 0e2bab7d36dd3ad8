public import RevmetaModel

/// What a source holds of one fact.
struct SourceFact: Sendable {
    var kind: SourceKind
    /// Nil: the source says nothing of this attribute.
    var value: Fact.Value?
}

extension ConnectorSession {
    /// Runs statements that the session is given.
    public func execute(_ statements: [Statement], of changes: [Change], label: String? = nil) async -> Execution {
        await execute(statements, of: changes, kept: [], label: label)
    }

    /// Reads facts of any entities and attributes, in one call. Nil: the entity does not exist.
    func read(_ keys: [FactKey]) async throws(Failure) -> [SourceFact?] {
        let attributes = Array(Set(keys.map(\.attribute)))
        var found = [SourceFact?](repeating: nil, count: keys.count)
        for fact in try await read(keys.map(\.entity), attributes: attributes) {
            if attributes[fact.attribute] == keys[fact.entity].attribute {
                found[fact.entity] = SourceFact(kind: fact.kind, value: fact.value)
            } else if found[fact.entity] == nil {
                found[fact.entity] = SourceFact(kind: fact.kind, value: nil)
            }
        }
        return found
    }
}
