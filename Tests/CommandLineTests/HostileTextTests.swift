import Foundation
import Testing

/// Texts and names that try to be something else arrive as they are.
@Suite(.serialized) struct HostileTextTests {
    private static let texts = [
        "it's", "''", #"\"#, #"\'; DROP TABLE orders; --"#, "$$ $body$ $1", "-- no comment", "/* nor this", ";",
        "line\nfeed\r\nand\ttab", "🎁👩‍👩‍👧", "\u{202E}backwards\u{202C} שלום", "'\u{301}", "\"\u{301}", "\\\u{308}",
        "é", "e\u{301}", "\u{1B}[2J\u{7}", "\u{9B}31m", "\u{FEFF}mark", "\u{FFFF}", "\u{10FFFF}", " ", "%s %1$n",
        ":name :'x'", #"{"a": "</script>"}"#, String(repeating: "ü'\\", count: 1 << 14),
    ]
    private static let names = [
        "Mixed Case", "select", "a.b", #"say "hi""#, "it's", "back\\slash", "dollar$$", "emoji🎁", "e\u{301}", "é",
        "a::b->c", " space ", "-- x", String(repeating: "x", count: 63), String(repeating: "é", count: 31),
        "line\nfeed", "'\u{301}", "tab\there", "100%", "semi;colon", "__reserved__",
    ]

    private func quoted(_ name: String) -> String {
        "\"" + name.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    /// As bytes: to Swift two spellings of é are one text.
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func everyTextArrives() async throws {
        let shop = try Shop(Self.texts.indices.map { "CREATE TABLE t\($0) (c int);" }.joined())
        try shop.describe(Self.texts.enumerated().map { .table("t\($0)", $1, columns: ["c": $1]) })
        try await shop.expect(0, "run")
        for (index, text) in Self.texts.enumerated() {
            let found = try shop.query(
                "SELECT obj_description('t\(index)'::regclass), col_description('t\(index)'::regclass, 1)")[0]
            #expect(found.map { bytes($0 ?? "nothing") } == [bytes(text), bytes(text)], "\(index)")
        }
        let before = try await shop.traces()
        try await shop.expect(0, "run")
        #expect(try await shop.traces() == before)
    }

    @Test func everyNameIsFound() async throws {
        let shop = try Shop(Self.names.map {
            """
            CREATE SCHEMA \(quoted($0)); CREATE TABLE \(quoted($0)).\(quoted($0)) (\(quoted($0)) int);
            CREATE FUNCTION \(quoted($0)).\(quoted($0))(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
            """
        }.joined())
        try shop.describe(Self.names.enumerated().flatMap { index, name -> [Described] in
            [
                .schema(name, "schema \(index)"),
                .table(name, "table \(index)", in: name, columns: [name: "column \(index)"]),
                .procedure(name, "function \(index)", in: name),
            ]
        })
        try await shop.expect(0, "run")
        let found = try shop.query(
            """
            SELECT n.nspname, obj_description(n.oid, 'pg_namespace'), obj_description(c.oid, 'pg_class'),
              col_description(c.oid, 1), obj_description(p.oid, 'pg_proc')
            FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_proc p ON p.pronamespace = n.oid
            WHERE n.oid >= 16384 ORDER BY n.oid
            """)
        #expect(found.map { bytes($0[0] ?? "") } == Self.names.map(bytes))
        #expect(found.map { Array($0.dropFirst()) } == Self.names.indices.map {
            ["schema \($0)", "table \($0)", "column \($0)", "function \($0)"]
        })
    }

    @Test func aScriptCarriesThemToo() async throws {
        let tables = zip(Self.names, Self.texts)
        let shop = try Shop(tables.map { "CREATE TABLE \(quoted($0.0)) ();" }.joined())
        try shop.describe(tables.map { .table($0, $1) })
        try shop.folder.write(try await shop.expect(0, "plan", "--format", "sql").output, to: "plan.sql")
        let psql = try await shop.psql(shop.folder.path + "/plan.sql")
        #expect(psql.status == 0, "\(psql.errors)")
        let found = try shop.query(
            "SELECT relname, obj_description(oid) FROM pg_class WHERE oid >= 16384 AND relkind = 'r' ORDER BY oid")
        #expect(found.map { bytes($0[0]!) } == tables.map { bytes($0.0) })
        #expect(found.map { bytes($0[1] ?? "nothing") } == tables.map { bytes($0.1) })
    }

    /// psql would take each of these for more than a name.
    @Test(arguments: ["a\nb", #"a\b"#, "a=b", "postgres://x"])
    func aDatabasesNameRunsNoCommand(name: String) async throws {
        let shop = try Shop()
        try shop.query("CREATE DATABASE \(quoted(name)) OWNER app_owner")
        defer { _ = try? shop.query("DROP DATABASE \(quoted(name)) WITH (FORCE)") }
        try shop.describe(Described.database("Any.").with { $0.database = name })
        let answer = try await shop.expect(2, "plan", "--format", "sql")
        #expect(answer.errors.contains("cannot stand safely in a script") && answer.output.isEmpty)
        try await shop.expect(0, "run")
    }

    @Test func outputThatCannotBeWrittenIsAFailure() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        for command in ["plan --format json", "schema"] {
            let answer = try await Child.run(
                ["/bin/sh", "-c", "\"$1\" \(command) >/dev/full", "sh", Program.path], in: shop.folder.path)
            #expect(answer.status == 1 && answer.errors.contains("could not be written whole"))
        }
    }

    @Test func aDatabaseMayHaveAnyName() async throws {
        let shop = try Shop()
        // A name is cluster-wide, so this one is the only test's that has it.
        let name = #"The "Shop" = it's, 100% 🎁"#
        try shop.query("CREATE DATABASE \(quoted(name)) OWNER app_owner")
        try shop.describe(Described.database("described").with { $0.database = name })
        try await shop.expect(0, "run")
        #expect(try shop.query(
            """
            SELECT description FROM pg_shdescription s JOIN pg_database d ON d.oid = s.objoid
            WHERE d.datname LIKE 'The "Shop"%'
            """) == [["described"]])
    }

    @Test func aNULCostsItsOwnChangeOnly() async throws {
        let shop = try Shop("CREATE TABLE good (); CREATE TABLE bad (c int)")
        try shop.describe(.table("good", "fine"), .table("bad", "a\0b", columns: ["c": "fine too"]))
        let planned = try await shop.expect(1, "plan")
        let answer = try await shop.expect(1, "run")
        for text in [planned.output, answer.output] {
            #expect(text.contains("the value holds U+0000, which the source cannot store"))
            #expect(text.contains("public.bad"))
        }
        #expect(try shop.comments() == ["table good": "fine", "column c of table bad": "fine too"])

        try shop.configure(channel: "updateDescriptions: true, onUnrepresentable: replace")
        try await shop.expect(0, "run")
        #expect(try shop.comments()["table bad"] == "a\u{FFFD}b")
    }

    @Test func noControlCharacterReachesTheTerminal() async throws {
        let evil = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31m\r\u{8}\u{7F}"
        let shop = try Shop(
            "CREATE TABLE \"t\u{1B}[2J\" (); CREATE TABLE kept (); COMMENT ON TABLE kept IS 'x\u{1B}[2J'")
        try shop.configure(channel: "updateDescriptions: true, updateOwners: true, onConflict: keep")
        try shop.describe(
            .table("t\u{1B}[2J", evil, owners: ["ev\u{1B}[2Jil"]), .table("kept", evil), .table("none\u{1B}[2J", evil))
        let answers = [
            try await shop.expect(0, "check"), try await shop.expect(0, "plan"), try await shop.expect(0, "run"),
            try await shop.expect(0, "run"),
        ]
        for answer in answers {
            for scalar in (answer.output + answer.errors).unicodeScalars where scalar != "\n" && scalar != "\t" {
                #expect(scalar.properties.generalCategory != .control)
            }
        }
        #expect(answers[1].output.contains(#"\u{1B}[2J"#))
        #expect(bytes(try shop.comments().first { $0.key.contains("[2J") }?.value ?? "") == bytes(evil))
    }

    /// Neither may a name look like a line of ours, nor a text be seen in another order than it is written in.
    @Test func nothingInAnAnswerIsForged() async throws {
        let forged = "x\nRun 99. Done: 7 set\nService prod\u{2028}note: fine\u{202E}gnp"
        let shop = try Shop("CREATE TABLE t (); COMMENT ON TABLE t IS 'Theirs.'")
        try shop.configure(channel: "updateDescriptions: true, updateOwners: true, onConflict: keep")
        try shop.describe(.table(forged, "One."), .table("t", "a\u{202E}b\u{2066}c", owners: [forged]))
        try await shop.expect(0, "plan", "--out", "plan.json")
        for command in [["check"], ["plan"], ["run", "--verbose"], ["show", "1"], ["run", "--plan", "plan.json"]] {
            let answer = try await shop.expect(0, command)
            let lines = (answer.output + answer.errors).split { $0 == "\n" || $0 == "\u{2028}" }
            #expect(!lines.contains { $0.hasPrefix("Run 99") || $0.hasPrefix("Service prod") || $0.hasPrefix("note: fine") })
            #expect(!(answer.output + answer.errors).unicodeScalars.contains { (0x2028...0x202E).contains($0.value) })
            #expect(!(answer.output + answer.errors).unicodeScalars.contains { (0x2066...0x2069).contains($0.value) })
        }
        #expect(try await shop.expect(0, "plan").output.contains(#"x\u{A}Run 99. Done: 7 set\u{A}Service prod\u{2028}"#))
    }
}
