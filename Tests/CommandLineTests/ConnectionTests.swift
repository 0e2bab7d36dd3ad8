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

    /// What is not given is left to libpq: its environment, `~/.pgpass`, the service file. None of it weakens what another says.
    @Test func libpqFindsTheRest() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        let text = try shop.folder.text(of: "revmeta.yaml")
        let connection = try #require(text.firstMatch(of: /connection: \{[^}]*\}/))
        try shop.folder.write(text.replacing(connection.output, with: "connection: { lockTimeout: 300 }"), to: "revmeta.yaml")
        let port = "\(shop.database.server.port)", name = shop.database.name
        try shop.folder.write("127.0.0.1:\(port):*:metadata_writer:correct horse\n", to: "pgpass")
        try shop.folder.write(
            "[shop]\nhost=127.0.0.1\nport=\(port)\nuser=metadata_writer\ndbname=\(name)\n", to: "services")
        try shop.folder.write(
            "[strict]\nhost=127.0.0.1\nport=\(port)\nuser=metadata_writer\nsslmode=require\n", to: "strict")
        for file in ["pgpass", "services", "strict"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: shop.folder.path + "/" + file)
        }
        let place = ["PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "metadata_writer"]
        func plan(_ environment: [String: String]) async throws -> Child.Answer {
            try await Program.run(["plan"], in: shop.folder.path, environment: environment)
        }
        let pgpass = ["PGPASSFILE": shop.folder.path + "/pgpass"]
        for environment in [
            place.merging(["PGPASSWORD": "correct horse"]) { $1 }, place.merging(pgpass) { $1 },
            pgpass.merging(["PGSERVICEFILE": shop.folder.path + "/services", "PGSERVICE": "shop"]) { $1 },
        ] {
            let answer = try await plan(environment)
            #expect(answer.status == 0 && answer.output.contains("Plan: 1 to set"), "\(environment.keys): \(answer)")
        }
        // This server has no TLS.
        for environment in [
            place.merging(pgpass) { $1 }.merging(["PGSSLMODE": "require"]) { $1 },
            pgpass.merging(["PGSERVICEFILE": shop.folder.path + "/strict", "PGSERVICE": "strict"]) { $1 },
        ] {
            let answer = try await plan(environment)
            #expect(answer.status == 3 && answer.output.contains("server does not support SSL"), "\(answer)")
        }
    }

    /// In none of the ways in which an answer is given.
    @Test(arguments: [
        ["plan", "--format", "json"], ["plan", "--format", "sql"], ["run", "--format", "json"],
        ["run", "--log-format", "json", "--verbose"], ["drift"], ["plan", "--out", "plan.json"],
    ])
    func noAnswerShowsAWrongPassword(command: [String]) async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        try shop.describe(.table("orders", "Orders."))
        if command == ["drift"] { try await shop.expect(0, "run") }
        try shop.configure(connection: overTCP(shop, password: "battery staple"))
        let answer = try await Program.run(command, in: shop.folder.path)
        #expect(answer.status == 3 && (answer.output + answer.errors).contains("password is wrong"), "\(answer)")
        #expect(!(answer.output + answer.errors).contains("battery"))
        for file in try FileManager.default.contentsOfDirectory(atPath: shop.folder.path) where file != "revmeta.yaml" {
            guard let bytes = FileManager.default.contents(atPath: shop.folder.path + "/" + file) else { continue }
            #expect(bytes.range(of: Data("battery".utf8)) == nil, "\(file)")
        }
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
