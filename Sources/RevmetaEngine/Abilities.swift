internal import RevmetaModel

/// What a session can do, by kind and attribute.
struct Abilities: Sendable {
    private var byKind: [SourceKind: [Attribute: Ability]] = [:]

    init(_ abilities: [Ability]) {
        for ability in abilities { byKind[ability.kind, default: [:]][ability.attribute] = ability }
    }

    /// The ability for an attribute of a kind; one that is not named is unsupported.
    func ability(_ attribute: Attribute, of kind: SourceKind) -> Ability {
        let abilities = byKind[kind] ?? [:]
        if let own = abilities[attribute] { return own }
        if attribute.isTag, let any = abilities[.anyTag] { return any }
        return Ability(kind: kind, attribute: attribute, support: .unsupported)
    }

    /// Whether any kind has an attribute, so that it is worth asking for.
    func supportsSomewhere(_ attribute: Attribute) -> Bool {
        byKind.values.contains { abilities in
            let ability = abilities[attribute] ?? (attribute.isTag ? abilities[.anyTag] : nil)
            return ability?.support == .full
        }
    }

    /// Why tags are not supported, in the connector's words.
    var tagNote: String? {
        byKind.values.compactMap { $0[.anyTag]?.note }.first
    }
}

extension Ability {
    /// An empty text is nothing where the source makes them one value.
    func normalised(_ value: String?) -> String? {
        emptyIsNull && value?.isEmpty == true ? nil : value
    }
}

extension Attribute {
    var isTag: Bool { rawValue.hasPrefix(Attribute.anyTag.rawValue) }
}
