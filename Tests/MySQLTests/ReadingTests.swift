import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

@Suite struct ReadingTests {
    private static let objects = """
        CREATE TABLE t (a int COMMENT 'of a', b int, e int COMMENT '') COMMENT 'of t'; CREATE TABLE bare (a int);
        CREATE VIEW v AS SELECT a FROM t; CREATE SEQUENCE s; CREATE TABLE kept (a int COMMENT 'x') WITH SYSTEM VERSIONING;
        CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int RETURN 1; CREATE PROCEDURE twice() SELECT 1;
        CREATE FUNCTION twice() RETURNS int RETURN 1;
        """

    private func facts(_ source: Source, as user: String) async throws -> [String] {
        let session = try await source.session(as: user)
        let entities = [
            Entity(kind: .database, path: EntityPath(["default"])), Entity(kind: .schema, path: source.path()),
            Entity(kind: .table, path: source.path("t")), Entity(kind: .column, path: source.path("t", "a")),
            Entity(kind: .column, path: source.path("t", "b")), Entity(kind: .column, path: source.path("t", "e")),
            Entity(kind: .table, path: source.path("bare")), Entity(kind: .table, path: source.path("v")),
            Entity(kind: .column, path: source.path("v", "a")), Entity(kind: .table, path: source.path("s")),
            Entity(kind: .table, path: source.path("kept")), Entity(kind: .column, path: source.path("kept", "a")),
            Entity(kind: .procedure, path: source.path("p")), Entity(kind: .procedure, path: source.path("f")),
            Entity(kind: .procedure, path: source.path("twice")), Entity(kind: .table, path: source.path("gone")),
            Entity(kind: .column, path: source.path("t", "gone")), Entity(kind: .column, path: source.path("t", "A")),
            Entity(kind: .table, path: EntityPath(["other name", source.database.name, "t"])),
            Entity(kind: .table, path: source.path("emoji 😀")),
            Entity(kind: .column, path: source.path("t", "a", "nested")),
        ]
        return try await session.read(entities,
            attributes: [.description]).map { "\($0.entity) \($0.kind): \($0.value)" }
    }

    @Test func everyKindIsFound() async throws {
        let source = try Source(Self.objects)
        try source.query("ALTER DATABASE \(source.database.name) COMMENT = 'of all'")
        let facts = try await facts(source, as: "root")
        let known: (String?) -> String = { "\(Fact.Value.known($0))" }
        #expect(facts.filter { !$0.hasPrefix("14 ") } == [
            "0 database: \(known(nil))", "1 schema: \(known("of all"))", "2 table: \(known("of t"))",
            "3 column: \(known("of a"))", "4 column: \(known(nil))", "5 column: \(known(nil))",
            "6 table: \(known(nil))",
            "7 view: \(known(nil))", "8 column of a view: \(known(nil))", "9 sequence: \(known(nil))",
            "10 system-versioned table: \(known(nil))", "11 column of a system-versioned table: \(known("x"))",
            "12 procedure: \(known(nil))", "13 function: \(known(nil))", "18 table: \(known("of t"))",
        ])
        #expect(facts.contains { $0.hasPrefix("14 ") && $0.contains("a procedure and a function have this name") })
    }

    /// Who may only ALTER sees no columns in `information_schema`, but in a table's definition.
    @Test func aUserWithAlterAloneSeesTheSame() async throws {
        let source = try Source(Self.objects)
        let all = try await facts(source, as: "root"), own = try await facts(source, as: "metadata_writer")
        let tables = ["1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "10 ", "18 "]
        func ofTables(_ facts: [String]) -> [String] { facts.filter { fact in tables.contains { fact.hasPrefix($0) } } }
        #expect(ofTables(own) == ofTables(all) && ofTables(own).count == tables.count)
    }

    /// They exist, for all that is known.
    @Test func aViewsColumnsThatAreNotShownAreNotAbsent() async throws {
        let source = try Source(
            "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM t")
        try source.query("GRANT SELECT ON w TO metadata_writer")
        let entities = [
            Entity(kind: .column, path: source.path("v", "a")), Entity(kind: .column, path: source.path("w", "a")),
            Entity(kind: .column, path: source.path("w", "gone")),
        ]
        let values = try await source.session().descriptions(entities)
        #expect("\(try #require(values[0]))".contains("only to who may SELECT them"), "\(values)")
        #expect(values[1] == .known(nil) && values[2] == nil)
    }

    /// With a privilege that gives nothing away, `information_schema` shows the columns too.
    @Test func referencesShowColumns() async throws {
        let source = try Source("CREATE TABLE t (a int COMMENT 'x')")
        try source.query("GRANT REFERENCES ON \(source.database.name).* TO metadata_writer")
        let seen = try source.database.query("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE "
            + "TABLE_SCHEMA = DATABASE()", as: "metadata_writer")
        #expect(seen == [["a"]])
    }

    @Test func whoMaySeeNothingSeesNothing() async throws {
        let source = try Source(Self.objects)
        #expect(try await facts(source, as: "outsider").map { $0.prefix(2) } == ["0 "])
    }

    @Test func oneDatabaseCanBeAllThereIs() async throws {
        let source = try Source("CREATE TABLE t (a int)"), other = try Source("CREATE TABLE t (a int)")
        let session = try await source.session(["databaseSchema": source.database.name])
        let values = try await session.descriptions([
            Entity(kind: .table, path: source.path("t")), Entity(kind: .table, path: other.path("t")),
        ])
        #expect(values[0] == .known(nil))
        #expect("\(values[1]!)".contains("databaseSchema limits it to \(source.database.name)"))
    }

    @Test func manyTablesAreReadAtOnce() async throws {
        let source = try Source((1...300).map { "CREATE TABLE t\($0) (a int COMMENT 'a\($0)', b "
            + "int)" }.joined(separator: ";"))
        let session = try await source.session(as: "root")
        let entities = (1...300).map { Entity(kind: .column, path: source.path("t\($0)", "a")) }
        #expect(try await session.descriptions(entities) == (1...300).map { .known("a\($0)") })
    }

    @Test func abilitiesSayWhatTheServerHolds() async throws {
        let session = try await Source().session()
        let abilities = try await session.abilities()
        func ability(_ kind: String, _ attribute: Attribute = .description) throws -> Ability {
            try #require(abilities.first { $0.kind == kind && $0.attribute == attribute })
        }
        for (kind, length, unit) in [("schema", 1024, Ability.LengthUnit.bytes), ("table", 2048, .characters),
            ("column", 1024, .characters)] {
            let found = try ability(kind)
            #expect(found.support == .full && found.canClear && found.emptyIsNull)
            #expect(found.text == .basicMultilingualPlane && found.maxLength == length && found.unit == unit)
        }
        for kind in ["view", "column of a view", "column of a system-versioned table", "sequence", "database",
            "procedure"] {
            let found = try ability(kind)
            #expect(found.support != .full && found.note?.isEmpty == false, "\(kind)")
        }
        #expect(try ability("table", .owner).support == .unsupported)
        #expect(try ability("table", .anyTag).support == .unsupported)
    }
}
