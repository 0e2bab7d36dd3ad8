import Foundation
import RevmetaTestSupport
import Testing

/// Servers that cannot be reached, or do not let us in.
@Suite(.serialized) struct ConnectionTests {
    private func overTCP(_ shop: Shop, password: String) -> [String: String] {
        [
            "hostPort": "\"127.0.0.1:\(shop.database.server.port)\"", "authType": "{ password: \"\(password)\" }",
            "lockTimeout": "3600000",
        ]
    }

    /// The files that the program left beside its configuration.
    private func journal(_ shop: Shop) throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: shop.folder.path).filter { $0.hasPrefix("journal.sqlite") }
            .reduce(into: Data()) { $0 += try shop.folder.bytes(of: $1) }
    }

    @Test(arguments: ["check", "plan", "run"])
    func aWrongPasswordIsToldButNotShown(command: String) async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        try shop.configure(connection: overTCP(shop, password: "battery staple"))
        let answer = try await shop.expect(3, command, "--verbose")
        #expect(answer.output.contains("the password is wrong, or the role is unknown there; check username and "
            + "authType.password"))
        #expect(!(answer.output + answer.errors).contains("battery"))
        #expect(try journal(shop).range(of: Data("battery".utf8)) == nil)
        #expect(try shop.comments() == [:])
    }

    @Test func theRightPasswordIsNowhereToBeSeen() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        try shop.configure(connection: overTCP(shop, password: "${file:password}"))
        try shop.folder.write("correct horse\n", to: "password")
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        let child = try shop.start("run", "--verbose")
        try await shop.waitUntilItWaits()
        for file in ["cmdline", "environ"] {
            let shown = try Data(contentsOf: URL(filePath: "/proc/\(child.identifier)/\(file)"))
            #expect(!shown.isEmpty && shown.range(of: Data("horse".utf8)) == nil)
        }
        #expect(try shop.query(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND (application_name LIKE '%horse%' OR query LIKE '%horse%')
            """) == [["0"]])
        try holder.run("ROLLBACK")
        let answer = try await child.end()
        #expect(answer.status == 0)
        #expect(!(answer.output + answer.errors).contains("horse"))
        let bytes = try journal(shop)
        #expect(!bytes.isEmpty && bytes.range(of: Data("horse".utf8)) == nil)
        #expect(try shop.comments() == ["table orders": "Orders."])
    }

    @Test func anUnreachableServer() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        try shop.configure(connection: ["hostPort": "\"127.0.0.1:1\""])
        for command in ["check", "plan", "run"] {
            let answer = try await shop.expect(3, command)
            #expect(answer.output.contains("could not connect to 127.0.0.1:1"))
            #expect(answer.output.contains("check hostPort"))
        }
    }

    @Test func oneServiceOfTwoIsDown() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.configure(services: """
              depot: { type: Postgres, connection: { hostPort: "127.0.0.1:1", username: metadata_writer } }
            """)
        try shop.describe(
            .table("orders", "Orders."),
            Described.table("shelves", "Shelves.").with { ($0.service, $0.database) = ("depot", "depot") })
        let answer = try await shop.expect(1, "run")
        #expect(answer.output.contains("service 'depot' failed: could not connect to 127.0.0.1:1"))
        #expect(!answer.output.contains("service 'shop' failed"))
        #expect(try shop.comments() == ["table orders": "Orders."])
    }
}
