public import RevmetaModel

/// Whether a channel selects an entity, and why.
public struct SelectionVerdict: Sendable, Equatable {
    /// Nil: the catalog's answer does not tell what the filter asks for.
    public var isSelected: Bool?
    /// What the filter asks, one thing a line, with its answer.
    public var reasons: [Reason]

    public struct Reason: Sendable, Equatable {
        /// How deep it stands in the filter.
        public var depth: Int
        public var text: String
        /// Nil: it is not known.
        public var isMet: Bool?
    }
}

extension Channel {
    /// Whether the channel selects an entity; nil: the catalog's answer does not tell what its filter asks for.
    public func selects(_ entity: CatalogEntity) -> Bool? {
        filter.selects(entity) ? filter.condition.matches(entity, ownTags: filter.columnsMatchOwnTags) : false
    }

    /// Whether the channel selects an entity, and what its filter says of it, part by part.
    public func explain(_ entity: CatalogEntity) -> SelectionVerdict {
        var reasons: [SelectionVerdict.Reason] = []
        func ask(_ text: String, _ isMet: Bool?) {
            reasons.append(SelectionVerdict.Reason(depth: 0, text: text, isMet: isMet))
        }
        ask("it is not deleted in the catalog", !entity.isDeleted)
        if !filter.kinds.isEmpty {
            ask("kinds: \(filter.kinds.map(\.rawValue).sorted().joined(separator: ", "))", filter.kinds.contains(entity.kind))
        }
        let names = [entity.service] + entity.path.names
        let levels = [
            ("services", filter.include.services, filter.exclude.services),
            ("databases", filter.include.databases, filter.exclude.databases),
            ("schemas", filter.include.schemas, filter.exclude.schemas),
            ("tables", filter.include.tables, filter.exclude.tables),
        ]
        for (index, (level, include, exclude)) in levels.enumerated() {
            func shown(_ patterns: [NamePattern]) -> String { patterns.map(\.text).joined(separator: ", ") }
            if !include.isEmpty {
                ask("\(level): \(shown(include))", index < names.count && include.contains { $0.matches(names[index]) })
            }
            if !exclude.isEmpty, index < names.count {
                ask("exclude: \(level): \(shown(exclude))", !exclude.contains { $0.matches(names[index]) })
            }
        }
        if !filter.tableTypes.isEmpty {
            ask(
                "tableTypes: \(filter.tableTypes.sorted().joined(separator: ", "))",
                entity.tableType.map { filter.tableTypes.contains($0.lowercased()) } ?? false)
        }
        if entity.document != nil {
            if filter.columnsMatchOwnTags, entity.kind == .column {
                ask("columnsMatchOwnTags: tags below are the column's own", true)
            }
            filter.condition.explain(of: entity, filter.columnsMatchOwnTags, depth: 0, into: &reasons)
        }
        return SelectionVerdict(isSelected: selects(entity), reasons: reasons)
    }
}

extension Condition {
    fileprivate func explain(
        of entity: CatalogEntity, _ ownTags: Bool, depth: Int, into reasons: inout [SelectionVerdict.Reason]
    ) {
        func ask(_ text: String) {
            reasons.append(SelectionVerdict.Reason(depth: depth, text: text, isMet: matches(entity, ownTags: ownTags)))
        }
        func found(_ field: SearchField) -> String { Self.found(entity.values(of: field, ownTags: ownTags)) }
        switch self {
        case .always: break
        case .never: ask("nothing")
        case .all(let conditions):
            ask(conditions.isEmpty ? "everything" : "all of")
            for condition in conditions { condition.explain(of: entity, ownTags, depth: depth + 1, into: &reasons) }
        case .some(let conditions, let atLeast):
            ask(atLeast == 1 ? "any of" : "at least \(atLeast) of")
            for condition in conditions { condition.explain(of: entity, ownTags, depth: depth + 1, into: &reasons) }
        case .not(let condition):
            ask("not")
            condition.explain(of: entity, ownTags, depth: depth + 1, into: &reasons)
        case .field(let field, let test):
            ask("\(field) \(test)\(found(field))")
        case .exists(let field): ask("\(field) has a value\(found(field))")
        case .count(let field, let test, let from, let to):
            let bounds = from == to ? "\(from)" : to == .max ? "\(from) or more" : "\(from) to \(to)"
            ask("\(field) has \(bounds) values\(test.map { " of which each \($0)" } ?? "")\(found(field))")
        case .property:
            let names = entity.document?.properties?.map(\.name).joined(separator: ", ")
            ask("a custom property as described, among: \(names ?? "not told by the catalog")")
        }
    }

    /// What is there, as far as it can be shown in a line.
    private static func found(_ values: [String]?) -> String {
        guard let values else { return ", which the catalog's answer does not tell" }
        guard !values.isEmpty else { return ", and there is none" }
        let shown = values.prefix(5).map { $0.count > 40 ? "'\($0.prefix(40))…'" : "'\($0)'" }.joined(separator: ", ")
        return ", and there is \(shown)\(values.count > 5 ? " and \(values.count - 5) more" : "")"
    }
}
