import RevmetaPlugin

/// What differs between the servers that speak this protocol: releases of PostgreSQL, for now.
struct Flavour: Equatable {
    /// `150018` for 15.18.
    let version: Int

    /// Comparing a name with a text, without cutting the text at 63 bytes, needs release 12.
    private static let oldest = 120_000

    init(version: Int) throws(Failure) {
        guard version >= Self.oldest else {
            throw Failure(
                .failed,
                "the server reports version \(version / 10_000).\(version / 100 % 100), and this connector needs "
                    + "PostgreSQL 12 or newer")
        }
        self.version = version
    }

    /// Whether each grant of a role says whether its privileges are inherited; before, the member did.
    var grantsInherit: Bool { version >= 160_000 }

    /// What `pg_has_role` must be asked for, to learn whether objects may be given to a role.
    var ownerPrivilege: String {
        version >= 160_000 ? "SET" : "MEMBER"
    }
}
