import RevmetaPlugin

/// The roles of the server that may be given something.
enum Roles {
    /// Those of some names that are roles. One round trip, if there are names at all.
    static func existing(
        of names: some Sequence<String>, over connection: Connection, _ call: Call
    ) throws(Failure) -> Set<ExactText> {
        let names = Set(names.map(ExactText.init)).filter { !$0.text.isEmpty && !$0.text.holdsNUL }
        guard !names.isEmpty else { return [] }
        var array = TextArray()
        for name in names { array.append(name.text) }
        let rows = try connection.rows(
            Query(name: "roles that exist", text: "SELECT rolname FROM pg_roles WHERE rolname = ANY ($1::text[])",
                parameters: [array.parameter]),
            call)
        return Set((0..<rows.count).compactMap { rows.text($0, 0).map(ExactText.init) })
    }

    /// Nobody but a person can do something about it.
    static func missing(_ name: String) -> Failure {
        Failure(
            .config, "role \(name) does not exist at the source: CREATE ROLE \(shown(name)), or change owners.map")
    }
}
