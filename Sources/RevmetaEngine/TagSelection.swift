internal import RevmetaModel

/// Which tags a source should have of what the catalog knows of an entity.
struct TagSelection: Sendable {
    private struct Tag {
        var key: String
        var value: String
    }

    /// Each key with its value; nil: the catalog's answer does not tell, and nothing may be concluded.
    ///
    /// - Parameter serviceType: Of the service that is written to.
    func wanted(of entity: CatalogEntity, serviceType: String?, _ policies: TagPolicies) -> [(Attribute, Wanted)]? {
        guard let tags = tags(of: entity, policies.sources) else { return nil }
        var values: [(key: String, values: [String])] = []
        for tag in tags {
            guard let tag = applied(policies.rules, to: tag, serviceType: serviceType) else { continue }
            if let index = values.firstIndex(where: { $0.key.utf8.elementsEqual(tag.key.utf8) }) {
                if !values[index].values.contains(where: { $0.utf8.elementsEqual(tag.value.utf8) }) {
                    values[index].values.append(tag.value)
                }
            } else {
                values.append((tag.key, [tag.value]))
            }
        }
        return values.map { key, values in (.tag(key), Self.value(values, of: key, policies)) }
    }

    private static func value(_ values: [String], of key: String, _ policies: TagPolicies) -> Wanted {
        guard values.count > 1 else { return .present(values[0]) }
        switch policies.onAmbiguous {
        case .first: return .present(values[0])
        // Sorted, so that the same tags in another order are the same text.
        case .join: return .present(values.sorted().joined(separator: policies.joiner))
        case .fail:
            return .refused(
                reason: "the catalog has several values for the tag '\(key)': \(values.joined(separator: ", ")); remove all but "
                    + "one, or set onAmbiguousTag to join or first")
        }
    }

    // MARK: Where tags come from

    private func tags(of entity: CatalogEntity, _ sources: Set<TagSource>) -> [Tag]? {
        var tags: [Tag] = []
        if !sources.isDisjoint(with: [.classification, .glossary, .tier]) {
            guard case .known(let labels) = entity.tags else { return nil }
            for label in labels {
                let source: TagSource = label.source == "Glossary" ? .glossary : label.isTier ? .tier : .classification
                if sources.contains(source), let tag = Self.tag(label.tagFQN) { tags.append(tag) }
            }
        }
        // The rest is told of tables, not of their columns.
        guard entity.kind != .column, !sources.isDisjoint(with: [.certification, .domain, .property]) else { return tags }
        guard let document = entity.document else { return nil }
        if sources.contains(.certification) {
            guard let names = document.values(of: .indexed(.certification)) else { return nil }
            tags += names.compactMap(Self.tag)
        }
        if sources.contains(.domain) {
            guard let names = document.values(of: .indexed(.domainFullyQualifiedName)) else { return nil }
            tags += names.map { Tag(key: "Domain", value: Self.unquoted($0)) }
        }
        if sources.contains(.property) {
            guard let properties = document.properties else { return nil }
            for property in properties { tags += property.values.map { Tag(key: property.name, value: $0) } }
        }
        return tags
    }

    /// The outermost name is the key, the rest the value: `A.B.C` is `B.C` of `A`.
    private static func tag(_ name: String) -> Tag? {
        guard let names = EntityPath(name)?.names, names.count > 1 else { return nil }
        return Tag(key: names[0], value: names.dropFirst().joined(separator: "."))
    }

    private static func unquoted(_ name: String) -> String {
        EntityPath(name)?.names.joined(separator: ".") ?? name
    }

    // MARK: What they become

    private func applied(_ rules: [TagRule], to tag: Tag, serviceType: String?) -> Tag? {
        guard !rules.isEmpty else { return tag }
        let name = "\(tag.key).\(tag.value)"
        for rule in rules {
            guard rule.serviceTypes.isEmpty || serviceType.map({ rule.serviceTypes.contains($0.lowercased()) }) == true,
                let captures = rule.pattern.captures(name)
            else { continue }
            guard case .rename(let key, let value) = rule.result else { return nil }
            return Tag(key: key?.text(captures) ?? tag.key, value: value?.text(captures) ?? tag.value)
        }
        return tag
    }
}
