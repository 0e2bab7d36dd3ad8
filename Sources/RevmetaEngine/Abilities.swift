internal import RevmetaModel

/// What a session can do, by kind and attribute.
struct Abilities: Sendable {
    // Lists: a connector names a dozen kinds with some attributes each, and to hash two texts for each fact takes longer than
    // to look through them.
    private var kinds: [OfKind] = []

    private struct OfKind {
        let kind: SourceKind
        var abilities: [Ability] = []

        /// The place of an attribute's ability, or of the one for all tags; nil: it is not named.
        func place(of attribute: Attribute) -> Int? {
            abilities.firstIndex { $0.attribute == attribute }
                ?? (attribute.isTag ? abilities.firstIndex { $0.attribute == .anyTag } : nil)
        }
    }

    init(_ abilities: [Ability]) {
        for ability in abilities {
            let place = place(of: ability.kind) ?? kinds.count
            if place == kinds.count { kinds.append(OfKind(kind: ability.kind)) }
            // What is named last counts.
            kinds[place].abilities.removeAll { $0.attribute == ability.attribute }
            kinds[place].abilities.append(ability)
        }
    }

    private func place(of kind: SourceKind) -> Int? {
        kinds.firstIndex { $0.kind == kind }
    }

    /// The ability for an attribute of a kind; one that is not named is unsupported.
    func ability(_ attribute: Attribute, of kind: SourceKind) -> Ability {
        guard let place = place(of: kind), let own = kinds[place].place(of: attribute) else {
            return Ability(kind: kind, attribute: attribute, support: .unsupported)
        }
        return kinds[place].abilities[own]
    }

    /// Whether any kind has an attribute, so that it is worth asking for.
    func supportsSomewhere(_ attribute: Attribute) -> Bool {
        kinds.contains { kind in
            kind.place(of: attribute).map { kind.abilities[$0].support == .full } ?? false
        }
    }

    /// Why tags are not supported, in the connector's words.
    var tagNote: String? {
        for kind in kinds {
            if let note = kind.abilities.first(where: { $0.attribute == .anyTag })?.note { return note }
        }
        return nil
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
