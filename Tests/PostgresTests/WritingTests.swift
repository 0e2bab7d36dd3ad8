import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

@Suite struct WritingTests {
    @Test func everyKindIsDescribedAndCleared() async throws {
        let source = try Source(Objects.all)
        try source.query("COMMENT ON DATABASE \(source.database.name) IS 'the database'")
        let session = try await source.session()
        let objects = Objects.entities(source)
        func changes(from before: (SourceKind) -> String?, to value: (SourceKind) -> String?) -> [Change] {
            objects.map {
                Change(
                    kind: $0.kind, path: $0.entity.path, attribute: .description, before: before($0.kind),
                    value: value($0.kind))
            }
        }
        try await session.applyAll(changes(from: { "the \($0)" }, to: { "new text of a \($0)" }))
        var values = try await session.values(.description, of: objects.map(\.entity))
        #expect(values == objects.map { .known("new text of a \($0.kind)") })

        try await session.applyAll(changes(from: { "new text of a \($0)" }, to: { _ in nil }))
        values = try await session.values(.description, of: objects.map(\.entity))
        #expect(values == objects.map { _ in .known(nil) })
    }

    @Test func everyKindThatHasAnOwnerIsGivenAway() async throws {
        let source = try Source(Objects.all)
        try source.query("ALTER ROLE metadata_writer CREATEDB")
        let session = try await source.session()
        // The schema and the database last: the new owner of the others must still be let in.
        let objects = Objects.entities(source).filter { $0.kind != "column" }.reversed()
        try await session.applyAll(
            objects.map {
                Change(
                    kind: $0.kind, path: $0.entity.path, attribute: .owner, before: "app_owner", value: "new_owner")
            })
        let values = try await session.values(.owner, of: objects.map(\.entity))
        #expect(values == objects.map { _ in .known("new_owner") })
        let descriptions = try await session.values(.description, of: objects.map(\.entity))
        #expect(descriptions == objects.map { $0.kind == "database" ? .known(nil) : .known("the \($0.kind)") })
    }

    @Test func whatTheEncodingCannotSpellIsFoundBeforeAnythingIsWritten() async throws {
        let database = try PostgresServer.shared.get().createDatabase(
            options: "ENCODING LATIN1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try database.query((0..<9).map { "CREATE TABLE t\($0) ();" }.joined())
        let source = Source(database)
        let session = try await source.session(as: "postgres")
        // All that Latin-1 has beyond ASCII, and between them what it has not.
        let latin = String(String.UnicodeScalarView((0xA0...0xFF).compactMap(Unicode.Scalar.init)))
        let texts = ["plain", latin, "\u{20AC} 5", latin + "\u{1F381}", "na\u{EF}ve", "\u{416}\u{20AC}", latin, "\u{20AC}", ""]
        let changes = texts.enumerated().map { source.change("table", "public", "t\($0)", to: $1) }
        for _ in 0..<2 {
            let plan = try await session.plan(changes)
            #expect(plan.refusals.map(\.index) == [2, 3, 5, 7])
            #expect(plan.refusals.allSatisfy { $0.failure.status == .invalid })
            #expect(plan.refusals[1].failure.message == """
                table public.t3: the description holds '\u{1F381}' (U+1F381), which the encoding LATIN1 of database \
                \(database.name) cannot spell: change it in the catalog
                """)
            #expect(plan.refusals[2].failure.message.contains("'\u{416}' (U+0416)"))
        }
        let owner = try await session.plan([source.change("table", "public", "t1", attribute: .owner, to: "\u{20AC}")])
        #expect(owner.refusals.first?.failure.message.contains("the owner holds") == true)
        try await session.applyAll([changes[1], changes[4]])
        let values = try await session.values(
            .description, of: [1, 4].map { Entity(kind: .table, path: source.path("public", "t\($0)")) })
        #expect(values == [.known(latin), .known("na\u{EF}ve")])
    }

    /// A person has to make the role, so it is a failure and no skip: before anything is sent, and where it goes in between.
    @Test func anOwnerThatIsNoRoleIsRefused() async throws {
        let source = try Source("CREATE TABLE a (); CREATE TABLE b ()")
        let fleeting = "fleeting_\(source.database.name)"
        try source.query("RESET ROLE; CREATE ROLE \(fleeting); GRANT \(fleeting) TO metadata_writer")
        let session = try await source.session()
        let changes = ["nosuch", fleeting, String(repeating: "n", count: 70)].map {
            source.change("table", "public", "a", attribute: .owner, before: "app_owner", to: $0)
        }
        let plan = try await session.plan(changes)
        #expect(plan.refusals.map(\.index) == [0, 2])
        #expect(plan.refusals[0].failure == Failure(
            .config, "role nosuch does not exist at the source: CREATE ROLE nosuch, or change owners.map"))
        try source.query("RESET ROLE; DROP ROLE \(fleeting)")
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failures.values.map(\.status) == [.config])
        #expect(execution.failures.values.first?.message.hasPrefix("role \(fleeting) does not exist") == true)
    }

    @Test func statementsReadAsAPersonWouldWriteThem() async throws {
        let source = try Source(
            Objects.all + """
                CREATE FUNCTION shop."Odd"(a int, VARIADIC b shop.plain[]) RETURNS int LANGUAGE sql AS 'SELECT 1'
                """)
        let session = try await source.session()
        let plan = try await session.plan([
            source.change("table", "shop", "plain", to: "It's \\ here"),
            source.change("column", "shop", "plain", "name", to: nil),
            source.change("function", "shop", "Odd", to: "x"),
            source.change("aggregate", "shop", "howmany", to: ""),
            source.change("materialized view", "shop", "kept", attribute: .owner, to: "new_owner"),
            source.change("database", to: "x"),
        ])
        #expect(plan.refusals == [])
        #expect(
            plan.statements.map(\.text) == [
                #"COMMENT ON TABLE "shop"."plain" IS 'It''s \ here'"#,
                #"COMMENT ON COLUMN "shop"."plain"."name" IS NULL"#,
                #"COMMENT ON FUNCTION "shop"."Odd"(a integer, VARIADIC b shop.plain[]) IS 'x'"#,
                #"COMMENT ON AGGREGATE "shop"."howmany"(*) IS NULL"#,
                #"COMMENT ON DATABASE "\#(source.database.name)" IS 'x'"#,
                #"ALTER MATERIALIZED VIEW "shop"."kept" OWNER TO "new_owner""#,
            ])
        #expect(plan.statements.map(\.changes) == [[0], [1], [2], [3], [5], [4]])
        #expect(plan.statements.allSatisfy { $0.guardText == nil })
    }

    @Test func whatNoStatementCanDoIsRefused() async throws {
        let source = try Source(
            """
            CREATE TABLE plain (id int);
            CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
            """)
        let session = try await source.session()
        let plan = try await session.plan([
            source.change("table", "public", "plain", to: "with \0 in it"),
            source.change("table", "public", "plain", attribute: .owner, before: "app_owner", to: nil),
            source.change("column", "public", "plain", "id", attribute: .owner, to: "new_owner"),
            source.change("table", "public", "plain", attribute: .tag("PII"), to: "Sensitive"),
            source.change("procedure", "public", "gone", to: "x"),
            source.change("function", "public", "f", to: "x"),
            source.change("column", "public", "plain", "id", "nested", to: "x"),
        ])
        #expect(plan.statements == [])
        let refusals = plan.refusals.sorted { $0.index < $1.index }
        #expect(
            refusals.map(\.failure.status) == [
                .invalid, .unsupported, .unsupported, .unsupported, .notFound, .invalid, .invalid,
            ])
        #expect(refusals[5].failure.message.contains("f(integer), f(text)"))
    }

    static let hostileTexts = [
        "it's", "''", #"back\slash \' \n"#, "$$ body $$ $tag$ x $tag$", "line\nline\r\n\ttab",
        "emoji 👩‍👩‍👧‍👦 🇩🇪",
        "\u{202E}rtl \u{200F}עברית", "quote then mark: '\u{301} \"\u{327}", "/* -- */ -- ;", "%s %d %% {}",
        "'; DROP TABLE plain; --", " leading and trailing ", "E'x'", "\u{FFFF} \u{10FFFF} \u{1}",
        String(repeating: "64 KiB ", count: 9_363),
    ]

    @Test func hostileTextsArriveByteForByte() async throws {
        let source = try Source("CREATE TABLE plain (id int)")
        let session = try await source.session()
        var before: String?
        for text in Self.hostileTexts {
            try await session.applyAll([
                source.change("table", "public", "plain", before: before, to: text),
                source.change("column", "public", "plain", "id", before: before, to: text),
            ])
            before = text
            let stored = try source.query(
                """
                SELECT obj_description('plain'::regclass, 'pg_class'), col_description('plain'::regclass, 1)
                """)
            #expect(stored[0].allSatisfy { $0.map { Array($0.utf8) } == Array(text.utf8) })
            let values = try await session.values(
                .description, of: [Entity(kind: .table, path: source.path("public", "plain"))])
            #expect(values == [.known(text)])
        }
    }

    static let hostileNames = [
        "with.dot", "with \"quotes\"", "with space", "MixedCase", "select", "1st", "it's", #"back\slash"#, "{a,b}",
        "NULL", "emoji 🎁", "semi;colon", "$$", "new\nline", String(repeating: "n", count: 63), "\u{301}mark",
    ]

    @Test(arguments: hostileNames) func hostileNamesAreFoundAndWritten(name: String) async throws {
        let doubled = name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        let quoted = "\"\(doubled)\""
        let source = try Source(
            """
            CREATE SCHEMA \(quoted); CREATE TABLE \(quoted).\(quoted) (\(quoted) int);
            CREATE FUNCTION \(quoted).\(quoted)(\(quoted) int) RETURNS int LANGUAGE sql AS 'SELECT 1';
            """)
        let session = try await source.session()
        try await session.applyAll([
            source.change("schema", name, to: "1"),
            source.change("table", name, name, to: "2"),
            source.change("column", name, name, name, to: "3"),
            source.change("function", name, name, to: "4"),
        ])
        let values = try await session.values(
            .description,
            of: [
                Entity(kind: .schema, path: source.path(name)), Entity(kind: .table, path: source.path(name, name)),
                Entity(kind: .column, path: source.path(name, name, name)),
                Entity(kind: .procedure, path: source.path(name, name)),
            ])
        #expect(values == ["1", "2", "3", "4"].map { .known($0) })
    }

    @Test func nothingElseOfAnObjectChanges() async throws {
        let source = try Source(
            """
            CREATE TABLE plain (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n numeric(10, 2) DEFAULT 1.5 NOT NULL,
              t text COLLATE "C" CHECK (t <> ''), s int GENERATED ALWAYS AS (1) STORED) WITH (fillfactor = 70);
            GRANT SELECT ON plain TO stranger; INSERT INTO plain (t) VALUES ('x');
            """)
        func shape() throws -> [[String?]] {
            try source.query(
                """
                SELECT c::text FROM pg_class c WHERE relname = 'plain' UNION ALL
                SELECT a::text FROM pg_attribute a WHERE attrelid = 'plain'::regclass UNION ALL
                SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'plain'::regclass UNION ALL
                SELECT c::text FROM pg_constraint c WHERE conrelid = 'plain'::regclass UNION ALL
                SELECT p::text FROM plain p
                """)
        }
        let before = try shape()
        let session = try await source.session()
        try await session.applyAll(
            [source.change("table", "public", "plain", to: "x")]
                + ["id", "n", "t", "s"].map { source.change("column", "public", "plain", $0, to: "of \($0)") })
        #expect(try shape() == before)
    }
}
