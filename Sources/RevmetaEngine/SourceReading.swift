internal import RevmetaModel

/// A piece, and what was found out about it ahead.
struct SourceReading: Sendable {
    var entities: [SelectedEntity]
    /// How many facts were passed over, since the catalog says of them what was written last.
    var unchanged = 0
    /// And the number of the session that was asked. Nil: nobody was asked.
    var answer: (result: Result<Answer, any Error>, session: Int)?

    /// What it takes to decide.
    struct Answer: Sendable {
        /// With tags that are to be removed.
        var entities: [SelectedEntity]
        var memories: [FactKey: Memory]
        var notices: [String]
        var known: KnownFacts

        func memory(of entity: Entity, _ attribute: Attribute) -> Memory {
            // Of a first run there are none.
            memories.isEmpty ? Memory() : memories[FactKey(entity: entity, attribute: attribute)] ?? Memory()
        }
    }
}

/// The facts of one read, by entity and attribute.
struct KnownFacts: Sendable {
    private var kinds: [SourceKind?]
    private var values: [Fact.Value?]
    private let first: Attribute?
    private let attributes: [Attribute: Int]

    init(_ facts: [Fact], entities: Int, attributes: [Attribute]) {
        kinds = Array(repeating: nil, count: entities)
        values = Array(repeating: nil, count: entities * attributes.count)
        first = attributes.first
        self.attributes = Dictionary(uniqueKeysWithValues: attributes.enumerated().map { ($1, $0) })
        for fact in facts {
            kinds[fact.entity] = fact.kind
            values[fact.entity * attributes.count + fact.attribute] = fact.value
        }
    }

    /// The kind at the source; nil: the entity does not exist there.
    func kind(of entity: Int) -> SourceKind? { kinds[entity] }

    func value(of entity: Int, _ attribute: Attribute) -> Fact.Value? {
        // Most channels ask for one, which is found without being hashed.
        let place = attribute == first ? 0 : attributes[attribute]
        return place.flatMap { values[entity * attributes.count + $0] }
    }
}
