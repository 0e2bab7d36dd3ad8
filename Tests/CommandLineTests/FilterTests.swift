import Foundation
import RevmetaTestSupport
import Testing

/// Channels whose filter asks for more than names: saved in Collate, or written in YAML.
@Suite struct FilterTests {
    private func shop(_ filter: String) throws -> Shop {
        let shop = try Shop("CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE SCHEMA tmp CREATE TABLE c (x int)")
        try shop.configure(channel: "updateDescriptions: true, filter: '\(filter)'")
        try shop.describe(
            .table("a", "Ours a.", columns: ["x": "Ours a.x."], owners: ["jane.doe"]).with { $0.tags = ["PII.Sensitive"] },
            .table("b", "Ours b.", columns: ["x": "Ours b.x."], owners: []),
            .table("c", "Ours c.", in: "tmp", columns: ["x": "Ours c.x."]), .schema("tmp", "Ours tmp.", owners: []))
        return shop
    }

    @Test func itSelectsTablesWithTheirColumns() async throws {
        let shop = try shop(#"{"query":{"bool":{"must":[{"term":{"tags.tagFQN":"pii.sensitive"}}]}}}"#)
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table a": "Ours a.", "column x of table a": "Ours a.x."])
    }

    /// What a table's answer does not tell is not taken for empty.
    @Test func whatIsNotToldSelectsNothingAndIsSaid() async throws {
        let shop = try shop(#"{"query":{"bool":{"must_not":{"exists":{"field":"owners.displayName.keyword"}}}}}"#)
        let answer = try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table b": "Ours b.", "column x of table b": "Ours b.x.", "schema tmp": "Ours tmp."])
        #expect(answer.output.contains(
            "channel 'all': its filter asks for what the catalog's answers do not tell of 2 entities"), "\(answer)")
    }

    @Test func theEmptyFilterIsCollatesForEverything() async throws {
        let shop = try shop("")
        try await shop.expect(0, "run")
        #expect(try shop.comments().count == 7)
    }

    @Test func aFilterThatIsNotUnderstoodIsAnErrorOfTheConfiguration() async throws {
        let shop = try shop(#"{"query":{"bool":{"must":[{"term":{"tags.tagFqn":"x"}}]}}}"#)
        let answer = try await shop.expect(2, "run")
        #expect(answer.errors.contains(
            "channels[0].filter: query.bool.must[0].term.tags.tagFqn: the field 'tags.tagFqn' is not known"), "\(answer)")
    }

    @Test func checkWarnsOfTheEditorsMistake() async throws {
        let shop = try shop(
            #"{"query":{"bool":{"should":[{"bool":{"must_not":{"term":{"name.keyword":"a"}}}},"#
                + #"{"bool":{"must_not":{"term":{"name.keyword":"b"}}}}]}}}"#)
        let answer = try await shop.expect(0, "check")
        #expect(answer.output.contains("! channel 'all': filter: query.bool.should says \"not a, or not b\""), "\(answer)")
        // As written: every entity is one of the two at most.
        try await shop.expect(0, "run")
        #expect(try shop.comments().count == 7)
    }

    @Test func aChannelCanBeTried() async throws {
        let shop = try shop(#"{"query":{"bool":{"must":[{"term":{"tags.tagFQN":"pii.sensitive"}},{"exists":{"field":"owners"}}]}}}"#)
        let name = shop.database.name
        let counted = try await shop.expect(0, "channels", "test", "all")
        #expect(counted.output == """
            schema: 0 of 1
            table: 1 of 3
            column: 1 of 3
              table shop.\(name).public.a

            """)
        let yes = try await shop.expect(0, "channels", "test", "all", "shop.\(name).public.a.x")
        #expect(yes.output.hasPrefix("column shop.\(name).public.a.x is selected\n"))
        let no = try await shop.expect(1, "channels", "test", "all", "shop.\(name).public.b")
        #expect(no.output == """
            table shop.\(name).public.b is not selected
              ✓ it is not deleted in the catalog
              ✗ all of
                ✗ tag is 'pii.sensitive', and there is none
                ✗ ownerName has a value, and there is none

            """)
        try shop.configure(channel: #"updateDescriptions: true, filter: '{"!!":{"var":"owners"}}'"#)
        let unknown = try await shop.expect(0, "channels", "test", "all")
        #expect(unknown.output.contains("! 2 cannot be decided about"))
        #expect(try await shop.expect(1, "channels", "test", "all", "shop.\(name).tmp.c").output.contains(
            "? ownerFullyQualifiedName has a value, which the catalog's answer does not tell"))
    }

    @Test func whatCannotBeTriedIsSaid() async throws {
        let shop = try shop("")
        #expect(try await shop.expect(2, "channels", "test", "other").errors.contains("there is no channel 'other'"))
        #expect(try await shop.expect(2, "channels", "test", "all", "shop.x.y.z").errors.contains("the catalog has no shop.x.y.z"))
        #expect(try await shop.expect(2, "channels", "test", "all", "shop").errors.contains("expected an entity such as"))
    }

    /// The same in YAML.
    @Test(arguments: [
        ("tags: 'PII.*'", ["a"]), ("tags: [PII.NonSensitive, PII.Sensitive]", ["a"]), ("tags: 'pii.*'", []),
        ("owners: jane.doe", ["a"]), ("owners: [john, '/^jane/']", ["a"]), ("tags: 'PII.*', tables: b", []),
        ("tags: 'PII.*', owners: jane.doe, schemas: public", ["a"]),
        ("tag: 'PII.*', owner: jane.doe, schema: public", ["a"]), ("any: [{ table: a }, { table: b }]", ["a", "b"]),
        ("schema: public, not: { table: a }, kinds: [table, column]", ["b"]),
        ("any: [{ tag: 'PII.*' }, { all: [{ schema: public }, { not: { table: a } }] }], kind: [table, column]", ["a", "b"]),
        ("any: [{ owner: nobody }, { tag: none }]", []),
    ] as [(String, [String])])
    func theShortForm(filter: String, tables: [String]) async throws {
        let shop = try shop("")
        try shop.configure(channel: "updateDescriptions: true, filter: { \(filter) }")
        try await shop.expect(0, "run")
        #expect(try Set(shop.comments().keys) == Set(tables.flatMap { ["table \($0)", "column x of table \($0)"] }))
    }

    @Test func columnsCanMatchTheirOwnTags() async throws {
        let shop = try shop("")
        let name = shop.database.name
        try shop.folder.write(
            #"{"fullyQualifiedName":"shop.\#(name).public.a","description":"Ours a.","tags":[],"columns":[{"name":"x","#
                + #""description":"Ours x.","tags":[{"tagFQN":"PII.Sensitive"}]},{"name":"y","description":"Ours y.","tags":[]}]}"#
                + "\n", to: "catalog/tables.jsonl")
        let filter = "updateDescriptions: true, filter: { tags: 'PII.*' }"
        try shop.configure(channel: filter)
        #expect(try await shop.expect(0, "channels", "test", "all").output.contains("table: 1 of 1\ncolumn: 2 of 2"))
        try shop.configure(channel: filter + ", columnsMatchOwnTags: true")
        #expect(try await shop.expect(0, "channels", "test", "all").output.contains("table: 1 of 1\ncolumn: 1 of 2"))
        let no = try await shop.expect(1, "channels", "test", "all", "shop.\(name).public.a.y")
        #expect(no.output.contains("columnsMatchOwnTags: tags below are the column's own"), "\(no)")
        #expect(no.output.contains("✗ tag looks like PII.*, and there is none"), "\(no)")
    }

    @Test func aClauseThatIsNotUnderstoodIsAnErrorWithItsPlace() async throws {
        let shop = try shop("")
        try shop.configure(channel: "updateDescriptions: true, filter: { any: [{ table: a }, { not: { colour: red } }] }")
        let answer = try await shop.expect(2, "run")
        #expect(answer.errors.contains("channels[0].filter.any[1].not: unknown key 'colour'. Known keys: services"), "\(answer)")
    }

    @Test func customPropertiesDomainsAndTiers() async throws {
        let shop = try shop("")
        let name = shop.database.name
        func table(_ table: String, _ more: String) -> String {
            #"{"fullyQualifiedName":"shop.\#(name).public.\#(table)","description":"Ours.","owners":[],\#(more)}"# + "\n"
        }
        try shop.folder.write(
            table("a", #""extension":{"costCenter":"CC-100"},"domains":[{"name":"finance","displayName":"Finance"}],"tags":[]"#)
                + table("b", #""extension":{"costCenter":"CC-200"},"domains":[],"tags":[{"tagFQN":"Tier.Tier1"}]"#),
            to: "catalog/tables.jsonl")
        for (filter, selected) in [
            ("properties: { costCenter: 'CC-1*' }", "a"), ("domains: Finance", "a"), ("domains: finance", "a"),
            ("tiers: Tier.Tier1", "b"), ("tier: Tier1", "b"), ("tier: 'T*2'", ""), ("tags: 'Tier.*'", ""),
            ("property: { costCenter: [CC-200, x] }", "b"), ("not: { property: { costCenter: CC-200 } }", "a"),
        ] {
            try shop.configure(channel: "updateDescriptions: true, filter: { kinds: [table], \(filter) }")
            let answer = try await shop.expect(selected.isEmpty ? 1 : 0, "channels", "test", "all")
            #expect(answer.output.contains("table: \(selected.isEmpty ? 0 : 1) of 2"), "\(filter): \(answer)")
            if !selected.isEmpty { #expect(answer.output.contains("table shop.\(name).public.\(selected)"), "\(filter)") }
        }
    }
}
