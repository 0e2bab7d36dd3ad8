internal import RevmetaPlugin

/// What this connector can do, and what it cannot: what abilities says is what plan and execute go by.
extension Ability {
    static let ofNotes: [Ability] = [
        description(of: "schema"),
        description(of: "table"),
        description(of: "column"),
        Ability(kind: "table", attribute: "owner", emptyIsNull: true, text: .noNUL, maxLength: 255),
        no("owner", of: "schema", "only files have an owner line: set the owners of the tables"),
        no("owner", of: "column", "only files have an owner line: set the owner of the table"),
        no("description", of: "database", "notes are kept in the folders of the schemas: describe the schemas"),
    ]

    static func ofNotes(_ kind: String, _ attribute: String) -> Ability? {
        ofNotes.first { $0.kind.isSame(as: kind) && $0.attribute.isSame(as: attribute) }
    }

    /// Throws why a value cannot be kept.
    static func check(_ kind: String, _ attribute: String, _ value: String?) throws(Failure) {
        guard let ability = ofNotes(kind, attribute), ability.support == .full else {
            let note = ofNotes(kind, attribute)?.note ?? "see the connector's abilities"
            throw Failure(.unsupported, "no \(attribute) of a \(kind) can be kept in NOTES.txt: \(note)")
        }
        guard let value, !value.isEmpty else {
            if ability.canClear { return }
            throw Failure(.unsupported, "the \(attribute) of a \(kind) cannot be cleared, only replaced")
        }
        if value.utf8.contains(0) {
            throw Failure(.invalid, "the \(attribute) holds a NUL, which a text file cannot: take it out")
        }
        if let limit = ability.maxLength, value.utf8.count > limit {
            throw Failure(
                .invalid, "the \(attribute) must have at most \(limit) bytes, found \(value.utf8.count): shorten it")
        }
    }

    /// The limit is this connector's own: a longer text does not belong in a file that people read.
    private static func description(of kind: String) -> Ability {
        Ability(
            kind: kind, attribute: "description", canClear: true, emptyIsNull: true, text: .noNUL, maxLength: 65_536)
    }

    private static func no(_ attribute: String, of kind: String, _ note: String) -> Ability {
        Ability(kind: kind, attribute: attribute, support: .unsupported, note: note)
    }
}
