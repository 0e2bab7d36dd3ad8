import Foundation
import RevmetaTestSupport
import Testing

/// Plans that one person makes and another runs.
@Suite struct SavedPlanTests {
    private func shop() throws -> Shop {
        let shop = try Shop("""
            CREATE TABLE a (x int); CREATE TABLE b (); CREATE TABLE c ();
            COMMENT ON TABLE b IS 'Theirs.'
            """)
        try shop.describe(
            .table("a", "Ours a.", columns: ["x": "Ours x."]), .table("b", "Ours b."), .table("c", "Ours c."), .table("gone", "Gone."))
        return shop
    }

    private func plan(of shop: Shop) throws -> [String: Any] {
        let text = try Data(contentsOf: URL(fileURLWithPath: shop.folder.path + "/plan.json"))
        return try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    }

    @Test func exactlyItIsSent() async throws {
        let shop = try shop()
        let saved = try await shop.expect(0, "plan", "--out", "plan.json")
        let plan = try plan(of: shop)
        let hash = try #require(plan["hash"] as? String)
        #expect(saved.errors.contains("Saved in plan.json, hash \(hash.prefix(12))."))
        let statements = try #require(plan["statements"] as? [[String: Any]])
        #expect(statements.count == 4)
        #expect((plan["notWritten"] as? [[String: Any]])?.count == 1)
        #expect(try shop.comments() == ["table b": "Theirs."], "a plan writes nothing")
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.folder.path).filter { $0.contains("part") } == [])

        // The catalog is another by now, even broken: the plan is what was looked at.
        try shop.folder.write("no JSON", to: "catalog/tables.jsonl")
        let answer = try await shop.expect(0, "run", "--plan", "plan.json")
        #expect(answer.output.contains("Run 1. Done: 3 set, 1 conflict overwritten, 1 skipped"))
        #expect(try shop.comments() == [
            "table a": "Ours a.", "column x of table a": "Ours x.", "table b": "Ours b.", "table c": "Ours c.",
        ])
        let shown = try await shop.expect(0, "show", "1")
        #expect(shown.output.contains("saved plan"))
        #expect(shown.output.contains("plan \(hash)"), "the journal knows what was run")

        // What it wrote is ours: it can be rolled back, and goes when the catalog takes it back.
        try await shop.expect(0, "rollback", "1")
        #expect(try shop.comments() == ["table b": "Theirs."])
    }

    @Test func aPlainRunOfTheSameFactsHasTheSameHash() async throws {
        let shop = try shop()
        try await shop.expect(0, "plan", "--out", "plan.json")
        let hash = try #require(try plan(of: shop)["hash"] as? String)
        try await shop.expect(0, "run")
        #expect(try await shop.expect(0, "show", "1").output.contains("plan \(hash)"))
        try await shop.expect(0, "run")
        #expect(!(try await shop.expect(0, "show", "2").output.contains("plan ")), "it had nothing to send")
    }

    @Test func whatHasMovedIsAConflictAndNamed() async throws {
        let shop = try shop()
        try await shop.expect(0, "plan", "--out", "plan.json")
        try shop.query("COMMENT ON TABLE c IS 'Since.'; DROP TABLE a")
        let answer = try await shop.expect(1, "run", "--plan", "plan.json")
        #expect(answer.output.contains("conflict: description of table \(shop.database.name).public.c"))
        #expect(answer.output.contains("expected nothing, found 'Since.'"))
        #expect(answer.output.contains("does not exist any more"))
        #expect(try shop.comments() == ["table b": "Ours b.", "table c": "Since."])
    }

    @Test func twiceIsNoHarm() async throws {
        let shop = try shop()
        try await shop.expect(0, "plan", "--out", "plan.json")
        try await shop.expect(0, "run", "--plan", "plan.json")
        let comments = try shop.comments()
        #expect(try await shop.expect(0, "run", "--plan", "plan.json").output.contains("4 unchanged"))
        #expect(try shop.comments() == comments)
        #expect(try await shop.expect(0, "run").output.contains("Nothing to do: 4 unchanged"))
        #expect(try await shop.expect(0, "rollback", "2").output.contains("Nothing to do"), "it wrote nothing")
    }

    @Test func anotherProgramMayLayItOutAnew() async throws {
        let shop = try shop()
        try await shop.expect(0, "plan", "--out", "plan.json")
        let pretty = try JSONSerialization.data(
            withJSONObject: try plan(of: shop), options: [.prettyPrinted, .sortedKeys])
        try pretty.write(to: URL(fileURLWithPath: shop.folder.path + "/plan.json"))
        #expect(try await shop.expect(0, "run", "--plan", "plan.json").output.contains("Done: 3 set"))
    }

    @Test(arguments: [
        ("Ours c.", "Ours d.", "the plan was changed after it was made"),
        ("COMMENT ON TABLE", "DROP TABLE", "the plan was changed after it was made"),
        ("\"action\":\"set\"", "\"action\":\"drop\"", "changes[0].action: expected one of set, overwrite, clear, restore, found 'drop'"),
        ("\"action\":\"set\"", "\"action\":\"skip\"", "changes[0].action: expected one of set, overwrite, clear, restore, found 'skip'"),
        ("\"service\":\"shop\"", "\"service\":\"other\"", "plan.json:7: service: the configuration has no service 'other'"),
        ("\"type\":\"Postgres\"", "\"type\":\"Mysql\"", "of type Mysql, and the configuration has one of type Postgres"),
        ("revmeta.plan/1", "revmeta.plan/9", "expected a plan of the format revmeta.plan/1, found revmeta.plan/9"),
        ("\"statements\": [", "\"sentences\": [", "found an object without a `statements` array"),
        ("\"path\":[", "\"path\":7,\"was\":[", "expected a list, found a number"),
        ("\"hash\":", "\"cash\":", "its hash says that it is empty"),
        ("  ],\n  \"notWritten\": [\n", "", "after a statement, found `{`"),
        ("\n  \"notWritten\"", "\n  notWritten", "expected one list `statements`, found another"),
    ])
    func aPlanThatIsNotWhatWasMadeIsRefused(old: String, new: String, message: String) async throws {
        let shop = try shop()
        try await shop.expect(0, "plan", "--out", "plan.json")
        let path = shop.folder.path + "/plan.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let range = try #require(text.range(of: old))
        try text.replacingCharacters(in: range, with: new).write(toFile: path, atomically: true, encoding: .utf8)
        let answer = try await shop.expect(2, "run", "--plan", "plan.json")
        #expect(answer.errors.contains(message), "\(answer.errors)")
        #expect(answer.errors.contains("Nothing was written."))
        #expect(try shop.comments() == ["table b": "Theirs."])
    }

    @Test func aPlanCutShortIsRefusedWhereverItIsCut() async throws {
        let shop = try Shop("CREATE TABLE a ()")
        try shop.describe(.table("a", "Ours a."))
        try await shop.expect(0, "plan", "--out", "plan.json")
        let path = shop.folder.path + "/plan.json"
        let text = try Data(contentsOf: URL(fileURLWithPath: path))
        for count in stride(from: 0, to: text.count - 3, by: 97) {
            try text.prefix(count).write(to: URL(fileURLWithPath: path))
            let answer = try await shop.expect(2, "run", "--plan", "plan.json")
            #expect(answer.errors.contains("Nothing was written."), "cut at \(count): \(answer.errors)")
        }
        #expect(try shop.comments() == [:])
    }

    /// What its pieces mean is certain at its end only: until then it must not even be taken for ours what is there already.
    @Test func aPlanThatIsRefusedTeachesNothing() async throws {
        let shop = try Shop("CREATE TABLE a ()")
        try shop.describe(.table("a", "Ours."))
        try await shop.expect(0, "run")
        try shop.describe(.table("a", "Next."))
        try await shop.expect(0, "plan", "--out", "plan.json")
        try shop.query("COMMENT ON TABLE a IS 'Theirs.'")
        try shop.folder.write(try shop.folder.text(of: "plan.json").replacing("Next.", with: "Theirs."), to: "plan.json")
        try await shop.expect(2, "run", "--plan", "plan.json")
        try shop.describe(.table("a", nil))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table a": "Theirs."])
    }

    /// What a link leads to is replaced, and not the link; what is no file is left as it is.
    @Test func whatIsThereAlreadyIsReplacedOnlyIfItIsAFile() async throws {
        let shop = try shop(), files = FileManager.default
        try shop.folder.write("old", to: "kept.json")
        try files.createSymbolicLink(atPath: shop.folder.path + "/plan.json", withDestinationPath: "kept.json")
        try await shop.expect(0, "plan", "--out", "plan.json")
        #expect(try files.destinationOfSymbolicLink(atPath: shop.folder.path + "/plan.json") == "kept.json")
        #expect(try shop.folder.text(of: "kept.json").contains("revmeta.plan/1"))
        let refused = try await shop.expect(2, "plan", "--out", "/dev/full")
        #expect(refused.errors.contains("/dev/full cannot be written: it is there, and is no plain file"))
        #expect(try files.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test func whatCannotBeIsSaid() async throws {
        let shop = try shop()
        #expect(try await shop.expect(2, "run", "--plan", "none.json").errors.contains(
            "none.json: cannot be opened: No such file or directory"))
        #expect(try await shop.expect(2, "run", "--plan", "x", "--channel", "all").errors.contains("belongs to 'revmeta plan'"))
        #expect(try await shop.expect(2, "plan", "--out", "no/such/folder/plan.json").errors.contains("cannot be written"))
    }

    /// A service that is down is left out of the plan, and what is kept is whole.
    @Test func aPlanHasNothingOfASessionThatFailed() async throws {
        let shop = try shop()
        try shop.configure(services: """
              far:
                type: Postgres
                connection: { hostPort: "/no/such/folder:5432", username: nobody, database: far }
            """)
        try shop.describe(.table("a", "Ours a."), .table("a", "Far.").with { $0.service = "far" })
        let saved = try await shop.expect(1, "plan", "--out", "plan.json")
        #expect(saved.errors.contains("It is not whole: service 'far' failed"), "\(saved)")
        let answer = try await shop.expect(0, "run", "--plan", "plan.json")
        #expect(answer.output.contains("Done: 1 set"))

        // Where nothing could be planned there is nothing to run, which is no success.
        try shop.describe(.table("a", "Far.").with { $0.service = "far" })
        try await shop.expect(3, "plan", "--out", "plan.json")
        let nothing = try await shop.expect(2, "run", "--plan", "plan.json")
        #expect(nothing.errors.contains("there is nothing in the plan, since service 'far' failed when it was made"), "\(nothing)")
    }
}
