import Foundation
import RevmetaTestSupport
import Testing

/// `revmeta run --operations`: edits as Collate hands them out, on a real server.
@Suite(.serialized) struct OperationsTests {
    private func shop() throws -> Shop {
        let shop = try Shop("CREATE TABLE orders (id int, \"o.dd\" int); CREATE VIEW recent AS SELECT 1 AS one")
        try shop.configure(channel: "updateDescriptions: true, updateOwners: true, onConflict: keep")
        return shop
    }

    private func link(_ shop: Shop, _ rest: String = "orders") -> String {
        "<#E::table::shop.\(shop.database.name).public.\(rest)>"
    }

    @Test func editsAreMadeAndAnsweredOneByOne() async throws {
        let shop = try shop(), name = shop.database.name
        var edits = Operations()
        edits.describe(link(shop), "One row an **order**.")
        edits.describe(link(shop, "orders::columns::\"o.dd\""), "It's odd.")
        edits.describe("<#E::databaseSchema::shop.\(name).public::description>", "Everything.", before: "standard public schema")
        edits.describe("<#E::database::shop.\(name)>", "The shop.")
        edits.own(link(shop), adding: ["team:finance"], removing: ["jane.doe"])
        let answer = try await shop.make(edits)
        #expect(answer.success && answer.successes == [true, true, true, true, true], "\(answer)")
        #expect(try shop.comments() == [
            "table orders": "One row an **order**.", "column o.dd of table orders": "It's odd.", "database": "The shop.",
        ])
        #expect(try shop.query("SELECT obj_description('public'::regnamespace)") == [["Everything."]])
        #expect(try shop.owners()["table orders"] == "finance_role")
        let shown = try await shop.expect(0, "show", "1", "--format", "json")
        #expect(shown.output.contains(#""trigger":"operations""#), "\(shown.output)")

        // Once more there is nothing to do, and that is a success.
        let before = try await shop.traces()
        #expect(try await shop.make(edits).successes == [true, true, true, true, true])
        #expect(try await shop.traces() == before)
        // The journal knows it as it knows what any run wrote.
        #expect(try await shop.expect(0, "drift").output.contains("No drift"))
        try await shop.expect(0, "rollback", "1")
        #expect(try shop.comments()["table orders"] == nil)
    }

    @Test func whatWasThereBeforeDecides() async throws {
        let shop = try shop()
        func edit(_ new: String?, _ previous: String?, _ status: Int32 = 0) async throws -> Operations.Answer {
            var edits = Operations()
            edits.describe(link(shop), new, before: previous)
            return try await shop.make(edits, status)
        }
        try shop.query("COMMENT ON TABLE orders IS 'Old'")
        let kept = try await edit("New", "Older")
        #expect(kept.successes == [false] && kept.message(0).contains("not the one that the catalog had before"), "\(kept)")
        #expect(try shop.comments()["table orders"] == "Old")
        #expect(try await edit("New", "Old").successes == [true])
        #expect(try shop.comments()["table orders"] == "New")

        // From here on the journal knows, whatever an operation says.
        try shop.query("COMMENT ON TABLE orders IS 'Mine'")
        #expect(try await edit("Newer", "Mine").message(0).contains("onConflict is keep"))
        #expect(try await edit(nil, "Mine").message(0) == "the source has a value that revmeta did not write")
        #expect(try shop.comments()["table orders"] == "Mine")
        // What it once wrote is forgotten by that.
        #expect(try await edit(nil, "Mine").successes == [true])
        #expect(try shop.comments()["table orders"] == nil)
        #expect(try await edit(nil, "Mine").successes == [true])
        let empty = try await edit(nil, nil, 1)
        #expect(empty.successes == [false] && empty.message(0).contains("neither a new description nor a previous one"))
    }

    @Test func eachThatCannotBeMadeSaysWhy() async throws {
        let shop = try shop()
        var edits = Operations()
        edits.describe("<#E::table::shop..x>", "A")
        edits.describe("<#E::table::other.shop.public.orders>", "A")
        edits.describe("<#E::dashboard::shop.x>", "A")
        edits.describe(link(shop, "orders::tags"), "A")
        edits.own(link(shop, "orders::columns::id"), adding: ["jane.doe"])
        edits.tag(link(shop), adding: ["PII.Sensitive"])
        edits.describe(link(shop, "nowhere"), "A")
        edits.own(link(shop), adding: ["nobody"])
        edits.own(link(shop, "recent"), removing: ["jane.doe"])
        edits.describe(link(shop), "All the same.")
        let answer = try await shop.make(edits, 1)
        #expect(answer.success && answer.successes == Array(repeating: false, count: 9) + [true], "\(answer)")
        for (index, message) in [
            "part 2 of the entity link", "belongs to service 'other'", "a dashboard is not written", "about 'tags'",
            "a column has no owner of its own", "updateTags is not true", "the source has no such table",
            "no principal is known for the owner 'nobody'", "an object always has an owner",
        ].enumerated() {
            #expect(answer.message(index).contains(message), "\(index): \(answer.message(index))")
        }
        #expect(try shop.comments() == ["table orders": "All the same."])

        try shop.configure(channel: "updateTags: true")
        var tags = Operations()
        tags.tag(link(shop), adding: ["PII.Sensitive"])
        tags.tag(link(shop, "recent"), adding: ["Tier.Tier1"])
        let refused = try await shop.make(tags)
        #expect(refused.successes == [false, true])
        #expect(refused.message(0).contains("has no tags"), "\(refused)")
        #expect(refused.message(1).contains("tagSources and tagMap"), "\(refused)")
    }

    @Test func theLastOfSeveralEditsOfAFactCounts() async throws {
        let shop = try shop()
        try shop.query("COMMENT ON TABLE orders IS 'Zero'")
        var edits = Operations()
        edits.describe(link(shop), "One", before: "Zero")
        edits.describe(link(shop, "orders::description"), "Two", before: "One")
        edits.own(link(shop), adding: ["team:finance"], removing: ["jane.doe"])
        edits.own(link(shop), adding: ["jane.doe"], removing: ["team:finance"])
        let answer = try await shop.make(edits)
        #expect(answer.successes == [true, true, true, true], "\(answer)")
        #expect(answer.message(0).contains("operation \(Operations.id(1)) is about the same"))
        #expect(try shop.comments()["table orders"] == "Two")
        #expect(try shop.owners()["table orders"] == "app_owner")
    }

    @Test func anOwnerBesideAnotherIsNotPutInItsPlace() async throws {
        let shop = try shop()
        var edits = Operations()
        edits.own(link(shop), adding: ["team:finance"], removing: ["jane.doe"])
        #expect(try await shop.make(edits).successes == [true])
        var second = Operations()
        second.own(link(shop), adding: ["jane.doe"])
        let answer = try await shop.make(second)
        #expect(answer.successes == [false] && answer.message(0).contains("revmeta wrote 'finance_role' there"), "\(answer)")
        #expect(try shop.owners()["table orders"] == "finance_role")
    }

    @Test func templatesOfOperationsAreCompiledAndNeverPlacedRaw() async throws {
        let shop = try shop()
        let template = "COMMENT ON TABLE {schema}.{table} IS {description}"
        var edits = Operations()
        edits.describe(link(shop), "x'; DROP TABLE orders; --", template: template)
        // It is about tables: a column is the connector's.
        edits.describe(link(shop, "orders::columns::id"), "The key.", template: template)
        edits.describe(link(shop, "recent"), "New", template: "COMMENT ON VIEW {schema}.{tabel} IS {description}")
        edits.describe("<#E::databaseSchema::shop.\(shop.database.name).public>", "A", template: "COMMENT ON {description|raw}")
        let answer = try await shop.make(edits, 1)
        #expect(answer.successes == [true, true, false, false], "\(answer)")
        #expect(answer.message(2).contains("operations[2].SQLTemplate: line 1") && answer.message(2).contains("tabel"))
        #expect(answer.message(3).contains("raw"), "\(answer.message(3))")
        #expect(try shop.comments() == [
            "table orders": "x'; DROP TABLE orders; --", "column id of table orders": "The key.",
        ])
        var removal = Operations()
        removal.describe(link(shop), "", before: "x'; DROP TABLE orders; --", template: template)
        #expect(try await shop.make(removal).successes == [true])
        #expect(try shop.comments()["table orders"] == nil)
    }

    @Test func tagsAreWrittenByATemplateWhereThereAreNone() async throws {
        let shop = try Shop("CREATE TABLE orders (); CREATE TABLE governance (number serial, name text, key text, value text)")
        try shop.configure(channel: "updateTags: true")
        let template = "INSERT INTO public.governance (name, key, value) VALUES ('{table}', '{tag_key}', {tag_value})"
        func written() throws -> [[String?]] { try shop.query("SELECT name, key, value FROM governance ORDER BY number") }
        var edits = Operations()
        edits.tag(link(shop), adding: ["PII.A", "Level.X", "Gone.G"], template: template)
        edits.tag(link(shop, "orders::tags"), adding: ["PII.B"], removing: ["PII.A", "Gone.G"], template: template)
        #expect(try await shop.make(edits).successes == [true, true])
        #expect(try written() == [["orders", "Level", "X"], ["orders", "PII", "B"]])
        #expect(try await shop.make(edits).successes == [true, true])
        #expect(try written().count == 2)
        var removal = Operations()
        removal.tag(link(shop), removing: ["Level.X"], template: template)
        #expect(try await shop.make(removal).successes == [true])
        #expect(try written().last == ["orders", "Level", nil])
        // All of them are not known.
        var all = Operations()
        all.tag(link(shop), adding: ["PII.C"], removing: ["PII.B"], template: "SELECT 'all of {table}', {tags}")
        let answer = try await shop.make(all)
        #expect(answer.successes == [false] && answer.message(0).contains("use {tag_key} and {tag_value}"), "\(answer)")
    }

    @Test func channelsAreNamed() async throws {
        let shop = try shop()
        try shop.configure(
            channel: "updateDescriptions: true, filter: { tables: [nothing] }",
            others: ["name: plain, updateDescriptions: true, descriptionFormat: plain"])
        var edits = Operations()
        edits.describe(link(shop), "**Orders**")
        try shop.folder.write(try edits.text, to: "operations.json")
        let answer = try await shop.expect(2, "run", "--operations", "operations.json")
        #expect(answer.errors.contains("name one with --channel, of all, plain"), "\(answer.errors)")
        // Who made the operations has selected: the filter is not asked.
        _ = try await shop.make(edits, 0, "--channel", "all")
        #expect(try shop.comments()["table orders"] == "**Orders**")
        _ = try await shop.make(edits, 0, "--channel", "plain")
        #expect(try shop.comments()["table orders"] == "Orders")
    }

    @Test func aSinkIsWrittenTo() async throws {
        let shop = try shop()
        try shop.configure(channel: "updateDescriptions: true, sinkService: shop")
        var edits = Operations(service: "lake")
        edits.describe("<#E::table::lake.\(shop.database.name).public.orders>", "From elsewhere.")
        #expect(try await shop.make(edits).successes == [true])
        #expect(try shop.comments()["table orders"] == "From elsewhere.")
    }

    @Test func standardInputIsRead() async throws {
        let shop = try shop()
        var edits = Operations()
        edits.describe(link(shop), "From a pipe.")
        try shop.folder.write(try edits.text, to: "operations.json")
        let answer = try await Child.run(
            ["/bin/sh", "-c", "cat operations.json | '\(Program.path)' run --operations -"], in: shop.folder.path)
        #expect(answer.status == 0, "\(answer)")
        #expect(try Operations.Answer(answer).successes == [true])
        #expect(try shop.comments()["table orders"] == "From a pipe.")
    }

    @Test(arguments: [
        ("{", "operations.json:1: "),
        ("[]", "expected a ReverseIngestionPipeline"),
        ("{\"service\": {\"id\": \"\(Operations.serviceID)\"}}", "without a `operations` array"),
        ("{\"operations\": []}", "service: expected a value, found none"),
        ("{\"service\": {\"id\": \"x\"}, \"operations\": []}", "service.id: expected a UUID, found 'x'"),
        ("{\"service\": {\"id\": \"\(Operations.serviceID)\"}, \"operations\": [\n{\"id\": 1}]}", "operations.json:2: operations[0]: "),
        ("{\"service\": {\"id\": \"\(Operations.serviceID)\"}, \"operations\": [\n\n{\"id\": \"a\" \"b\"}]}", "operations.json:3: operations[0]: not valid JSON"),
    ])
    func whatIsNoPipelineIsToldWithItsPlace(text: String, message: String) async throws {
        let shop = try shop()
        try shop.folder.write(text, to: "operations.json")
        let answer = try await shop.expect(2, "run", "--operations", "operations.json")
        #expect(answer.errors.contains(message), "\(answer.errors)")
        #expect(answer.output == "")
        try await shop.expect(2, "run", "--operations", "nowhere.json")
        try await shop.expect(2, "run", "--operations", "operations.json", "--changes")
    }

    @Test func wrongParametersAndTypesAreTold() async throws {
        let shop = try shop()
        for (type, parameters, message) in [
            ("UPDATE_NAME", [:] as [String: Any?], "type: expected UPDATE_DESCRIPTION, UPDATE_OWNER or UPDATE_TAGS, found 'UPDATE_NAME'"),
            ("UPDATE_OWNER", ["newDescription": "A"], "those of UPDATE_OWNER are removedOwners and addedOwners, found newDescription"),
            ("UPDATE_DESCRIPTION", ["newDescripton": "A"], "parameters: expected previousDescription, newDescription, removedOwners, addedOwners, "
                + "removedTags, addedTags, found 'newDescripton'"),
            ("UPDATE_TAGS", ["addedTags": [["source": "Glossary"]]], "parameters.addedTags[0].tagFQN: expected a value, found none"),
        ] {
            var edits = Operations()
            edits.add(type, link(shop), parameters)
            try shop.folder.write(try edits.text, to: "operations.json")
            let answer = try await shop.expect(2, "run", "--operations", "operations.json")
            #expect(answer.errors.contains(message), "\(answer.errors)")
        }
        var edits = Operations()
        edits.describe(link(shop), "A")
        for (was, now, message) in [
            ("\"entityLink\"", "\"sqlTemplate\":\"x\",\"entityLink\"", "expected id, entityLink, type, SQLTemplate, parameters, found 'sqlTemplate'"),
            ("\"ReverseIngestion\"", "\"ReverseMetadata\"", "type: expected ReverseIngestion, found 'ReverseMetadata'"),
        ] {
            let text = try edits.text
            #expect(text.contains(was))
            try shop.folder.write(text.replacing(was, with: now), to: "operations.json")
            let answer = try await shop.expect(2, "run", "--operations", "operations.json")
            #expect(answer.errors.contains(message), "\(answer.errors)")
        }
    }

    @Test func whatCannotBeUsedIsAnsweredToo() async throws {
        let shop = try shop()
        var edits = Operations(service: "lake")
        edits.describe("<#E::table::lake.a.b.c>", "A")
        let stranger = try await shop.make(edits, 2)
        #expect(!stranger.success && stranger.successes == [false])
        #expect(stranger.message?.contains("service 'lake', which services: in the configuration does not define") == true)

        try shop.configure(connection: ["hostPort": "/nowhere:5432"], channel: "updateDescriptions: true")
        var lost = Operations(service: nil)
        lost.describe(link(shop), "A")
        lost.describe("<#E::nonsense>", "A")
        let answer = try await shop.make(lost, 3)
        #expect(!answer.success && answer.successes == [false, false])
        #expect(answer.message(0).contains("service 'shop' failed"), "\(answer)")
        #expect(answer.message(1).contains("entity link"), "\(answer)")
    }

    @Test func theCatalogsServerIsNotAsked() async throws {
        let shop = try shop()
        let written = try shop.folder.text(of: "revmeta.yaml")
        let server = "catalog: { hostPort: \"http://127.0.0.1:9/api\", securityConfig: { jwtToken: a.b.c } }"
        let running = written.replacing("catalog: { folder: catalog }", with: server)
        #expect(running != written)
        try shop.folder.write(running, to: "revmeta.yaml")
        var edits = Operations()
        edits.describe(link(shop), "Nobody was asked.")
        #expect(try await shop.make(edits).successes == [true])
        #expect(try shop.comments()["table orders"] == "Nobody was asked.")
        // What only it could tell is missing.
        let nowhere = running.replacing(/hostPort: "\/[^"]*"/, with: "batchSize: 10")
        #expect(nowhere != running)
        try shop.folder.write(nowhere, to: "revmeta.yaml")
        let answer = try await shop.make(edits, 2)
        #expect(answer.message(0).contains("does not say where the source is"), "\(answer)")
    }

    /// docs/operations.md, as it is printed.
    @Test func theDocumentationsSampleIsAnsweredAsItSays() async throws {
        let page = try String(contentsOfFile: #filePath.replacing("Tests/CommandLineTests/OperationsTests.swift", with: "docs/operations.md"), encoding: .utf8)
        let samples = page.components(separatedBy: "```json\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        try #require(samples.count == 2)
        let shop = try Shop("CREATE TABLE orders (status text); COMMENT ON COLUMN orders.status IS 'placed, paid'")
        try shop.configure(channel: "updateDescriptions: true, updateOwners: true")
        try shop.folder.write(samples[0].replacing("shop.shop.", with: "shop.\(shop.database.name)."), to: "operations.json")
        let answer = try await shop.expect(0, "run", "--operations", "operations.json")
        #expect(answer.output == samples[1])
        #expect(try shop.comments() == ["column status of table orders": "placed, paid, shipped"])
        #expect(try shop.owners()["table orders"] == "finance_role")
    }

    @Test func aMassRemovalIsRefusedWhole() async throws {
        let shop = try shop()
        try shop.query("COMMENT ON TABLE orders IS 'Old'; COMMENT ON COLUMN orders.id IS 'Old'")
        var edits = Operations()
        edits.describe(link(shop), nil, before: "Old")
        edits.describe(link(shop, "orders::columns::id"), nil, before: "Old")
        let refused = try await shop.make(edits, 2, "--max-removals", "1")
        #expect(!refused.success && refused.successes == [false, false])
        #expect(refused.message(0).contains("the plan clears 2 facts"), "\(refused)")
        #expect(try shop.comments().count == 2)
        #expect(try await shop.make(edits).successes == [true, true])
        #expect(try shop.comments() == [:])
    }
}
