package import RevmetaJSON
package import RevmetaModel

/// Turns the catalog's answers into entities.
package struct EntityTranslator: Sendable {
    let serviceTypes: [String: String]
    let principals: PrincipalDirectory
    /// Whether a filter asks for more than names.
    let needsDocuments: Bool

    package init(services: [CatalogService], principals: PrincipalDirectory, needsDocuments: Bool) {
        serviceTypes = Dictionary(services.map { ($0.name, $0.serviceType) }) { first, _ in first }
        self.principals = principals
        self.needsDocuments = needsDocuments
    }

    /// The entity, and for a table its columns after it, appended to `entities`.
    ///
    /// - Parameter json: The answer as it came; its columns get it too, since they are in it.
    package func append(
        _ answer: EntityAnswer, _ kind: EntityKind, json: String? = nil, to entities: inout [CatalogEntity]
    ) throws(Fault) {
        let place = try EntityPlace(answer, kind)
        var entity = CatalogEntity(
            service: place.service, serviceType: answer.serviceType ?? serviceTypes[place.service], kind: kind,
            path: EntityPath(place.names), displayName: presence(answer.displayName), tableType: answer.tableType,
            description: CatalogText(answer.description), owners: owners(answer), tags: tags(answer.tags),
            isDeleted: answer.deleted ?? false)
        if needsDocuments {
            entity.document = SearchDocument(answer, kind, place, serviceType: entity.serviceType, principals)
        }
        entity.json = json
        entities.append(entity)

        guard let columns = answer.columns else { return }
        entity.kind = .column
        entity.owners = .known([])
        try append(columns, below: place.names, like: entity, in: "columns", to: &entities)
    }

    private func append(
        _ columns: [ColumnAnswer], below parent: [String], like table: CatalogEntity, in field: String,
        to entities: inout [CatalogEntity]
    ) throws(Fault) {
        for index in columns.indices {
            let column = columns[index]
            guard !column.name.isEmpty else {
                throw Fault("\(field)[\(index)].name: expected a name, found an empty text")
            }
            guard !column.name.utf8.contains(0) else {
                throw Fault("\(field)[\(index)].name: expected a name, found one that holds U+0000")
            }
            var names: [String] = []
            names.reserveCapacity(parent.count + 1)
            names.append(contentsOf: parent)
            names.append(ReservedToken.decode(column.name))

            entities.append(table)
            // In its place: what is copied and then changed counts each of its texts up and down once more.
            let own = entities.count - 1
            entities[own].path = EntityPath(names)
            entities[own].displayName = presence(column.displayName)
            entities[own].description = CatalogText(column.description)
            entities[own].tags = tags(column.tags)

            if let children = column.children, !children.isEmpty {
                let field = "\(field)[\(index)].children"
                try append(children, below: names, like: table, in: field, to: &entities)
            }
        }
    }

    private func presence(_ text: String?) -> String? {
        text?.isEmpty == false ? text : nil
    }

    func tags(_ answer: [TagAnswer]?) -> CatalogList<TagLabel> {
        guard let answer else { return .notAsked }
        return .known(answer.compactMap { tag in
            guard (tag.state ?? "Confirmed") == "Confirmed" else { return nil }
            return TagLabel(tagFQN: tag.tagFQN, source: tag.source ?? "Classification", labelType: tag.labelType)
        })
    }

    /// An owner whose name cannot be found out makes the list unknown: without it, the list would be a different one.
    private func owners(_ answer: EntityAnswer) -> CatalogList<OwnerReference> {
        guard let owners = answer.owners ?? answer.owner.map({ [$0] }) else { return .notAsked }
        var references: [OwnerReference] = []
        for owner in owners {
            guard let kind = OwnerReference.Kind(rawValue: owner.type) else { continue }
            guard var reference = principals.reference(to: owner, kind) else { return .notAsked }
            reference.isInherited = owner.inherited ?? false
            references.append(reference)
        }
        return .known(references)
    }
}
