import Foundation
import RevmetaTestSupport
import Testing

/// A marked password goes through everything, and is nowhere to be seen.
@Suite(.serialized) struct SecretTests {
    private static let password = "m4rked/p@ss word"
    /// What must not be found: itself, and as it stands in a URI.
    private static let forms = [password, "m4rked%2Fp%40ss%20word"]

    /// A shop that is reached over TCP with the password, which a file holds.
    private func shop() throws -> Shop {
        let shop = try Shop("CREATE TABLE a (); CREATE TABLE b (); COMMENT ON TABLE b IS 'Theirs.'", server: try Shop.newServer())
        try PostgresClient(shop.database.server, database: "postgres").run(
            "ALTER ROLE metadata_writer PASSWORD '\(Self.password)'")
        try shop.configure(connection: [
            "hostPort": "\"127.0.0.1:\(shop.database.server.port)\"", "authType": "{ password: \"${file:password}\" }",
        ])
        try shop.folder.write(Self.password + "\n", to: "password")
        try shop.describe(.table("a", "Ours a."), .table("b", "Ours b."), .table("gone", "Gone."))
        return shop
    }

    /// What the program left in its folder, but for the file that holds the password.
    private func expectNothing(in shop: Shop, _ answer: Child.Answer, _ what: String) throws {
        for form in Self.forms {
            #expect(!(answer.output + answer.errors).contains(form), "\(what) shows it")
            for name in try FileManager.default.subpathsOfDirectory(atPath: shop.folder.path) where name != "password" {
                guard let bytes = try? shop.folder.bytes(of: name) else { continue }
                #expect(bytes.range(of: Data(form.utf8)) == nil, "\(what) leaves it in \(name)")
            }
        }
    }

    @Test(arguments: ["text", "json"])
    func noCommandShowsIt(format: String) async throws {
        let shop = try shop()
        let commands = [
            ["check"], ["plan", "--out", "plan.json"], ["plan", "--format", "sql"], ["plan", "--format", "json"],
            ["run", "--plan", "plan.json"], ["run", "--format", "json"], ["drift"], ["history"], ["show", "1", "--format", "json"],
            ["rollback", "1"],
        ]
        for command in commands {
            let answer = try await shop.expect(0, command + ["--verbose", "--log-format", format])
            try expectNothing(in: shop, answer, command.joined(separator: " "))
        }
        // The source never saw it in a statement.
        #expect(try shop.query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%m4rked%' AND pid <> pg_backend_pid()")
            == [["0"]])
    }

    /// The program, its workers, and what they are started with.
    @Test func noProcessShowsIt() async throws {
        let shop = try shop()
        let holder = try shop.database.connect()
        try holder.run("BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
        try shop.configure(connection: [
            "hostPort": "\"127.0.0.1:\(shop.database.server.port)\"", "authType": "{ password: \"${SHOP_PASSWORD}\" }",
            "lockTimeout": "3600000",
        ])
        let child = try Child([Program.path, "run"], in: shop.folder.path, environment: ["SHOP_PASSWORD": Self.password])
        try await shop.waitUntilItWaits()
        let workers = child.children
        #expect(workers.count == 1)
        for process in workers + [child.identifier] {
            for file in ["cmdline", "environ"] {
                // The program itself was given the password in its environment, by whoever started it.
                if process == child.identifier, file == "environ" { continue }
                let shown = try Data(contentsOf: URL(filePath: "/proc/\(process)/\(file)"))
                #expect(!shown.isEmpty && shown.range(of: Data("m4rked".utf8)) == nil, "\(file) of \(process)")
            }
        }
        try holder.run("ROLLBACK")
        #expect(try await child.end().status == 0)
    }

    /// Wrong, for a server that goes away, in a file that has mistakes.
    @Test func noErrorShowsIt() async throws {
        let shop = try shop()
        try PostgresClient(shop.database.server, database: "postgres").run("ALTER ROLE metadata_writer PASSWORD 'another'")
        try expectNothing(in: shop, try await shop.expect(3, "run", "--verbose"), "a wrong password")

        let sound = try shop.folder.text(of: "revmeta.yaml")
        let mistakes = [
            ("authType: { password: ", "authType: { pasword: "), ("authType: { password: ", "authType: { x: 1, password: [ "),
            ("type: Postgres", "type: Postgress"), ("username: ", "authType.password: "), ("sslMode: disable", "sslMode: "),
        ]
        for (old, new) in mistakes {
            var changed = sound.replacing(old, with: new)
            if new.hasSuffix("[ ") { changed = changed.replacing("${file:password}\"", with: "${file:password}\" ]") }
            changed = changed.replacing("sslMode: ,", with: "sslMode: \"${file:password}\",")
            try shop.folder.write(changed, to: "revmeta.yaml")
            let answer = try await Program.run(["check", "--verbose"], in: shop.folder.path)
            #expect(answer.status != 0)
            try expectNothing(in: shop, answer, new)
        }
    }

    /// A plugin may say it; what it says is not passed on as it is.
    @Test(arguments: ["tell its secret", "abort telling its secret"])
    func noPluginShowsIt(way: String) async throws {
        let zoo = try Zoo(way: way)
        let answer = try await zoo.run()
        let said = answer.output + answer.errors
        #expect(answer.status == 1)
        #expect(said.contains("cannot connect with token=•••"), "\(said)")
        #expect(!said.contains(Zoo.secret))
        for name in try FileManager.default.contentsOfDirectory(atPath: zoo.folder.path) where name.hasPrefix("journal") {
            #expect(try zoo.folder.bytes(of: name).range(of: Data(Zoo.secret.utf8)) == nil)
        }
    }
}
