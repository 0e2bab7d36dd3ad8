import Foundation
import RevmetaTestSupport
import Testing

/// Owners, and every kind of object once.
@Suite(.serialized) struct OwnerTests {
    private let channel = "updateDescriptions: true, updateOwners: true"

    @Test func usersAndTeamsAreMapped() async throws {
        let shop = try Shop(["a", "b", "c", "d", "e"].map { "CREATE TABLE \($0) ();" }.joined())
        try shop.configure(channel: channel)
        try shop.query("ALTER TABLE a OWNER TO finance_role")
        let catalog: [Described] = [
            .table("a", nil, owners: ["jane.doe"]), .table("b", nil, owners: ["team:finance"]),
            .table("c", nil, owners: ["john.roe"]), .table("d", nil, owners: ["john.roe", "team:finance"]),
            .table("e", nil, owners: []),
        ]
        try shop.describe(catalog)
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("no principal is known for the owner 'john.roe': add it to owners.map"))
        let owners = [
            "database": "app_owner", "table a": "app_owner", "table b": "finance_role", "table c": "app_owner",
            "table d": "finance_role", "table e": "app_owner",
        ]
        #expect(try shop.owners() == owners)

        // An owner that we wrote and that the catalog no longer has stays, since every object has one.
        try shop.describe(catalog.map { entity in entity.with { $0.owners = [] } })
        let before = try await shop.traces()
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)
        #expect(try shop.owners() == owners)
    }

    @Test func everyKindOfObject() async throws {
        let shop = try Shop(
            """
            CREATE SCHEMA shop; GRANT CREATE ON SCHEMA shop TO finance_role;
            CREATE TABLE shop.plain (id int); CREATE TABLE shop.parted (id int) PARTITION BY RANGE (id);
            CREATE TABLE shop.part PARTITION OF shop.parted DEFAULT;
            CREATE VIEW shop.seen AS SELECT id FROM shop.plain; CREATE MATERIALIZED VIEW shop.kept AS SELECT 1 AS id;
            RESET ROLE; CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
            GRANT USAGE ON FOREIGN SERVER nowhere TO app_owner; SET ROLE app_owner;
            CREATE FOREIGN TABLE shop.far (id int) SERVER nowhere;
            CREATE FUNCTION shop.tax(amount numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 1.0';
            CREATE PROCEDURE shop.close_day(IN day date, INOUT done bool) LANGUAGE sql AS 'SELECT true';
            CREATE AGGREGATE shop.total(numeric) (SFUNC = numeric_add, STYPE = numeric);
            CREATE FUNCTION shop.step(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 + 1';
            CREATE AGGREGATE shop.howmany(*) (SFUNC = shop.step, STYPE = bigint, INITCOND = '0');
            """)
        try shop.query("GRANT CREATE ON DATABASE \(shop.database.name) TO finance_role")
        try shop.configure(channel: channel)
        let tables = ["plain", "parted", "part", "seen", "kept", "far"]
        let routines = ["tax", "close_day", "total", "howmany"]
        let team = ["team:finance"]
        try shop.describe(
            [.database("The database.", owners: team), .schema("shop", "The schema.", owners: team)]
                + tables.map { .table($0, "The \($0).", in: "shop", columns: ["id": "Of \($0)."], owners: team) }
                + routines.map { .procedure($0, "The \($0).", in: "shop", owners: team) })
        #expect(try await shop.expect(0, "check").output.contains("✓ 30 facts differ from the source"))
        try await shop.expect(0, "run")

        let objects = [
            "plain": "table shop.plain", "parted": "table shop.parted", "part": "table shop.part",
            "seen": "view shop.seen", "kept": "materialized view shop.kept", "far": "foreign table shop.far",
            "tax": "function shop.tax(numeric)",
            "close_day": "function shop.close_day(date,boolean)", "total": "function shop.total(numeric)",
            "howmany": "function shop.howmany()",
        ]
        var comments = ["database": "The database.", "schema shop": "The schema."]
        for (name, object) in objects { comments[object] = "The \(name)." }
        for name in tables { comments["column id of \(objects[name]!)"] = "Of \(name)." }
        let found = try shop.comments()
        #expect(found == comments)
        let owners = try shop.owners()
        for object in ["database", "schema shop"] + objects.values {
            #expect(owners[object] == "finance_role", "\(object)")
        }
        #expect(owners["function shop.step(bigint)"] == "app_owner")

        let before = try await shop.traces()
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)

        try shop.describe(
            [.database(nil, owners: team), .schema("shop", nil, owners: team)]
                + tables.map { .table($0, nil, in: "shop", columns: ["id": nil], owners: team) }
                + routines.map { .procedure($0, nil, in: "shop", owners: team) })
        try await shop.expect(0, "run")
        #expect(try shop.comments() == [:])
    }

    @Test func tagsAreToldOnceToBeImpossible() async throws {
        let shop = try Shop("CREATE TABLE a (id int); CREATE TABLE b ()")
        try shop.configure(channel: "updateDescriptions: true, updateTags: true")
        try shop.describe(["a", "b"].map { name in
            Described.table(name, "Table \(name).").with { $0.tags = ["PII.Sensitive", "Tier.Tier1"] }
        })
        let answer = try await shop.expect(0, "run")
        let note = "note: service 'shop' has no tags, which channel 'all' asks for: PostgreSQL has no tags; "
            + "a template can write them in a way of your own\n"
        #expect(answer.output.components(separatedBy: note).count == 2)
        #expect(answer.output.components(separatedBy: "note: ").count == 2)
        #expect(try shop.comments() == ["table a": "Table a.", "table b": "Table b."])
    }
}
