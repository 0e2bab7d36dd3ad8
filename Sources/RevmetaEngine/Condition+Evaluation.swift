public import RevmetaModel

extension Condition {
    /// Whether an entity is what it must be; nil: the catalog's answer does not tell what that depends on.
    public func matches(_ document: SearchDocument) -> Bool? {
        evaluate(of: document) { document.values(of: $0) }
    }

    /// The same of an entity.
    ///
    /// - Parameter ownTags: A column has its own tags, and else what its table has.
    func matches(_ entity: CatalogEntity, ownTags: Bool) -> Bool? {
        guard ownTags, entity.kind == .column, let document = entity.document else { return matches(entity.document) }
        return evaluate(of: document) { entity.values(of: $0, ownTags: true) }
    }

    /// The same of an entity that may have come without its document.
    func matches(_ document: SearchDocument?) -> Bool? {
        if case .always = self { return true }
        return document.flatMap { matches($0) }
    }

    /// The logic of three values: what is not known decides nothing, unless the rest decides without it.
    private func evaluate(of document: SearchDocument, _ values: (SearchField) -> [String]?) -> Bool? {
        switch self {
        case .always: return true
        case .never: return false
        case .all(let conditions):
            var isKnown = true
            for condition in conditions {
                switch condition.evaluate(of: document, values) {
                case true?: continue
                case false?: return false
                case nil: isKnown = false
                }
            }
            return isKnown ? true : nil
        case .some(let conditions, let atLeast):
            var met = 0, perhaps = 0
            for condition in conditions {
                switch condition.evaluate(of: document, values) {
                case true?: met += 1
                case false?: continue
                case nil: perhaps += 1
                }
                if met >= atLeast { return true }
            }
            return met >= atLeast ? true : met + perhaps >= atLeast ? nil : false
        case .not(let condition): return condition.evaluate(of: document, values).map { !$0 }
        case .field(let field, let test): return values(field).map { $0.contains(where: test.passes) }
        case .exists(let field): return values(field).map { !$0.isEmpty }
        case .count(let field, let test, let from, let to):
            guard let values = values(field) else { return nil }
            let count = test.map { test in values.count(where: test.passes) } ?? values.count
            return from <= count && count <= to
        case .property(let condition):
            guard let properties = document.properties else { return nil }
            return properties.contains { property in
                condition.evaluate(of: document) { field in
                    switch field {
                    case .propertyName: [property.name]
                    case .propertyValue: property.values
                    default: values(field)
                    }
                } == true
            }
        }
    }
}

extension CatalogEntity {
    /// A field's values; nil: they are not known.
    func values(of field: SearchField, ownTags: Bool) -> [String]? {
        ownTags && kind == .column && field.isOfTags ? self.ownTags(field) : document?.values(of: field)
    }

    private func ownTags(_ field: SearchField) -> [String]? {
        guard case .known(let all) = tags else { return nil }
        let labels = all.filter { !$0.isTier }
        return switch field {
        case .indexed(.tag): labels.map(\.tagFQN)
        case .indexed(.tagLabelType): labels.compactMap(\.labelType)
        case .indexed(.tagSource): labels.map(\.source)
        case .indexed(.classificationTag): labels.filter { $0.source == "Classification" }.map(\.tagFQN)
        case .indexed(.glossaryTag): labels.filter { $0.source == "Glossary" }.map(\.tagFQN)
        default: []
        }
    }
}

extension TextTest {
    func passes(_ value: String) -> Bool {
        switch form {
        case .equals(let text): return isSame(value, text)
        case .oneOf(let texts): return texts.contains { isSame(value, $0) }
        case .prefix(let text): return folded(value).utf8.starts(with: text.utf8)
        case .contains(let text): return folded(value).contains(text)
        case .isWithin(let text): return text.contains(folded(value))
        case .pattern(let pattern): return pattern.matches(folded(value))
        case .expression(let expression): return expression.matches(value)
        case .range(let from, let isFromIncluded, let to, let isToIncluded):
            guard let number = Double(value) else { return false }
            if let from, isFromIncluded ? number < from : number <= from { return false }
            if let to, isToIncluded ? number > to : number >= to { return false }
            return true
        case .words(let words, let all):
            let found = Set(Self.words(of: folded(value)))
            return all ? words.allSatisfy(found.contains) : words.contains(where: found.contains)
        }
    }

    private func folded(_ value: String) -> String { ignoresCase ? value.lowercased() : value }

    /// Compares with a text that is in lower case already if case does not count. Most texts are ASCII, which needs no copy.
    private func isSame(_ value: String, _ text: String) -> Bool {
        guard ignoresCase else { return value.utf8.elementsEqual(text.utf8) }
        var isPlain = true
        let isSame = value.utf8.elementsEqual(text.utf8) { one, other in
            isPlain = isPlain && one < 0x80
            return (0x41...0x5A).contains(one) ? one | 0x20 == other : one == other
        }
        return isSame || !isPlain && value.lowercased().utf8.elementsEqual(text.utf8)
    }
}
