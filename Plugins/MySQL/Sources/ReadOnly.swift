import RevmetaPlugin

/// Whether the server lets a session read only, as a replica does, before anything is tried.
struct ReadOnly {
    /// The variable that says so; nil: the session may write.
    let variable: String?

    init(_ connection: Connection, _ grants: Grants, _ call: Call) throws(Failure) {
        let ofAll = connection.flavour.isMariaDB ? "''" : "@@global.super_read_only"
        let rows = try connection.rows(
            "SELECT @@global.read_only, \(ofAll)", of: "asking whether the server is read-only", call)
        guard rows.next() else {
            variable = nil
            return
        }
        variable = Self.variable(
            readOnly: rows.text(0) ?? "", superReadOnly: rows.text(1) ?? "",
            isPrivileged: grants.holdEverywhere(Self.privileges(connection.flavour)))
    }

    /// - Parameter readOnly: `0` or `1`; newer MariaDB has words, one of which goes for all.
    static func variable(readOnly: String, superReadOnly: String, isPrivileged: Bool) -> String? {
        if ["1", "ON"].contains(superReadOnly) { return "super_read_only" }
        if ["", "0", "OFF"].contains(readOnly) { return nil }
        return isPrivileged && readOnly != "NO_LOCK_NO_ADMIN" ? nil : "read_only"
    }

    /// The privileges of which one lets a session write nevertheless.
    static func privileges(_ flavour: Flavour) -> Set<String> {
        guard flavour.isMariaDB else { return ["SUPER", "CONNECTION_ADMIN"] }
        // Spelled one way or the other in `SHOW GRANTS`. From 10.11 on SUPER does not bring it along.
        let own: Set = ["READ_ONLY ADMIN", "READ ONLY ADMIN"]
        return flavour.version < 10_11_00 ? own.union(["SUPER"]) : own
    }

    /// The same for each change, so that it is told once.
    func failure(_ account: Account) -> Failure? {
        variable.map {
            Failure(
                .config, "the server only lets \(account.name) read (\($0) is set there, as on a replica); give the primary "
                    + "server's address as hostPort")
        }
    }
}
