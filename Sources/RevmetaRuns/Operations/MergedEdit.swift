internal import RevmetaModel

/// What some operations, one after the other, make of one entity's description, owners or tags.
struct MergedEdit: Sendable {
    let entity: Entity
    let subject: ChannelTemplate.Subject
    /// Indexes of the operations, in their order.
    private(set) var operations: [Int]
    /// The last one's.
    private(set) var template: String?
    private var state: State

    private enum State: Sendable {
        case description(previous: String?, new: String?)
        case owners(Difference<OwnerReference>)
        case tags(Difference<TagLabel>)
    }

    init(_ operation: ReverseIngestionPipeline.Operation, _ index: Int, _ entity: Entity) throws(Refusal) {
        self.entity = entity
        subject = operation.edit.subject
        operations = [index]
        template = operation.template
        switch operation.edit {
        case .description(let previous, let new): state = .description(previous: previous, new: new)
        case .owners: state = .owners(Difference())
        case .tags: state = .tags(Difference())
        }
        try merge(operation.edit)
    }

    mutating func add(_ operation: ReverseIngestionPipeline.Operation, _ index: Int) throws(Refusal) {
        try merge(operation.edit)
        operations.append(index)
        template = operation.template
    }

    private mutating func merge(_ edit: ReverseIngestionPipeline.Edit) throws(Refusal) {
        switch (edit, state) {
        case (.description(let before, let new), .description(let previous, _)):
            guard before != nil || new != nil else {
                throw Refusal("the operation tells neither a new description nor a previous one")
            }
            state = .description(previous: previous, new: new)
        case (.owners(let removed, let added), .owners(var difference)):
            difference.merge(removed: try removed.map(Self.reference), added: try added.map(Self.reference))
            state = .owners(difference)
        case (.tags(let removed, let added), .tags(var difference)):
            difference.merge(removed: removed, added: added)
            state = .tags(difference)
        default: break
        }
    }

    private static func reference(_ owner: ReverseIngestionPipeline.Owner) throws(Refusal) -> OwnerReference {
        guard let kind = OwnerReference.Kind(rawValue: owner.type) else {
            throw Refusal("expected a user or a team as the owner, found a \(owner.type)")
        }
        guard let name = owner.name else { throw Refusal("the operation does not tell the name of the owner \(owner.id)") }
        return OwnerReference(kind: kind, name: name, isInherited: owner.isInherited)
    }

    /// Adds what it makes of an entity, and what it makes it of.
    func apply(to entity: inout CatalogEntity) {
        let known = entity.previous
        var description = known?.description, owners = known?.owners, tags = known?.tags
        switch state {
        case .description(let previous, let new):
            entity.description = CatalogText(new)
            description = previous.map { CatalogText($0) }
        case .owners(let difference):
            entity.owners = .known(difference.added)
            owners = difference.removed
        case .tags(let difference):
            entity.tags = .known(difference.added)
            tags = difference.removed
        }
        entity.previous = PreviousValues(description: description, owners: owners, tags: tags, isDifference: true)
    }
}

/// What came to a list, and what went from it.
private struct Difference<Element: Equatable & Sendable>: Sendable {
    /// Was there before, and is not now; or came again later.
    var removed: [Element] = []
    var added: [Element] = []

    mutating func merge(removed gone: [Element], added come: [Element]) {
        for element in gone {
            if added.contains(element) {
                added.removeAll { $0 == element }
            } else if !removed.contains(element) {
                removed.append(element)
            }
        }
        for element in come where !added.contains(element) { added.append(element) }
    }
}
