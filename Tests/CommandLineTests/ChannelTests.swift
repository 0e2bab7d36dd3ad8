import Foundation
import RevmetaTestSupport
import Testing

/// What channels make of the catalog's facts, and where they write them.
@Suite struct ChannelTests {
    private static let markdown = "# Orders\n\n- **one** a row\n- see [docs](https://x.org)\n\n| a | b |\n|---|---|\n| 1 | &lt;2 |\n"
    private static let plain = "Orders\n\n- one a row\n- see docs (https://x.org)\n\na | b\n--+---\n1 | <2"

    @Test func descriptionsCanBePlainText() async throws {
        let shop = try Shop("CREATE TABLE a (x int)")
        try shop.configure(channel: "updateDescriptions: true, descriptionFormat: plain")
        try shop.describe(.table("a", Self.markdown, columns: ["x": "<p>The <b>key</b></p>"]))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table a": Self.plain, "column x of table a": "The key"])
        // What is compared is what is written, and other marks around the same words are no change.
        let before = try await shop.traces()
        try shop.describe(.table("a", Self.markdown.replacing("**", with: "__"), columns: ["x": "The *key*"]))
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)
        // A text of which nothing is left is no text.
        try shop.describe(.table("a", "<br/>", columns: ["x": "The key"]))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["column x of table a": "The key"])
    }

    @Test func differentValuesForOneFactAreAnErrorThatNamesBothChannels() async throws {
        let shop = try Shop("CREATE TABLE a (x int); CREATE TABLE b ()")
        try shop.describe(.table("b", "The same."), .table("a", "*Ours*."))
        try shop.configure(
            channel: "updateDescriptions: true",
            others: ["name: second, updateDescriptions: true, descriptionFormat: plain, filter: { schemas: public }"])
        for command in ["plan", "check", "run"] {
            let answer = try await shop.expect(2, command)
            #expect(answer.errors.contains(
                "channel 'all' and channel 'second' want different values for the description of the table "
                    + "shop.\(shop.database.name).public.a: '*Ours*.' and 'Ours.'. Narrow the filter"), "\(answer)")
        }
        #expect(try shop.comments() == [:])
        // One of them alone is none.
        try await shop.expect(0, "run", "--channel", "second")
        #expect(try shop.comments() == ["table a": "Ours.", "table b": "The same."])
    }

    @Test func aChannelThatSelectsNothingIsToldWithWhereItsFilterEnds() async throws {
        let shop = try Shop("CREATE TABLE a ()")
        try shop.describe(.table("a", "Ours."))
        try shop.configure(
            channel: "updateDescriptions: true", others: ["name: second, updateDescriptions: true, filter: { schemas: pubic }"])
        let note = "channel 'second' selects nothing: its filter takes none of the schemas that it comes to: 'public'; "
            + "'revmeta channels test second' tries its filter\n"
        for (command, mark) in [("plan", "note: "), ("check", "! "), ("run", "note: ")] {
            let answer = try await shop.expect(0, command)
            #expect(answer.output.contains(mark + note), "\(answer)")
            #expect(!answer.output.contains("channel 'all' selects nothing"))
        }
        #expect(try shop.comments() == ["table a": "Ours."])
        #expect(try await !shop.expect(0, "run", "--channel", "all").output.contains("selects nothing"))
    }

    @Test func aFactOfSeveralChannelsIsWrittenOnceByTheFirst() async throws {
        let shop = try Shop("CREATE TABLE a (x int); CREATE TABLE b (); COMMENT ON TABLE a IS 'theirs'")
        try shop.describe(.table("a", "Ours a.", columns: ["x": "Ours x."]), .table("b", "Ours b."))
        try shop.configure(
            channel: "updateDescriptions: true, onConflict: keep, filter: { tables: a }",
            others: ["name: second, updateDescriptions: true", "name: third, updateDescriptions: true, updateOwners: true"])
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("onConflict is keep"), "\(answer)")
        #expect(try shop.comments() == ["table a": "theirs", "column x of table a": "Ours x.", "table b": "Ours b."])
    }

    @Test func ownersByPatternsTeamsAndAddresses() async throws {
        let shop = try Shop(["a", "b", "c", "d", "e"].map { "CREATE TABLE \($0) ();" }.joined())
        try shop.folder.write(
            """
            {"id":"u1","name":"john","email":"john@x.org"}
            {"id":"u2","name":"finance","email":"finance@y.org"}
            {"id":"u3","name":"nobody","email":"nobody@x.org"}

            """, to: "catalog/users.jsonl")
        try shop.folder.write(
            """
            {"id":"t1","name":"sales","users":[{"id":"u3"}],"children":[{"id":"t2"}]}
            {"id":"t2","name":"sales_eu","users":[{"id":"u2"},{"id":"u1"}],"children":[{"id":"t1"}]}
            {"id":"t3","name":"untold"}

            """, to: "catalog/teams.jsonl")
        func owners(_ settings: String, _ map: String) async throws -> (Child.Answer, [String: String]) {
            try shop.query("DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['a','b','c','d','e'] LOOP "
                + "EXECUTE format('ALTER TABLE %I OWNER TO app_owner', t); END LOOP; END $$")
            try shop.configure(channel: "updateOwners: true\(settings)", owners: map)
            let plan = try await shop.expect(0, "plan")
            try await shop.expect(0, "run")
            return (plan, try shop.owners().filter { $0.value != "app_owner" })
        }
        try shop.describe(
            .table("a", nil, owners: ["finance"]), .table("b", nil, owners: ["team:sales"]),
            .table("c", nil, owners: ["nobody", "team:sales"]), .table("d", nil, owners: ["team:untold"]),
            .table("e", nil, owners: ["nobody", "team:finance"]))

        // A pattern, and the first of several owners that has a principal.
        var (plan, found) = try await owners("", #", "fin*": "fin$1_role""#)
        #expect(found == ["table a": "finance_role", "table e": "finance_role"])
        #expect(plan.output.contains("the owner is 'team:finance', the first of 'nobody', 'team:finance' that owners.map knows"))
        // Teams stand for their members, and those of their teams.
        (plan, found) = try await owners(", expandTeams: true", #", "fin*": "fin$1_role""#)
        #expect(found.keys.sorted() == ["table a", "table b", "table c", "table e"])
        #expect(plan.output.contains("the owner is 'finance', the first of 'team:sales' that owners.map knows"))
        #expect(plan.output.contains("the catalog's answers do not tell the members of 'team:untold'"), "\(plan)")
        // By address.
        (plan, found) = try await owners(", ownerAttribute: email", #", "/^(.*)@y[.]org$/": "$1_role""#)
        #expect(found == ["table a": "finance_role"])
        #expect(plan.output.contains("the catalog's answers do not tell the e-mail address of 'team:finance'"))
        // What is not in the map is told as it was looked up.
        (plan, found) = try await owners(", ownerAttribute: email", #", "/^(.*)@elsewhere[.]org$/": "$1_role""#)
        #expect(found == [:])
        #expect(plan.output.contains("no principal is known for the owner 'finance@y.org': add it to owners.map"), "\(plan)")
    }

    @Test func anUnmappedOwnerCanBeAFailure() async throws {
        let shop = try Shop("CREATE TABLE a (); CREATE TABLE b ()")
        try shop.configure(channel: "updateDescriptions: true, updateOwners: true, onUnmappedOwner: fail")
        try shop.describe(.table("a", "Ours.", owners: ["john.roe"]), .table("b", nil, owners: ["john.roe", "team:finance"]))
        let answer = try await shop.expect(1, "run")
        #expect(answer.output.contains("no principal is known for the owner 'john.roe': add it to owners.map"), "\(answer)")
        #expect(try shop.comments() == ["table a": "Ours."])
        #expect(try shop.owners()["table b"] == "finance_role" && shop.owners()["table a"] == "app_owner")
    }

    @Test func aChannelCanWriteToAnotherService() async throws {
        let shop = try Shop("CREATE TABLE a (x int)")
        let connection = "{ hostPort: \"\(shop.database.server.folder):\(shop.database.server.port)\", username: metadata_writer, "
            + "database: \(shop.database.name), sslMode: disable }"
        let services = "  copy: { type: Postgres, connection: \(connection), owners: { map: { john.roe: finance_role } } }"
        // The entities' own service cannot be reached, and need not be.
        let nowhere = ["hostPort": "\"/nowhere:1\""]
        try shop.describe(.table("a", "Ours.", columns: ["x": "Ours x."], owners: ["john.roe"]))
        try shop.configure(
            connection: nowhere, channel: "updateDescriptions: true, updateOwners: true, sinkService: copy", services: services)
        #expect(try await shop.expect(0, "check").output.contains("✓ copy: connected and read"))
        #expect(try await shop.expect(0, "channels", "test", "all").output.hasPrefix(
            "Writes to service 'copy', under the same paths.\ntable: 1 of 1"))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table a": "Ours.", "column x of table a": "Ours x."])
        #expect(try shop.owners()["table a"] == "finance_role")

        try shop.configure(channel: "updateDescriptions: true, sinkService: coppy", services: services)
        #expect(try await shop.expect(2, "run").errors.contains(
            "channels[0].sinkService: no service is named 'coppy': did you mean 'copy'?"))
    }

    @Test func twoServicesCannotShareANameAtASink() async throws {
        let shop = try Shop("CREATE TABLE a ()")
        let name = "\(shop.database.name).public.a"
        try shop.describe(.table("a", "Ours."), .table("a", "Theirs.").with { $0.service = "other" })
        try shop.configure(channel: "updateDescriptions: true, sinkService: shop", services: "  other: { type: Postgres }")
        let answer = try await shop.expect(2, "run")
        #expect(answer.errors.contains(
            "the table \(name) of service 'shop' and that of service 'other' are both written to service 'shop'"), "\(answer)")
        #expect(try shop.comments() == [:])
    }

    @Test func whatNoPluginServesIsListed() async throws {
        let shop = try Shop("CREATE TABLE a ()")
        try shop.describe(["shop", "lake", "unknown"].map { service in
            Described.table("a", "Ours.").with { $0.service = service }
        })
        try shop.configure(services: "  lake: { type: Nosuch }")
        for command in ["plan", "check", "run"] {
            let answer = try await shop.expect(1, command)
            let all = answer.output + answer.errors
            #expect(all.contains("no plugin serves the type 'Nosuch' of service 'lake'"), "\(answer)")
            #expect(all.contains("service 'lake' could not be used; left alone: 1 table"), "\(answer)")
            #expect(all.contains("service 'unknown' is selected by a channel, but services: does not define it; left alone: 1 table"))
        }
        #expect(try shop.comments() == ["table a": "Ours."])
    }
}
