internal import RevmetaModel

/// Tells the entities of which the catalog says what revmeta has written last.
///
/// Why: what a source's own ingestion tells the catalog comes back as an event, and so do changes of what is never written.
/// Neither is a reason to ask the source anything. What somebody changed there is found by the next run of everything.
struct WrittenEntities {
    private let memories: [FactKey: Memory]
    /// The attributes of which something is remembered, by entity.
    private let attributes: [Entity: Set<Attribute>]

    init(_ memories: [FactKey: Memory]) {
        self.memories = memories
        attributes = Dictionary(grouping: memories.keys, by: \.entity).mapValues { Set($0.map(\.attribute)) }
    }

    /// Whether all that is wanted of an entity is what was written last, and nothing else was.
    func contains(_ entity: SelectedEntity) -> Bool {
        guard entity.variables.isEmpty, entity.wanted.allSatisfy({ isWritten($0, of: entity.entity) }) else { return false }
        let wanted = Set(entity.wanted.map(\.attribute))
        // A tag that was written once and is not wanted any more is to be removed.
        return entity.tagChannel == nil
            || (attributes[entity.entity] ?? []).allSatisfy { !$0.isTag || wanted.contains($0) }
    }

    private func isWritten(_ fact: WantedFact, of entity: Entity) -> Bool {
        let memory = memories[FactKey(entity: entity, attribute: fact.attribute)] ?? Memory()
        guard memory.intent == nil, memory.template == nil else { return false }
        switch fact.value {
        case .present(let text): return memory.base?.isExactly(text) == true
        case .absent: return memory.base == nil && fact.previous == nil
        case .unknown, .refused: return false
        }
    }
}
