import Glibc
import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

@Suite struct ConnectionTests {
    /// What opening a session with some settings fails with.
    private func failure(_ settings: [String: String]) async -> Failure? {
        do throws(Failure) {
            await (try Source.open(settings)).close()
            return nil
        } catch {
            return error
        }
    }

    private func overTCP(_ source: Source, password: String?) -> [String: String] {
        var settings = source.database.settings(as: "metadata_writer")
        settings["hostPort"] = "127.0.0.1:\(source.database.server.port)"
        settings["authType.password"] = password
        return settings
    }

    @Test func aPasswordIsChecked() async throws {
        let source = try Source("CREATE TABLE t ()")
        let session = try await Source.open(overTCP(source, password: "correct horse"))
        try await session.applyAll([source.change("table", "public", "t", to: "over TCP")])

        let wrong = await failure(overTCP(source, password: "battery staple"))
        #expect(wrong?.status == .denied && wrong?.sqlState == "28P01")
        #expect(wrong?.message.contains("metadata_writer") == true && wrong?.message.contains("127.0.0.1") == true)
        #expect(wrong?.message.contains("authType.password") == true)
        #expect(wrong?.message.contains("battery") == false)

        let none = await failure(overTCP(source, password: nil))
        #expect(none?.status == .denied && none?.message.contains("none was given") == true)
    }

    @Test func whoMustActIsTold() async throws {
        let source = try Source()
        var settings = source.database.settings(as: "metadata_writer")
        settings["database"] = "no_such_database"
        let unknown = await failure(settings)
        #expect(unknown?.status == .notFound && unknown?.message.contains("no_such_database") == true)

        let role = await failure(source.database.settings(as: "no_such_role"))
        #expect(role?.status == .denied && role?.message.contains("no_such_role") == true)

        settings = overTCP(source, password: "x")
        settings["hostPort"] = "127.0.0.1:1"
        let unreachable = await failure(settings)
        #expect(unreachable?.status == .transient && unreachable?.message.contains("check hostPort") == true)

        settings = overTCP(source, password: "correct horse")
        settings["sslMode"] = "require"
        #expect(await failure(settings)?.status == .config)

        try source.query("REVOKE CONNECT ON DATABASE \(source.database.name) FROM PUBLIC")
        let shut = await failure(source.database.settings(as: "outsider"))
        #expect(shut?.status == .denied && shut?.message.contains("GRANT CONNECT") == true)
    }

    @Test(arguments: [
        ("hostPort", "::1"), ("hostPort", "host:0"), ("hostPort", "[::1"), ("sslMode", "maybe"),
        ("lockTimeout", "soon"), ("statementTimeout", "-1"), ("connectTimeout", "0"), ("batchSize", "0"),
        ("sslConfig.caCertificate", "/nowhere"), ("authType.password", "a\0b"),
    ])
    func aBadSettingIsNamed(key: String, value: String) async throws {
        let source = try Source()
        var settings = source.database.settings(as: "metadata_writer")
        settings[key] = value
        let found = await failure(settings)
        #expect(found?.status == .config)
        #expect(found?.message.contains("'\(key)'") == true, "\(String(describing: found))")
    }

    @Test func aSilentServerIsNotWaitedForForever() async throws {
        let listener = try SilentServer()
        let source = try Source()
        var settings = overTCP(source, password: "x")
        settings["hostPort"] = "127.0.0.1:\(listener.port)"
        settings["connectTimeout"] = "1"
        let found = await failure(settings)
        #expect(found?.status == .transient && found?.message.contains("connectTimeout") == true)
    }

    @Test func theSessionIsPinned() async throws {
        let source = try Source("CREATE TABLE t ()")
        try source.query(
            """
            ALTER ROLE metadata_writer IN DATABASE \(source.database.name) SET standard_conforming_strings = off;
            ALTER ROLE metadata_writer IN DATABASE \(source.database.name) SET search_path = public;
            ALTER ROLE metadata_writer IN DATABASE \(source.database.name) SET client_encoding = LATIN1;
            """)
        let session = try await source.session()
        try await session.applyAll([source.change("table", "public", "t", to: #"back\'slash é 🎁"#)])
        #expect(try source.query("SELECT obj_description('t'::regclass)") == [[#"back\'slash é 🎁"#]])
        let name = try source.query(
            """
            SELECT application_name FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'metadata_writer'
            """)
        #expect(name == [["revmeta"]])
    }
}
