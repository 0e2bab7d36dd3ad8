import Foundation
import RevmetaEngine
import RevmetaModel
import RevmetaPlugin
import RevmetaTestSupport
import Testing

@testable import RevmetaMySQL

@Suite struct ConnectionTests {
    private func settings(_ values: [String: String]) throws(RevmetaPlugin.Failure) -> ConnectionSettings {
        try ConnectionSettings(Settings(values))
    }

    @Test func settingsAreRead() throws {
        let tcp = try settings(["hostPort": "localhost:3307", "username": "u", "password": "p", "lockTimeout": "1500"])
        #expect(tcp.host == "localhost" && tcp.port == 3307 && tcp.socket == nil && tcp.password == "p")
        #expect(tcp.lockTimeout == 2 && tcp.encryption == .prefer && !tcp.allowsTableCopy)
        let socket = try settings(["hostPort": "/run/s.sock", "authType.password": "p", "allowTableCopy": "true"])
        #expect(socket.host == nil && socket.socket == "/run/s.sock" && socket.password == "p"
            && socket.allowsTableCopy)
        #expect(try settings(["hostPort": "h", "sslConfig.caCertificate": "/etc/passwd"]).encryption == .verifyFull)
        #expect(try settings([:]).place == "the local server's socket")
    }

    @Test(arguments: [
        ("hostPort", "h:0"), ("sslMode", "maybe"), ("sslMode", "verify-ca"), ("lockTimeout", "0"),
        ("connectTimeout", "x"),
        ("allowTableCopy", "perhaps"), ("sslConfig.caCertificate", "/nowhere"), ("authType.password", "a\0b"),
    ])
    func aBadSettingIsNamed(key: String, value: String) throws {
        let failure = #expect(throws: RevmetaPlugin.Failure.self) { try settings([key: value]) }
        #expect(failure?.status == .config && failure?.message.contains("'\(key)'") == true)
    }

    @Test func twoPasswordsMustBeOne() throws {
        let both = ["authType.password": "one", "password": "other"]
        let failure = #expect(throws: RevmetaPlugin.Failure.self) { try settings(both) }
        #expect(failure?.status == .config && failure?.message.contains("one,") == false)
    }

    private func failure(_ settings: [String: String]) async throws -> RevmetaModel.Failure {
        do throws(RevmetaModel.Failure) {
            _ = try await Source.open(settings)
        } catch {
            return error
        }
        Issue.record("the connection came up")
        throw Unexpected()
    }

    @Test func whoMustActIsTold() async throws {
        let source = try Source()
        let place = "127.0.0.1:\(source.database.server.port)"
        let wrong = try await failure(["hostPort": place, "username": "secretive", "authType.password": "guessed"])
        #expect(wrong.status == .denied && wrong.message.contains("check it") && !wrong.message.contains("guessed"))
        let none = try await failure(["hostPort": place, "username": "secretive"])
        #expect(none.status == .denied && none.message.contains("set authType.password"))
        let closed = try await failure(["hostPort": "127.0.0.1:1", "username": "u"])
        #expect(closed.status == .transient && closed.message.contains("check hostPort"))
        let absent = try await failure(["hostPort": "/nowhere/s", "username": "u"])
        #expect(absent.status == .transient)
        let open = try await failure(["hostPort": place, "username": "root", "sslMode": "require"])
        #expect(open.status == .config && open.message.contains("sslMode"), "\(open)")
        let silent = try SilentServer()
        let mute = try await failure(["hostPort": "127.0.0.1:\(silent.port)", "username": "u", "connectTimeout": "1"])
        #expect(mute.status == .transient && mute.message.contains("connectTimeout"))
    }

    @Test func aPasswordIsChecked() async throws {
        let source = try Source()
        for settings in [["authType.password": "correct"], ["password": "correct"]] {
            let place = ["hostPort": "localhost:\(source.database.server.port)", "username": "secretive"]
            await (try Source.open(place.merging(settings) { $1 })).close()
        }
    }

    /// Whatever a server is set to, what is written is the same.
    @Test func theSessionIsPinned() async throws {
        let server = try MariaDBServer(
            options: "--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES --character-set-server=latin1 "
                + "--explicit-defaults-for-timestamp=0 --default-time-zone=+05:00")
        try Source.prepare(server)
        try MariaDBClient(server).run("SET GLOBAL sql_quote_show_create = 0")
        let source = try Source(
            """
            CREATE TABLE t (a int, "it's" timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', d date DEFAULT '0000-00-00',
              z timestamp NULL, v varchar(20) CHARACTER SET utf8mb4 DEFAULT 'back\\slash "q"' CHECK (v <> '\\'), select_ int)
            """, on: server)
        let session = try await source.session()
        let before = try source.definition("t")
        let names = ["a", "it's", "d", "z", "v", "select_"]
        var previous: String?
        for text in WritingTests.hostileTexts {
            try await session.applyAll(
                [source.change("table", "t", before: previous, to: text)]
                    + names.map { source.change("column", "t", $0, before: previous, to: text) })
            previous = text
            #expect(try source.comments("t").allSatisfy { $0.utf8.elementsEqual(text.utf8) }, "\(text)")
        }
        // Too long a text is no warning here, whatever the server's own mode.
        let longest = String(repeating: "x", count: 2048)
        let plan = try await session.plan([source.change("table", "t", before: previous, to: longest)])
        var statement = try #require(plan.statements.first)
        statement.text = statement.text.replacing("COMMENT = 'x", with: "COMMENT = 'xx")
        let change = source.change("table", "t", before: previous, to: longest + "x")
        #expect(await session.execute([statement], of: [change]).failures[0]?.vendorCode == 1628)
        try await session.applyAll(
            [source.change("table", "t", before: previous, to: nil)]
                + names.map { source.change("column", "t", $0, before: previous, to: nil) })
        #expect(try source.definition("t") == before)
    }

    @Test func certificatesAreChecked() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["own", "other"] {
            let openssl = Process()
            openssl.executableURL = URL(filePath: "/usr/bin/env")
            openssl.arguments = [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", "\(folder)/\(name).key", "-out",
                "\(folder)/\(name).pem",
            ]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder)/\(name).key")
        }
        let server = try MariaDBServer(options: "--ssl-cert=\(folder)/own.pem --ssl-key=\(folder)/own.key")
        try Source.prepare(server)
        func place(_ host: String, _ more: [String: String]) -> [String: String] {
            ["hostPort": "\(host):\(server.port)", "username": "secretive", "password": "correct"].merging(more) { $1 }
        }
        let certificate = try String(contentsOfFile: "\(folder)/own.pem", encoding: .utf8)
        for more in [
            ["sslConfig.caCertificate": "\(folder)/own.pem"], ["sslConfig.caCertificate": certificate],
            ["sslMode": "require"], ["sslMode": "prefer"],
        ] {
            await (try Source.open(place("localhost", more))).close()
        }
        let other = try await failure(place("localhost", ["sslConfig.caCertificate": "\(folder)/other.pem"]))
        #expect(other.status == .config && other.message.contains("sslConfig"), "\(other)")
        let misnamed = try await failure(place("127.0.0.1", ["sslConfig.caCertificate": "\(folder)/own.pem"]))
        #expect(misnamed.status == .config, "\(misnamed)")
        try MariaDBClient(server).run("ALTER USER secretive REQUIRE SSL")
        await (try Source.open(place("localhost", ["sslMode": "prefer"]))).close()
        #expect(try await failure(place("localhost", ["sslMode": "disable"])).status == .denied)
    }

    @Test func aReadOnlyServerIsAMatterOfConfiguration() async throws {
        let server = try MariaDBServer()
        try Source.prepare(server)
        let source = try Source("CREATE TABLE t (a int); SET GLOBAL read_only = 1", on: server)
        let changes = [source.change("table", "t", to: "x"), source.change("column", "t", "a", to: "x")]
        let session = try await source.session()
        let refusals = try await session.check(changes)
        #expect(refusals.map(\.failure.status) == [.config, .config])
        let words = "the server only lets metadata_writer read (read_only is set there, as on a replica); give the primary"
        #expect(refusals.allSatisfy { $0.failure.message.hasPrefix(words) }, "\(refusals)")
        let execution = try await session.apply(changes)
        #expect(execution.failures[0]?.status == .config, "\(execution)")
        await session.close()
        // Not every privilege helps: the check says what the server does.
        for (privilege, mayWrite) in [("SUPER", false), ("READ ONLY ADMIN", true)] {
            try source.query("GRANT \(privilege) ON *.* TO metadata_writer")
            let session = try await source.session()
            #expect(try await session.check(changes).isEmpty == mayWrite, "\(privilege)")
            #expect(try await session.apply(changes).failures.isEmpty == mayWrite, "\(privilege)")
            await session.close()
        }
    }
}

private struct Unexpected: Error {}
