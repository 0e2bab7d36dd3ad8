import RevmetaModel

extension SearchDocument {
    /// What the search index makes of an entity's answer.
    ///
    /// A list that the answer does not carry was not asked for: its fields are not known.
    convenience init(
        _ answer: EntityAnswer, _ kind: EntityKind, _ place: EntityPlace, serviceType: String?, _ principals: PrincipalDirectory
    ) {
        var fields: [SearchField.Indexed: [String]] = [:], untold: Set<SearchField.Indexed> = []
        func set(_ field: SearchField.Indexed, _ text: String?) {
            if let text, !text.isEmpty { fields[field] = [text] }
        }
        func set(
            _ references: [ReferenceAnswer]?, _ name: SearchField.Indexed, _ displayName: SearchField.Indexed,
            _ qualifiedName: SearchField.Indexed
        ) {
            guard let references else { return untold.formUnion([name, displayName, qualifiedName]) }
            fields[name] = references.compactMap(\.name)
            fields[displayName] = references.compactMap { $0.displayName ?? $0.name }
            fields[qualifiedName] = references.compactMap { $0.fullyQualifiedName ?? $0.name }
        }
        set(.id, answer.id)
        set(.name, place.names.last)
        set(.displayName, answer.displayName ?? place.names.last)
        set(.fullyQualifiedName, answer.fullyQualifiedName)
        set(.description, answer.description)
        set(.descriptionStatus, answer.description?.isEmpty == false ? "COMPLETE" : "INCOMPLETE")
        set(.entityType, kind.indexName)
        set(.tableType, answer.tableType)
        set(.serviceType, serviceType)
        set(.deleted, "\(answer.deleted ?? false)")
        set(.entityStatus, answer.entityStatus)
        set(.version, answer.version.map { "\($0)" })
        set(.updatedBy, answer.updatedBy)
        set(.updatedAt, answer.updatedAt.map { "\($0)" })
        if let followers = answer.followers { fields[.followers] = followers.compactMap(\.id) } else { untold.insert(.followers) }

        set(
            [answer.service ?? ReferenceAnswer(name: place.service)], .serviceName, .serviceDisplayName,
            .serviceFullyQualifiedName)
        set(.pathService, place.service)
        for (field, name) in zip([.pathDatabase, .pathSchema, .pathTable] as [SearchField.Indexed], place.names) { set(field, name) }
        // Of what holds the entity, not of the entity itself.
        if place.names.count > 1 {
            set(
                [answer.database ?? ReferenceAnswer(name: place.names[0])], .databaseName, .databaseDisplayName,
                .databaseFullyQualifiedName)
        }
        if place.names.count > 2 {
            set(
                [answer.databaseSchema ?? ReferenceAnswer(name: place.names[1])], .schemaName, .schemaDisplayName,
                .schemaFullyQualifiedName)
        }
        set(answer.domains ?? answer.domain.map { [$0] }, .domainName, .domainDisplayName, .domainFullyQualifiedName)
        set(answer.dataProducts, .dataProductName, .dataProductDisplayName, .dataProductFullyQualifiedName)

        let ownerFields: [SearchField.Indexed] = [
            .ownerID, .ownerType, .ownerName, .ownerDisplayName, .ownerFullyQualifiedName,
        ]
        if let all = answer.owners ?? answer.owner.map({ [$0] }) {
            fields[.ownerID] = all.compactMap(\.id)
            fields[.ownerType] = all.map(\.type)
            let names = all.map { owner in OwnerReference.Kind(rawValue: owner.type).flatMap { principals.name(of: owner, $0) } }
            fields[.ownerName] = names.compactMap { $0 }
            fields[.ownerDisplayName] = zip(all, names).compactMap { $0.displayName ?? $1 }
            fields[.ownerFullyQualifiedName] = zip(all, names).compactMap { $0.fullyQualifiedName ?? $1 }
        } else {
            untold.formUnion(ownerFields)
        }

        var columnNames: [String] = [], described = 0
        var tags = answer.tags ?? []
        func add(_ columns: [ColumnAnswer]) {
            for column in columns {
                columnNames.append(ReservedToken.decode(column.name))
                if column.description?.isEmpty == false { described += 1 }
                tags += column.tags ?? []
                add(column.children ?? [])
            }
        }
        add(answer.columns ?? [])
        fields[.columnName] = columnNames
        if kind == .table { set(.columnDescriptionStatus, described == columnNames.count ? "COMPLETE" : "INCOMPLETE") }

        let tagFields: [SearchField.Indexed] = [
            .tag, .tagLabelType, .tagSource, .classificationTag, .glossaryTag, .tier, .tierLabelType, .certification,
        ]
        if answer.tags == nil {
            untold.formUnion(tagFields)
        } else {
            let tiers = (answer.tags ?? []).filter { $0.tagFQN.hasPrefix("Tier.") }
            let others = tags.filter { !$0.tagFQN.hasPrefix("Tier.") }
            fields[.tier] = tiers.map(\.tagFQN)
            fields[.tierLabelType] = tiers.compactMap(\.labelType)
            fields[.tag] = others.map(\.tagFQN)
            fields[.tagLabelType] = others.compactMap(\.labelType)
            fields[.tagSource] = others.map { $0.source ?? "Classification" }
            fields[.classificationTag] = others.filter { ($0.source ?? "Classification") == "Classification" }.map(\.tagFQN)
            fields[.glossaryTag] = others.filter { $0.source == "Glossary" }.map(\.tagFQN)
            set(.certification, answer.certification?.tagLabel?.tagFQN)
        }
        self.init(
            fields, untold: untold,
            properties: answer.extension.map { values in
                values.sorted { $0.key < $1.key }.map { Property(name: $0.key, values: $0.value.texts) }
            })
    }
}

extension EntityKind {
    /// The catalog's own word for it.
    fileprivate var indexName: String {
        switch self {
        case .database: "database"
        case .schema: "databaseSchema"
        case .table: "table"
        case .column: "tableColumn"
        case .procedure: "storedProcedure"
        }
    }
}
