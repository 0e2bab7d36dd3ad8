import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

@Suite struct ReadingTests {
    @Test func everyKindIsReadByItsOwnName() async throws {
        let source = try Source(Objects.all)
        try source.query("COMMENT ON DATABASE \(source.database.name) IS 'the database'")
        let session = try await source.session()
        let asked = Objects.entities(source)
        let facts = try await session.read(asked.map(\.entity), attributes: [.description, .owner, .tag("PII")])
        for (index, expected) in asked.enumerated() {
            let own = facts.filter { $0.entity == index }
            #expect(own.allSatisfy { $0.kind == expected.kind }, "\(expected)")
            #expect(own.first { $0.attribute == 0 }?.value == .known("the " + expected.kind))
            let owner = own.first { $0.attribute == 1 }?.value
            #expect(owner == .known(expected.kind == "column" ? nil : "app_owner"), "\(expected)")
            #expect(own.first { $0.attribute == 2 }?.value == .known(nil))
        }
        await session.close()
    }

    @Test func whatIsEmptyIsKnownToBeEmpty() async throws {
        let source = try Source("CREATE TABLE plain (id int)")
        let session = try await source.session()
        let values = try await session.values(
            .description,
            of: [
                Entity(kind: .table, path: source.path("public", "plain")),
                Entity(kind: .column, path: source.path("public", "plain", "id")),
                Entity(kind: .schema, path: source.path("pg_toast")),
            ])
        #expect(values[0] == .known(nil))
        #expect(values[1] == .known(nil))
        #expect(values[2] == .known("reserved schema for TOAST tables"))
    }

    @Test func whatDoesNotExistIsNotEmitted() async throws {
        let long = String(repeating: "x", count: 63)
        let source = try Source(
            """
            CREATE TABLE \(long) (id int, gone int); ALTER TABLE \(long) DROP gone;
            CREATE SEQUENCE counter; CREATE INDEX by_id ON \(long) (id); CREATE TYPE pair AS (a int, b int);
            """)
        let session = try await source.session()
        let absent: [Entity] = [
            Entity(kind: .table, path: source.path("public", "nothing")),
            Entity(kind: .table, path: source.path("public", long.uppercased())),
            // The server would cut it to the table's own name.
            Entity(kind: .table, path: source.path("public", long + "y")),
            Entity(kind: .column, path: source.path("public", long + "y", "id")),
            Entity(kind: .table, path: source.path("public", "a\0b")),
            Entity(kind: .table, path: source.path("public", "counter")),
            Entity(kind: .table, path: source.path("public", "by_id")),
            Entity(kind: .table, path: source.path("public", "pair")),
            Entity(kind: .column, path: source.path("public", long, "gone")),
            Entity(kind: .column, path: source.path("public", long, "ctid")),
            Entity(kind: .column, path: source.path("public", long, "id", "nested")),
            Entity(kind: .schema, path: source.path("nowhere")),
            Entity(kind: .database, path: EntityPath(["postgres"])),
            Entity(kind: .table, path: EntityPath(["postgres", "public", long])),
            Entity(kind: .procedure, path: source.path("public", "nothing()")),
        ]
        let there = Entity(kind: .table, path: source.path("public", long))
        let facts = try await session.read(absent + [there], attributes: [.description])
        #expect(facts.map(\.entity) == [absent.count])
    }

    @Test func namesAreComparedByteForByte() async throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let source = try Source(
            """
            CREATE TABLE "\(composed)" ("\(decomposed)" int, "\(composed)" int);
            COMMENT ON COLUMN "\(composed)"."\(composed)" IS 'composed';
            COMMENT ON COLUMN "\(composed)"."\(decomposed)" IS 'decomposed';
            """)
        let session = try await source.session()
        // One call each: the model's own paths take the two spellings for one.
        for (name, expected) in [(composed, "composed"), (decomposed, "decomposed")] {
            let values = try await session.values(
                .description, of: [Entity(kind: .column, path: source.path("public", composed, name))])
            #expect(values == [.known(expected)])
        }
        let other = try await session.values(
            .description, of: [Entity(kind: .table, path: source.path("public", decomposed))])
        #expect(other == [nil])
    }

    @Test func columnsAreFoundInAnyOrder() async throws {
        let names = (1...200).map { "c\($0)" }
        let source = try Source(
            """
            CREATE TABLE wide (\(names.map { "\($0) int" }.joined(separator: ", ")));
            \(names.map { "COMMENT ON COLUMN wide.\($0) IS 'of \($0)'" }.joined(separator: "; "));
            """)
        let session = try await source.session()
        for order in [names, names.reversed(), names.sorted(), names.shuffled()] {
            let values = try await session.values(
                .description, of: order.map { Entity(kind: .column, path: source.path("public", "wide", $0)) })
            #expect(values == order.map { .known("of \($0)") })
        }
    }

    @Test func overloadedRoutinesNeedTheirArguments() async throws {
        let source = try Source(
            """
            CREATE SCHEMA shop; CREATE TYPE shop.mood AS ENUM ('sad', 'happy');
            CREATE FUNCTION refund(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION refund(a int, "the reason" text) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION refund(shop.mood[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION "odd(name)"() RETURNS int LANGUAGE sql AS 'SELECT 1';
            COMMENT ON FUNCTION refund(int) IS 'one'; COMMENT ON FUNCTION refund(int, text) IS 'two';
            COMMENT ON FUNCTION refund(shop.mood[]) IS 'three'; COMMENT ON FUNCTION "odd(name)"() IS 'odd';
            """)
        let session = try await source.session()
        let spellings = [
            "refund(integer)": "one", "refund(a integer)": "one", "refund(integer,text)": "two",
            "refund( integer , text )": "two", #"refund(a integer, "the reason" text)"#: "two",
            "refund(shop.mood[])": "three", "odd(name)": "odd", "odd(name)()": "odd",
        ]
        for (spelling, expected) in spellings {
            let values = try await session.values(
                .description, of: [Entity(kind: .procedure, path: source.path("public", spelling))])
            #expect(values == [.known(expected)], "\(spelling)")
        }
        let ambiguous = try await session.values(
            .description, of: [Entity(kind: .procedure, path: source.path("public", "refund"))])
        guard case .unknown(let reason) = ambiguous[0] else {
            Issue.record("expected an unknown value, found \(ambiguous)")
            return
        }
        #expect(reason.contains("refund(integer)") && reason.contains("refund(integer, text)"))
    }

    @Test func manyEntitiesTakeOneRoundTrip() async throws {
        let source = try Source(
            """
            DO $$ BEGIN FOR i IN 1..3000 LOOP
              EXECUTE format('CREATE TABLE t%s (id int)', i); EXECUTE format('COMMENT ON TABLE t%s IS ''%s''', i, i);
            END LOOP; END $$
            """)
        let (session, proxy) = try await source.watchedSession()
        let names = (1...3000).map(String.init).shuffled()
        let before = proxy.roundTrips
        let values = try await session.values(
            .description, of: names.map { Entity(kind: .table, path: source.path("public", "t\($0)")) })
        #expect(values == names.map { .known($0) })
        #expect(proxy.roundTrips == before + 1)
    }

    @Test func aNameThatTheEncodingCannotSpellHidesNoOther() async throws {
        let database = try PostgresServer.shared.get().createDatabase(
            options: "ENCODING LATIN1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try database.query("CREATE TABLE plain (); COMMENT ON TABLE plain IS 'na\u{EF}ve'")
        let source = Source(database)
        let session = try await source.session(as: "postgres")
        let values = try await session.values(
            .description,
            of: ["one", "plain", "wish 🎁", "two"].map { Entity(kind: .table, path: source.path("public", $0)) })
        #expect(values == [nil, .known("na\u{EF}ve"), nil, nil])
    }
}
