import Foundation
import GRDB
import RevmetaTestSupport
import Testing

/// Journals that cannot be used.
@Suite(.serialized) struct JournalTests {
    private func shop() throws -> Shop {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        return shop
    }

    @Test func oneRunAtATime() async throws {
        let shop = try shop()
        try shop.configure(connection: ["lockTimeout": "3600000"])
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        let first = try shop.start("run")
        try await shop.waitUntilItWaits()
        let second = try await shop.expect(3, "run")
        #expect(second.errors.contains("is in use by process \(first.identifier) since "))
        // A plan only reads, so it need not wait.
        #expect(try await shop.expect(0, "plan").output.contains("1 to set"))
        try holder.run("ROLLBACK")
        #expect(try await first.end().status == 0)
        #expect(try await shop.expect(0, "run").output.contains("1 unchanged"))
    }

    @Test(arguments: ["run", "plan"])
    func garbage(command: String) async throws {
        let shop = try shop()
        let garbage = String(repeating: "no journal at all ", count: 1000)
        try shop.folder.write(garbage, to: "journal.sqlite")
        let answer = try await shop.expect(3, command)
        #expect(answer.errors.contains("journal.sqlite is damaged, or no journal at all: move it away"))
        #expect(try shop.comments() == [:])
        #expect(try shop.folder.text(of: "journal.sqlite") == garbage)
    }

    @Test func anotherProgramsDatabase() async throws {
        let shop = try shop()
        let theirs = try DatabaseQueue(path: shop.folder.path + "/journal.sqlite")
        try await theirs.write { try $0.execute(sql: "CREATE TABLE run (distance INTEGER); INSERT INTO run VALUES (42)") }
        let answer = try await shop.expect(3, "run")
        #expect(answer.errors.contains("journal.sqlite is another program's SQLite database, and no journal of revmeta"))
        #expect(try await theirs.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") } == ["run"])
        try theirs.close()
        #expect(try shop.comments() == [:])
    }

    @Test func aFolderInItsPlace() async throws {
        let shop = try shop()
        try FileManager.default.createDirectory(atPath: shop.folder.path + "/journal.sqlite", withIntermediateDirectories: false)
        let answer = try await shop.expect(3, "run")
        #expect(answer.errors.contains("journal.sqlite cannot be opened: expected a file that this user may read and write"))
        #expect(!answer.errors.contains("SQLite error"))
    }

    @Test(arguments: ["run", "plan"])
    func aNewerOne(command: String) async throws {
        let shop = try shop()
        try await shop.expect(0, "run")
        try shop.describe(.table("orders", "Other."))
        let journal = try DatabaseQueue(path: shop.folder.path + "/journal.sqlite")
        try await journal.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')") }
        try journal.close()
        let answer = try await shop.expect(3, command)
        #expect(answer.errors.contains("was written by a newer revmeta: use that one"))
        #expect(try shop.comments() == ["table orders": "Orders."])
    }

    /// What a run leaves that is killed between making the file and making its tables.
    @Test(arguments: ["run", "plan"])
    func anEmptyOneIsNew(command: String) async throws {
        let shop = try shop()
        try shop.folder.write("", to: "journal.sqlite")
        try await shop.expect(0, command)
        #expect(try shop.comments() == (command == "run" ? ["table orders": "Orders."] : [:]))
    }

    @Test func aFolderThatCannotBeWritten() async throws {
        let shop = try shop()
        let configuration = try shop.folder.text(of: "revmeta.yaml")
        for path in ["/proc/journal.sqlite", "/proc/revmeta/journal.sqlite"] {
            try shop.folder.write(
                configuration.replacing("path: journal.sqlite", with: "path: \(path)"), to: "revmeta.yaml")
            let answer = try await shop.expect(3, "run")
            #expect(answer.errors.contains("journal") && answer.errors.contains("/proc"))
        }
        #expect(try shop.comments() == [:])
    }

    @Test func aFolderOfSomebodyElse() async throws {
        let shop = try shop()
        let folder = shop.folder.path + "/theirs"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
        let configuration = try shop.folder.text(of: "revmeta.yaml")
        try shop.folder.write(
            configuration.replacing("path: journal.sqlite", with: "path: theirs/journal.sqlite"), to: "revmeta.yaml")
        let prefix = geteuid() == 0 ? ["/sbin/runuser", "-u", "postgres", "--"] : []
        let answer = try await Child.run(prefix + [Program.path, "run"], in: shop.folder.path)
        #expect(answer.status == 3, "\(answer)")
        #expect(answer.errors.contains("theirs/journal.sqlite.lock cannot be opened: Permission denied"))
        #expect(try shop.comments() == [:])
    }
}
