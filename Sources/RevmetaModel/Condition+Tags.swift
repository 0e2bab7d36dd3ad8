extension Condition {
    /// Whether it depends on tags.
    public var asksForTags: Bool {
        switch self {
        case .always, .never: false
        case .all(let conditions), .some(let conditions, _): conditions.contains(where: \.asksForTags)
        case .not(let condition), .property(let condition): condition.asksForTags
        case .field(let field, _), .exists(let field), .count(let field, _, _, _): field.isOfTags
        }
    }
}

extension SearchField {
    /// What a column has of its own. Tiers are its table's.
    public var isOfTags: Bool {
        switch self {
        case .indexed(let field): [.tag, .tagLabelType, .tagSource, .classificationTag, .glossaryTag].contains(field)
        default: false
        }
    }
}
