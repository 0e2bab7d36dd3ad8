import RevmetaPlugin

/// What the session's role may do, as far as some changes need it. Read in one round trip.
struct Privileges {
    struct Role {
        /// The session's role has the role's privileges, ownership among them.
        var isMine: Bool
        /// The session's role is a member of it, and may have to ask for its privileges.
        var hasMe: Bool
        var isSuperuser: Bool
        /// The session's role may give objects to it.
        var canOwn: Bool
    }

    let user: String
    private let flavour: Flavour
    /// The server is a standby, or has the role only read.
    private(set) var mayOnlyRead = false
    private(set) var isSuperuser = false
    private(set) var mayCreateDatabases = false
    private(set) var mayCreateSchemas = false
    /// The roles that exist, of those asked for.
    private(set) var roles: [ExactText: Role] = [:]
    private(set) var usableSchemas: Set<ExactText> = []
    /// Schemas, each with a new owner that may create in it.
    private(set) var creators: Set<RelationName> = []

    init(_ changes: [Change], owners: [String], _ connection: Connection, _ call: Call) throws(Failure) {
        user = connection.user
        flavour = connection.flavour
        let newOwners = changes.filter { $0.attribute == "owner" }
        let roleNames = Array(Set((owners + newOwners.compactMap(\.value)).map(ExactText.init)).filter(\.isName))
        let schemas = Array(Set(changes.filter { $0.path.count > 1 }.map { ExactText($0.path[1]) }).filter(\.isName))
        let pairs = Array(Set(newOwners.filter { $0.path.count > 2 }.map { RelationName($0.path[1], $0.value ?? "") }))
            .filter { $0.schema.isName && $0.name.isName }

        let answers = try connection.rows(
            [
                Self.ownQuery,
                Self.rolesQuery(roleNames, connection.flavour),
                Self.schemasQuery(schemas),
                Self.creatorsQuery(pairs),
            ], call)
        isSuperuser = answers[0].isTrue(0, 0)
        mayCreateDatabases = answers[0].isTrue(0, 1)
        mayCreateSchemas = answers[0].isTrue(0, 2)
        mayOnlyRead = answers[0].isTrue(0, 3)
        for row in 0..<answers[1].count {
            roles[roleNames[answers[1].integer(row, 0) - 1]] = Role(
                isMine: answers[1].isTrue(row, 1), hasMe: answers[1].isTrue(row, 2), isSuperuser: answers[1].isTrue(row, 3),
                canOwn: answers[1].isTrue(row, 4))
        }
        usableSchemas = Set((0..<answers[2].count).map { schemas[answers[2].integer($0, 0) - 1] })
        creators = Set((0..<answers[3].count).map { pairs[answers[3].integer($0, 0) - 1] })
    }

    /// The statement that lets the session's role use what it is a member of.
    func inheriting(_ role: String) -> String {
        flavour.grantsInherit
            ? "GRANT \(shown(role)) TO \(shown(user)) WITH INHERIT TRUE" : "ALTER ROLE \(shown(user)) INHERIT"
    }

    private static let ownQuery = Query(
        name: "own privileges",
        text: """
            SELECT r.rolsuper, r.rolcreatedb, has_database_privilege(current_database(), 'CREATE'),
                current_setting('transaction_read_only') = 'on'
            FROM pg_roles r WHERE r.rolname = current_user
            """)

    private static func rolesQuery(_ names: [ExactText], _ flavour: Flavour) -> Query {
        Query(
            name: "roles",
            text: """
                SELECT asked.position, pg_has_role(r.oid, 'USAGE'), pg_has_role(r.oid, 'MEMBER'), r.rolsuper,
                    pg_has_role(r.oid, '\(flavour.ownerPrivilege)')
                FROM unnest($1::text[]) WITH ORDINALITY AS asked(name, position)
                JOIN pg_roles r ON r.rolname = asked.name
                """,
            parameters: [array(names)])
    }

    private static func schemasQuery(_ names: [ExactText]) -> Query {
        Query(
            name: "usable schemas",
            text: """
                SELECT asked.position
                FROM unnest($1::text[]) WITH ORDINALITY AS asked(name, position)
                JOIN pg_namespace n ON n.nspname = asked.name
                WHERE has_schema_privilege(n.oid, 'USAGE')
                """,
            parameters: [array(names)])
    }

    private static func creatorsQuery(_ pairs: [RelationName]) -> Query {
        Query(
            name: "creators",
            text: """
                SELECT asked.position
                FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(schema, role, position)
                JOIN pg_namespace n ON n.nspname = asked.schema
                JOIN pg_roles r ON r.rolname = asked.role
                WHERE has_schema_privilege(r.oid, n.oid, 'CREATE')
                """,
            parameters: [array(pairs.map(\.schema)), array(pairs.map(\.name))])
    }

    private static func array(_ names: [ExactText]) -> String {
        var array = TextArray()
        for name in names { array.append(name.text) }
        return array.parameter
    }
}

extension ExactText {
    /// Whether a name can be asked for at all.
    fileprivate var isName: Bool { !text.isEmpty && !text.holdsNUL }
}
