/// An entity as the catalog's search index has it: what filters are about.
///
/// Each field has any number of values, as texts. A table's columns share its document.
public final class SearchDocument: Sendable {
    private let values: [[String]]
    /// Fields that the catalog's answer does not tell: nothing may be concluded from them.
    private let untold: Set<SearchField.Indexed>
    /// Custom properties, in any order; nil: the answer does not tell them.
    public let properties: [Property]?

    public struct Property: Sendable, Equatable {
        public var name: String
        public var values: [String]

        public init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    public init(
        _ fields: [SearchField.Indexed: [String]], untold: Set<SearchField.Indexed> = [], properties: [Property]? = []
    ) {
        var values = [[String]](repeating: [], count: SearchField.Indexed.allCases.count)
        for (field, texts) in fields { values[field.rawValue] = texts }
        self.values = values
        self.untold = untold
        self.properties = properties
    }

    /// A field's values; nil: they are not known.
    public func values(of field: SearchField) -> [String]? {
        switch field {
        case .indexed(let field): return untold.contains(field) ? nil : values[field.rawValue]
        case .property(let name):
            guard let properties else { return nil }
            return properties.first { $0.name == name }?.values ?? []
        // Of one property at a time: a document has none of its own.
        case .propertyName, .propertyValue: return []
        }
    }
}

/// What a filter can ask of an entity.
public enum SearchField: Sendable, Hashable {
    case indexed(Indexed)
    /// A custom property's value.
    case property(String)
    /// Within a condition on one custom property: its name, its value.
    case propertyName
    case propertyValue

    /// The search index's own fields.
    public enum Indexed: Int, Sendable, Hashable, CaseIterable {
        case id, name, displayName, fullyQualifiedName, description, descriptionStatus, columnDescriptionStatus
        case entityType, tableType, serviceType, deleted, entityStatus, version, updatedBy, updatedAt, followers
        case ownerID, ownerType, ownerName, ownerDisplayName, ownerFullyQualifiedName
        /// Tags of the entity and its columns, but for the tier.
        case tag, tagLabelType, tagSource, classificationTag, glossaryTag, tier, tierLabelType, certification
        case serviceName, serviceDisplayName, serviceFullyQualifiedName
        case databaseName, databaseDisplayName, databaseFullyQualifiedName
        case schemaName, schemaDisplayName, schemaFullyQualifiedName
        case domainName, domainDisplayName, domainFullyQualifiedName
        case dataProductName, dataProductDisplayName, dataProductFullyQualifiedName
        case columnName
        /// The names that lead to the entity, its own included, as patterns of names ask for them.
        case pathService, pathDatabase, pathSchema, pathTable
    }
}

extension SearchDocument: Equatable {
    public static func == (one: SearchDocument, other: SearchDocument) -> Bool {
        one === other
            || one.values == other.values && one.untold == other.untold && one.properties == other.properties
    }
}

extension SearchField: CustomStringConvertible {
    public var description: String {
        switch self {
        case .indexed(.pathService): "service"
        case .indexed(.pathDatabase): "database"
        case .indexed(.pathSchema): "schema"
        case .indexed(.pathTable): "table"
        case .indexed(let field): "\(field)"
        case .property(let name): "extension.\(name)"
        case .propertyName: "the property's name"
        case .propertyValue: "the property's value"
        }
    }
}
