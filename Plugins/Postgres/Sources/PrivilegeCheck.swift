import RevmetaPlugin

/// Finds, for each change, why this session's role may not make it. Three round trips, however many changes.
struct PrivilegeCheck {
    let reader: Reader
    let connection: Connection

    /// Gives a failure for each change that may not be made.
    func failures(of changes: [Change], _ call: Call) throws(Failure) -> [Int: Failure] {
        // A column is its table's owner's: the table is looked up too.
        let own = changes.map { Entity(kind: $0.kind, path: $0.path) }
        let tables = changes.map { Entity(kind: "table", path: Array($0.path.prefix(3))) }
        let readings = try reader.read(own, call)
        let holders = changes.indices.filter { ObjectKind(rawValue: changes[$0].kind)?.level == .column }
        let parents = try reader.read(holders.map { tables[$0] }, call)
        var owners = readings.map(\.owner)
        for (index, parent) in zip(holders, parents) { owners[index] = parent.owner }

        let privileges = try Privileges(changes, owners: owners.compactMap { $0 }, connection, call)
        if privileges.mayOnlyRead {
            let readOnly = ServerError.readOnly.failure(of: "writing to database \(connection.database)")
            return Dictionary(uniqueKeysWithValues: changes.indices.map { ($0, readOnly) })
        }
        var failures: [Int: Failure] = [:]
        for (index, change) in changes.enumerated() {
            do throws(Failure) {
                try Self.check(change, readings[index], owner: owners[index], privileges)
            } catch {
                failures[index] = error
            }
        }
        return failures
    }

    private static func check(
        _ change: Change, _ reading: Reading, owner: String?, _ privileges: Privileges
    ) throws(Failure) {
        guard let kind = ObjectKind(rawValue: change.kind) else {
            throw Failure(.unsupported, "PostgreSQL has no '\(change.kind)'")
        }
        let object = kind.described(change.path)
        switch reading {
        case .absent: throw Failure(.notFound, "\(object) does not exist")
        case .unknown(_, let reason): throw Failure(.invalid, "\(object) is \(reason)")
        case .found(let found) where found.kind != kind:
            throw Failure(.notFound, "\(object) is a \(found.kind.rawValue)")
        case .found: break
        }
        let user = privileges.user
        if kind.level.depth > 2, !privileges.usableSchemas.contains(ExactText(change.path[1])) {
            throw Failure(
                .denied, "\(user) may not use schema \(change.path[1]), in which \(object) lies: "
                    + "GRANT USAGE ON SCHEMA \(shown(change.path[1])) TO \(shown(user))")
        }
        if let owner {
            let what = kind == .column ? "table " + change.path[1...2].joined(separator: ".") : object
            try checkMembership(of: owner, whichOwns: what, privileges)
        }
        if change.attribute == "owner", let newOwner = change.value {
            try checkOwner(newOwner, of: kind, change.path, privileges)
        }
    }

    private static func checkMembership(
        of owner: String, whichOwns object: String, _ privileges: Privileges
    ) throws(Failure) {
        let user = privileges.user
        let role = privileges.roles[ExactText(owner)]
        guard role?.isMine != true else { return }
        // Nobody should be told to grant that.
        guard role?.isSuperuser != true else {
            throw Failure(
                .denied, "\(owner), a superuser, owns \(object), so only superusers may change it: give it to another owner, "
                    + "or leave it out of the channel by 'exclude'")
        }
        guard role?.hasMe != true else {
            throw Failure(
                .denied, "\(user) is a member of \(owner), which owns \(object), but does not inherit its privileges: "
                    + privileges.inheriting(owner))
        }
        throw Failure(
            .denied, "\(user) must be a member of \(owner), which owns \(object): GRANT \(shown(owner)) TO \(shown(user))")
    }

    private static func checkOwner(
        _ newOwner: String, of kind: ObjectKind, _ path: [String], _ privileges: Privileges
    ) throws(Failure) {
        let user = privileges.user
        guard let role = privileges.roles[ExactText(newOwner)] else {
            throw Roles.missing(newOwner)
        }
        guard role.canOwn else {
            throw Failure(
                .denied, "\(user) must be a member of \(newOwner) to give it \(kind.described(path)): "
                    + "GRANT \(shown(newOwner)) TO \(shown(user))")
        }
        guard !privileges.isSuperuser else { return }
        switch kind.level {
        case .database:
            guard privileges.mayCreateDatabases else {
                throw Failure(
                    .denied, "\(user) needs CREATEDB to change the owner of a database: "
                        + "ALTER ROLE \(shown(user)) CREATEDB")
            }
        case .schema:
            guard privileges.mayCreateSchemas else {
                throw Failure(
                    .denied, "\(user) needs CREATE on database \(path[0]) to change the owner of a schema: "
                        + "GRANT CREATE ON DATABASE \(shown(path[0])) TO \(shown(user))")
            }
        case .relation, .routine, .column:
            guard privileges.creators.contains(RelationName(path[1], newOwner)) else {
                throw Failure(
                    .denied, "\(newOwner) needs CREATE on schema \(path[1]) to own \(kind.described(path)): "
                        + "GRANT CREATE ON SCHEMA \(shown(path[1])) TO \(shown(newOwner))")
            }
        }
    }
}

extension Reading {
    fileprivate var owner: String? {
        guard case .found(let found) = self, found.kind.hasOwner else { return nil }
        return found.owner
    }
}
