import Foundation
import RevmetaTestSupport
import Testing

/// The way back.
@Suite struct RollbackTests {
    private func shop() async throws -> Shop {
        let shop = try Shop("""
            CREATE TABLE a (); CREATE TABLE b (); CREATE TABLE c ();
            COMMENT ON TABLE b IS 'Theirs.'
            """)
        try shop.configure(channel: "updateDescriptions: true, onConflict: overwrite")
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b."), .table("c", "Ours c."))
        try await shop.expect(0, "run")
        return shop
    }

    @Test func whatWasThereIsPutBackAndIsNotOurs() async throws {
        let shop = try await shop()
        let shown = try await shop.expect(0, "rollback", "1", "--plan")
        #expect(shown.output.contains("put back description of table \(shop.database.name).public.b"))
        #expect(shown.output.contains("clear description of table \(shop.database.name).public.a"))
        #expect(try shop.comments()["table b"] == "Ours b.")

        let answer = try await shop.expect(0, "rollback", "1")
        #expect(answer.output.contains("Run 2. Done: 1 set, 2 cleared"))
        #expect(answer.output.contains("As long as the catalog says what it said"))
        #expect(try shop.comments() == ["table b": "Theirs."])
        #expect(try await shop.expect(0, "show", "2").output.contains("rollback of 1"))

        // The catalog goes blank: what was put back is somebody else's, and stays.
        try shop.describe(.table("a", nil), .table("b", nil), .table("c", nil))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table b": "Theirs."])
    }

    @Test func aRollbackCanBeRolledBack() async throws {
        let shop = try await shop()
        let before = try shop.comments()
        try await shop.expect(0, "rollback", "1")
        try await shop.expect(0, "rollback", "2")
        #expect(try shop.comments() == before)
        // Ours again: the catalog agrees, and takes away what it takes back.
        let again = try await shop.expect(0, "run")
        #expect(again.output.contains("Nothing to do: 3 unchanged"))
        try shop.describe(.table("a", nil), .table("b", nil), .table("c", "Ours c."))
        try await shop.expect(0, "run")
        #expect(try shop.comments() == ["table c": "Ours c."])
    }

    @Test(arguments: [("keep", 0, "Since."), ("fail", 1, "Since."), ("overwrite", 0, nil)] as [(String, Int32, String?)])
    func whatWasChangedSinceIsAConflict(policy: String, status: Int32, left: String?) async throws {
        let shop = try await shop()
        try shop.query("COMMENT ON TABLE a IS 'Since.'")
        let answer = try await shop.expect(status, "rollback", "1", "--on-conflict", policy)
        #expect(try shop.comments()["table a"] == left)
        #expect(try shop.comments()["table b"] == "Theirs.")
        if policy != "overwrite" { #expect(answer.output.contains("changed after the run that is rolled back")) }
    }

    @Test func aPartAloneCanBePutBack() async throws {
        let shop = try await shop()
        try await shop.expect(0, "rollback", "1", "--entity", "*.public.b")
        #expect(try shop.comments() == ["table a": "Ours a.", "table b": "Theirs.", "table c": "Ours c."])
    }

    @Test func ownersGoBackToWhoeverHadThem() async throws {
        let shop = try Shop("CREATE TABLE a ()")
        try shop.configure(channel: "updateOwners: true")
        try shop.describe(.table("a", nil, owners: ["team:finance"]))
        try await shop.expect(0, "run")
        #expect(try shop.owners()["table a"] == "finance_role")
        try await shop.expect(0, "rollback", "1")
        #expect(try shop.owners()["table a"] == "app_owner")
    }

    @Test func whatIsGoneIsLeftOut() async throws {
        let shop = try await shop()
        try shop.query("DROP TABLE a")
        let answer = try await shop.expect(0, "rollback", "1")
        #expect(answer.output.contains("the source has no such table any more"))
        #expect(try shop.comments() == ["table b": "Theirs."])
    }

    @Test func wrongUsesSayWhatWasExpected() async throws {
        let shop = try await shop()
        #expect(try await shop.expect(2, "rollback", "17").errors.contains("there is no run 17 in the journal"))
        #expect(try await shop.expect(2, "rollback", "one").errors.contains("The value 'one' is invalid"))
        let unknown = try await shop.expect(0, "rollback", "1", "--entity", "*.nothing")
        #expect(unknown.output.contains("Nothing to do"))
        #expect(try await shop.expect(2, "rollback", "1", "--on-conflict", "merge").errors.contains("merge"))
    }
}
