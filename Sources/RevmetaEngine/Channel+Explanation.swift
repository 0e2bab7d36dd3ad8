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

extension ChannelFilter {
    /// What the filter asks, one thing a line, parts of a thing after two blanks each.
    public var summary: [String] {
        var lines: [String] = []
        if !kinds.isEmpty { lines.append("kinds: \(kinds.map(\.rawValue).sorted().joined(separator: ", "))") }
        func list(_ prefix: String, _ patterns: Patterns) {
            let levels = [
                ("services", patterns.services), ("databases", patterns.databases), ("schemas", patterns.schemas),
                ("tables", patterns.tables),
            ]
            for (level, patterns) in levels where !patterns.isEmpty {
                lines.append("\(prefix)\(level): \(patterns.map(\.text).joined(separator: ", "))")
            }
        }
        list("", include)
        list("exclude: ", exclude)
        if !tableTypes.isEmpty { lines.append("tableTypes: \(tableTypes.sorted().joined(separator: ", "))") }
        if columnsMatchOwnTags { lines.append("columnsMatchOwnTags: true") }
        return lines + condition.summary
    }
}

extension Condition {
    /// What it asks, a part a line; parts of a part after two blanks each.
    fileprivate var summary: [String] {
        guard let words else { return [] }
        return [words] + parts.flatMap(\.summary).map { "  " + $0 }
    }

    /// What it asks, without its parts; nil: nothing.
    private var words: String? {
        switch self {
        case .always: nil
        case .never: "nothing"
        case .all(let conditions): conditions.isEmpty ? "everything" : "all of"
        case .some(_, let atLeast): atLeast == 1 ? "any of" : "at least \(atLeast) of"
        case .not: "not"
        case .field(let field, let test): "\(field) \(test)"
        case .exists(let field): "\(field) has a value"
        case .count(let field, let test, let from, let to):
            "\(field) has \(from == to ? "\(from)" : to == .max ? "\(from) or more" : "\(from) to \(to)") values"
                + (test.map { " of which each \($0)" } ?? "")
        case .property: "a custom property as described"
        }
    }

    private var parts: [Condition] {
        switch self {
        case .all(let conditions), .some(let conditions, _): conditions
        case .not(let condition): [condition]
        default: []
        }
    }

    fileprivate func explain(
        of entity: CatalogEntity, _ ownTags: Bool, depth: Int, into reasons: inout [SelectionVerdict.Reason]
    ) {
        guard let words else { return }
        let found: String
        switch self {
        case .field(let field, _), .exists(let field), .count(let field, _, _, _):
            found = Self.found(entity.values(of: field, ownTags: ownTags))
        case .property:
            let names = entity.document?.properties?.map(\.name).joined(separator: ", ")
            found = ", among: \(names ?? "not told by the catalog")"
        default: found = ""
        }
        reasons.append(
            SelectionVerdict.Reason(depth: depth, text: words + found, isMet: matches(entity, ownTags: ownTags)))
        for part in parts { part.explain(of: entity, ownTags, depth: depth + 1, into: &reasons) }
    }

    /// What is there, as far as it can be shown in a line.
    private static func found(_ values: [String]?) -> String {
        guard let values else { return ", which the catalog's answer does not tell" }
        guard !values.isEmpty else { return ", and there is none" }
        let shown = values.prefix(5).map { $0.count > 40 ? "'\($0.prefix(40))…'" : "'\($0)'" }.joined(separator: ", ")
        return ", and there is \(shown)\(values.count > 5 ? " and \(values.count - 5) more" : "")"
    }
}
