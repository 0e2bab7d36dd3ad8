internal import RevmetaModel

/// A field as a filter names it.
struct NamedField {
    var field: SearchField
    /// The index keeps the field in lower case, so filters that were saved from it are; a few fields it keeps as they are.
    var ignoresCase = true
    /// The index keeps words of it, not the whole.
    var isText = false

    /// Finds a field by a name that the index has or had. Nil: there is none.
    init?(_ name: String) {
        if let property = Self.property(name) {
            field = .property(property)
            return
        }
        switch name {
        case "customPropertiesTyped.name": field = .propertyName
        case _ where Self.propertyValues.contains(name): field = .propertyValue
        default:
            guard let indexed = Self.indexed[name] ?? Self.indexed[Self.withoutKeyword(name)] else { return nil }
            field = .indexed(indexed)
            ignoresCase = !Self.exact.contains(name)
            isText = Self.texts.contains(name)
        }
    }

    /// All the names there are, for an error.
    static var known: [String] { indexed.keys.sorted() + ["extension.PROPERTY", "customPropertiesTyped.name"] }

    private static func withoutKeyword(_ name: String) -> String {
        name.hasSuffix(".keyword") ? String(name.dropLast(8)) : name
    }

    /// `extension.costCenter.keyword`, `extension.table.costCenter`.
    private static func property(_ name: String) -> String? {
        guard name.hasPrefix("extension.") else { return nil }
        let names = withoutKeyword(name).split(separator: ".", omittingEmptySubsequences: false).dropFirst()
        let rest = names.count > 1 && entityTypes.contains(names.first!) ? names.dropFirst() : names
        return rest.contains("") ? nil : rest.joined(separator: ".")
    }

    private static let entityTypes: Set<Substring> = ["table", "database", "databaseSchema", "storedProcedure"]
    private static let exact: Set<String> = [
        "displayName.actualCase", "descriptionStatus", "columnDescriptionStatus", "id", "domains.name.keyword", "owners.id",
        "followers",
    ]
    private static let texts: Set<String> = ["description", "name", "displayName"]
    private static let propertyValues = Set(
        ["stringValue", "textValue", "longValue", "doubleValue", "start", "end", "refName", "refId", "refFqn"].flatMap {
            ["customPropertiesTyped.\($0)", "customPropertiesTyped.\($0).keyword"]
        })

    /// By their names without `.keyword`, older ones too.
    private static let indexed: [String: SearchField.Indexed] = [
        "id": .id, "name": .name, "displayName": .displayName, "displayName.actualCase": .displayName,
        "fullyQualifiedName": .fullyQualifiedName, "description": .description, "descriptionStatus": .descriptionStatus,
        "columnDescriptionStatus": .columnDescriptionStatus, "entityType": .entityType, "tableType": .tableType,
        "serviceType": .serviceType, "deleted": .deleted, "entityStatus": .entityStatus, "version": .version,
        "updatedBy": .updatedBy, "updatedAt": .updatedAt, "followers": .followers,
        "owners.id": .ownerID, "owners.type": .ownerType, "owners.name": .ownerName,
        "owners.displayName": .ownerDisplayName, "owners.fullyQualifiedName": .ownerFullyQualifiedName,
        "owner.id": .ownerID, "owner.type": .ownerType, "owner.name": .ownerName, "owner.displayName": .ownerDisplayName,
        "owner.fullyQualifiedName": .ownerFullyQualifiedName, "ownerName": .ownerName, "ownerDisplayName": .ownerDisplayName,
        "tags.tagFQN": .tag, "tags.labelType": .tagLabelType, "tags.source": .tagSource,
        "classificationTags": .classificationTag, "glossaryTags": .glossaryTag, "tier.tagFQN": .tier,
        "tier.labelType": .tierLabelType, "certification.tagLabel.tagFQN": .certification,
        "service.name": .serviceName, "service.displayName": .serviceDisplayName,
        "service.fullyQualifiedName": .serviceFullyQualifiedName,
        "database.name": .databaseName, "database.displayName": .databaseDisplayName,
        "database.fullyQualifiedName": .databaseFullyQualifiedName,
        "databaseSchema.name": .schemaName, "databaseSchema.displayName": .schemaDisplayName,
        "databaseSchema.fullyQualifiedName": .schemaFullyQualifiedName,
        "domains.name": .domainName, "domains.displayName": .domainDisplayName,
        "domains.fullyQualifiedName": .domainFullyQualifiedName, "domain.name": .domainName,
        "domain.displayName": .domainDisplayName, "domain.fullyQualifiedName": .domainFullyQualifiedName,
        "dataProducts.name": .dataProductName, "dataProducts.displayName": .dataProductDisplayName,
        "dataProducts.fullyQualifiedName": .dataProductFullyQualifiedName,
        "columns.name": .columnName, "columnNames": .columnName,
    ]
}
