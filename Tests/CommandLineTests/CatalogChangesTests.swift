import Foundation
import GRDB
import RevmetaTestSupport
import Testing

/// `revmeta run --changes`: what has happened at the catalog since the last run.
@Suite struct CatalogChangesTests {
    private func catalog() throws -> LiveCatalog {
        try LiveCatalog(
            "CREATE TABLE orders (id int); CREATE TABLE notes (); CREATE TABLE other ()",
            .table("orders", "One row an order.", columns: ["id": "Its number."]), .table("notes", "What people say."),
            .table("other", "The rest."))
    }

    private func describe(_ catalog: LiveCatalog, _ table: String, _ text: String?) async throws {
        let path = "/description"
        try await catalog.server.patch(
            "tables", catalog.name("public", table),
            [text.map { ["op": "add", "path": path, "value": $0] } ?? ["op": "remove", "path": path]])
    }

    private func tablesRead(_ catalog: LiveCatalog) async throws -> [String] {
        try await catalog.server.requests().all.map(\.path).filter { $0.hasPrefix("/api/v1/tables") }
    }

    @Test func onlyWhatHappenedIsReadAgain() async throws {
        let catalog = try catalog()
        let first = try await catalog.shop.expect(0, "run", "--changes")
        #expect(first.errors.contains("The whole catalog is read: no run of these channels has taken over all of it yet."))
        #expect(first.output.contains("4 set"))
        #expect(try await catalog.shop.expect(0, "run", "--changes").output.hasPrefix("Nothing has happened at the catalog since "))
        let json = try await catalog.shop.expect(0, "run", "--changes", "--format", "json").output
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] != nil)

        let lists = try await tablesRead(catalog).count
        for edit in 1...20 { try await describe(catalog, "notes", "Edit \(edit).") }
        try await describe(catalog, "other", nil)
        try await catalog.server.patch(
            "tables", catalog.name("public", "orders"), [["op": "replace", "path": "/columns/0/description", "value": "Its id."]])
        #expect(try await catalog.shop.expect(0, "run", "--changes").output.contains("2 set, 1 cleared"))
        #expect(try catalog.shop.comments() == [
            "table orders": "One row an order.", "column id of table orders": "Its id.", "table notes": "Edit 20.",
        ])
        let read = try await tablesRead(catalog).dropFirst(lists)
        #expect(read.filter { !$0.hasPrefix("/api/v1/tables/name/") }.count == 3)
        #expect(!read.contains { $0.contains("limit=") })
        // What is asked for twice since it may have been missed is unchanged.
        #expect(try await catalog.shop.expect(0, "run", "--changes").output.contains("Nothing to do"))
        #expect(try await catalog.shop.expect(0, "show", "2").output.contains(", changes, revmeta "))
    }

    @Test func anotherConfigurationReadsEverything() async throws {
        let catalog = try catalog()
        try catalog.use(server: "", channel: "updateDescriptions: true, filter: { tables: [notes] }")
        try await catalog.shop.expect(0, "run")
        try catalog.use(server: "")
        let answer = try await catalog.shop.expect(0, "run", "--changes")
        #expect(answer.errors.contains("the configuration has changed since the last run"))
        #expect(try catalog.shop.comments().count == 4)
    }

    @Test func aServerForgetsWhatHappenedLongAgo() async throws {
        let catalog = try catalog()
        try await catalog.shop.expect(0, "run")
        let journal = try DatabaseQueue(path: catalog.shop.folder.path + "/journal.sqlite")
        try await journal.write { try $0.execute(sql: "UPDATE catalog_cursor SET time = time - 8 * 86400000") }
        try journal.close()
        let answer = try await catalog.shop.expect(0, "run", "--changes")
        #expect(answer.errors.contains("the last run was 8 days ago, and the server forgets what happened so long ago"))
        #expect(try await catalog.shop.expect(0, "run", "--changes").output.hasPrefix("Nothing has happened"))
    }

    @Test func whatFailedIsTakenUpAgain() async throws {
        let catalog = try catalog()
        try catalog.use(server: "", channel: "updateDescriptions: true, onConflict: fail")
        try await catalog.shop.expect(0, "run")
        try await describe(catalog, "notes", "Anew.")
        try catalog.shop.query("COMMENT ON TABLE notes IS 'Theirs.'")
        try await catalog.shop.expect(1, "run", "--changes")
        try catalog.shop.query("COMMENT ON TABLE notes IS NULL")
        // A change of the time alone would have passed it over: its event is asked for again.
        #expect(try await catalog.shop.expect(0, "run", "--changes").output.contains("1 set"))
        #expect(try catalog.shop.comments()["table notes"] == "Anew.")
    }

    @Test func aRunOfEverythingThatFailedIsRepeated() async throws {
        let catalog = try catalog()
        try catalog.use(server: "", channel: "updateDescriptions: true, onConflict: fail")
        try catalog.shop.query("COMMENT ON TABLE notes IS 'Theirs.'")
        try await catalog.shop.expect(1, "run")
        try catalog.shop.query("COMMENT ON TABLE notes IS NULL")
        let answer = try await catalog.shop.expect(0, "run", "--changes")
        #expect(answer.errors.contains("The whole catalog is read"))
        #expect(try catalog.shop.comments()["table notes"] == "What people say.")
    }

    @Test func anOutageLosesNothing() async throws {
        let catalog = try catalog()
        try await catalog.shop.expect(0, "run")
        try await describe(catalog, "notes", "Anew.")
        try await catalog.server.fail(["path": "/events", "fault": "status", "status": 503])
        try await catalog.shop.expect(3, "run", "--changes")
        try await catalog.server.endFaults()
        try await catalog.server.fail(["path": "/tables/", "fault": "status", "status": 500])
        try await catalog.shop.expect(3, "run", "--changes")
        #expect(try catalog.shop.comments()["table notes"] == "What people say.")
        try await catalog.server.endFaults()
        #expect(try await catalog.shop.expect(0, "run", "--changes").output.contains("1 set"))
    }

    @Test func whatIsGoneIsLeftAlone() async throws {
        let catalog = try catalog()
        try await catalog.shop.expect(0, "run")
        try await describe(catalog, "notes", "Anew.")
        try await catalog.server.fail(["path": "/tables/", "fault": "status", "status": 404])
        try await catalog.shop.expect(0, "run", "--changes")
        #expect(try catalog.shop.comments()["table notes"] == "What people say.")
    }

    @Test func aFolderHasNoChanges() async throws {
        let shop = try Shop()
        try shop.describe(.schema("public", nil))
        #expect(try await shop.expect(2, "run", "--changes").errors.contains("--changes asks a running catalog"))
        try await shop.expect(2, "run", "--changes", "--plan", "x")
    }
}
