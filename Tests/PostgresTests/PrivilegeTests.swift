import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

@Suite struct PrivilegeTests {
    @Test func aMemberOfTheOwnerMayDoAll() async throws {
        let source = try Source(Objects.all)
        let session = try await source.session()
        let objects = Objects.entities(source)
        func change(_ object: (entity: Entity, kind: SourceKind), _ attribute: Attribute, to value: String) -> Change {
            Change(kind: object.kind, path: object.entity.path, attribute: attribute, before: nil, value: value)
        }
        let refusals = try await session.check(
            objects.map { change($0, .description, to: "x") }
                + objects.filter { !["column", "database"].contains($0.kind) }
                .map { change($0, .owner, to: "new_owner") })
        #expect(refusals == [])
    }

    @Test func whatIsMissingIsNamedWithItsGrant() async throws {
        let source = try Source(
            "CREATE SCHEMA shut; CREATE TABLE shut.t (); CREATE SCHEMA ours; CREATE TABLE ours.t (c int)")
        try source.query(
            """
            CREATE TABLE public.theirs (c int); ALTER TABLE public.theirs OWNER TO stranger;
            REVOKE ALL ON SCHEMA shut FROM app_owner; ALTER SCHEMA shut OWNER TO stranger;
            """)
        let session = try await source.session()
        let expected: [(change: Change, status: Failure.Status, says: String)] = [
            (source.change("table", "public", "theirs", to: "x"), .denied, "GRANT stranger TO metadata_writer"),
            (source.change("column", "public", "theirs", "c", to: "x"), .denied, "which owns table public.theirs"),
            (source.change("table", "shut", "t", to: "x"), .denied, "GRANT USAGE ON SCHEMA shut TO metadata_writer"),
            (source.change("schema", "shut", to: "x"), .denied, "which owns schema shut"),
            (
                source.change("table", "ours", "t", attribute: .owner, to: "new_owner"), .denied,
                "GRANT CREATE ON SCHEMA ours TO new_owner"
            ),
            (
                source.change("table", "ours", "t", attribute: .owner, to: "stranger"), .denied,
                "GRANT stranger TO metadata_writer"
            ),
            (source.change("table", "ours", "t", attribute: .owner, to: "Nobody"), .config, "CREATE ROLE \"Nobody\""),
            (source.change("table", "ours", "gone", to: "x"), .notFound, "does not exist"),
            (source.change("column", "ours", "t", "gone", to: "x"), .notFound, "does not exist"),
            (source.change("view", "ours", "t", to: "x"), .notFound, "is a table"),
        ]
        let allowed = [source.change("table", "ours", "t", to: "x"), source.change("database", to: "x")]
        let refusals = try await session.check(expected.map(\.change) + allowed)
        #expect(refusals.map(\.index) == Array(expected.indices))
        for (refusal, expected) in zip(refusals, expected) {
            #expect(refusal.failure.status == expected.status, "\(expected)")
            #expect(refusal.failure.message.contains(expected.says), "\(refusal.failure.message)")
        }
    }

    /// A member that does not inherit is told how to, not to become a member again; nobody is told to become a superuser.
    @Test func whatAGrantWouldNotMendIsToldOtherwise() async throws {
        let source = try Source("CREATE TABLE ours ()")
        let name = "reserved_\(source.database.name)"
        try source.query("""
            RESET ROLE; CREATE TABLE supers (); CREATE ROLE \(name) LOGIN NOINHERIT IN ROLE app_owner;
            GRANT USAGE ON SCHEMA public TO \(name)
            """)
        let session = try await source.session(as: name)
        let refusals = try await session.check([
            source.change("table", "public", "ours", to: "x"), source.change("table", "public", "supers", to: "x"),
        ])
        #expect(refusals.map(\.failure.status) == [.denied, .denied])
        #expect(refusals.first?.failure.message == """
            \(name) is a member of app_owner, which owns table public.ours, but does not inherit its privileges: ALTER ROLE \
            \(name) INHERIT
            """)
        #expect(refusals.last?.failure.message == """
            postgres, a superuser, owns table public.supers, so only superusers may change it: give it to another owner, or leave \
            it out of the channel by 'exclude'
            """)
        try source.query("RESET ROLE; ALTER ROLE \(name) INHERIT")
        let again = try await source.session(as: name)
        #expect(try await again.check([source.change("table", "public", "ours", to: "x")]) == [])
    }

    @Test func aServerThatMayOnlyBeReadIsToldBeforeAnythingIsSent() async throws {
        let source = try Source("CREATE TABLE ours (c int)")
        try source.query("ALTER DATABASE \(source.database.name) SET default_transaction_read_only = on")
        let session = try await source.session()
        let refusals = try await session.check([
            source.change("table", "public", "ours", to: "x"), source.change("column", "public", "ours", "c", to: "x"),
        ])
        #expect(refusals.map(\.index) == [0, 1])
        #expect(refusals.allSatisfy { $0.failure.status == .config && $0.failure.message.contains("only lets this role read") })
    }

    @Test func giftsOfSchemasAndDatabasesNeedMore() async throws {
        let source = try Source("CREATE SCHEMA ours")
        try source.query("REVOKE CREATE ON DATABASE \(source.database.name) FROM app_owner")
        try source.query("CREATE ROLE plain_\(source.database.name) LOGIN IN ROLE app_owner, new_owner")
        let session = try await source.session(as: "plain_\(source.database.name)")
        let refusals = try await session.check([
            source.change("schema", "ours", attribute: .owner, to: "new_owner"),
            source.change("database", attribute: .owner, to: "new_owner"),
        ])
        #expect(refusals.map(\.failure.status) == [.denied, .denied])
        #expect(refusals[0].failure.message.contains("GRANT CREATE ON DATABASE"))
        #expect(refusals[1].failure.message.contains("CREATEDB"))
    }

    @Test func aRefusedStatementNamesTheGrantToo() async throws {
        let source = try Source("CREATE TABLE ours (); CREATE TABLE theirs (c int); CREATE TABLE given ()")
        try source.query("ALTER TABLE theirs OWNER TO stranger; ")
        let session = try await source.session()
        let execution = try await session.apply([
            source.change("table", "public", "theirs", to: "x"),
            source.change("column", "public", "theirs", "c", to: "x"),
            source.change("table", "public", "ours", to: "x"),
            source.change("table", "public", "given", attribute: .owner, before: "app_owner", to: "stranger"),
        ])
        #expect(execution.failures.mapValues(\.status) == [0: .denied, 1: .denied, 3: .denied])
        #expect(execution.failures[0]?.sqlState == "42501")
        #expect(
            execution.failures[0]?.message
                == "metadata_writer must be a member of stranger, which owns table public.theirs: "
                + "GRANT stranger TO metadata_writer")
        #expect(execution.failures[3]?.message.contains("GRANT stranger TO metadata_writer") == true)
        #expect(execution.outcomes[2] == .applied)
    }

    @Test func checkWritesNothing() async throws {
        let source = try Source("CREATE TABLE t (); COMMENT ON TABLE t IS 'old'")
        let session = try await source.session()
        _ = try await session.check([
            source.change("table", "public", "t", before: "old", to: "new"),
            source.change("table", "public", "t", attribute: .owner, before: "app_owner", to: "new_owner"),
        ])
        let now = try source.query(
            "SELECT obj_description(oid), relowner::regrole FROM pg_class WHERE relname = 't'")
        #expect(now == [["old", "app_owner"]])
    }

    @Test func abilitiesCoverEveryKind() async throws {
        let session = try await Source().session()
        let abilities = try await session.abilities()
        let kinds = [
            "database", "schema", "table", "partitioned table", "view", "materialized view", "foreign table", "column",
            "function", "procedure", "aggregate",
        ]
        for kind in kinds {
            let own = abilities.filter { $0.kind == kind }
            let description = own.first { $0.attribute == .description }
            #expect(description?.support == .full && description?.canClear == true && description?.emptyIsNull == true)
            #expect(description?.text == .noNUL && description?.maxLength == nil)
            let owner = own.first { $0.attribute == .owner }
            #expect(owner?.support == (kind == "column" ? .unsupported : .full) && owner?.canClear == false)
            #expect(own.first { $0.attribute == .anyTag }?.support == .unsupported)
        }
        #expect(Set(abilities.map(\.kind)) == Set(kinds))
        #expect(abilities.allSatisfy { $0.support == .full || $0.note != nil })
    }
}
