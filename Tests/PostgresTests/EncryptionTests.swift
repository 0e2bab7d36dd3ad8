import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

/// Connections over TLS, to a server with a certificate of its own making.
@Suite struct EncryptionTests {
    private static let server = Result {
        let server = try PostgresServer()
        let administrator = try PostgresClient(server, database: "postgres")
        // In the server's own folder, by its own user: nobody else's key would it take.
        try administrator.run("""
            CREATE ROLE app_owner; CREATE ROLE metadata_writer LOGIN PASSWORD 'correct horse' IN ROLE app_owner;
            COPY (SELECT) TO PROGRAM $$umask 077; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
            -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.crt 2>openssl.log && \
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=another -keyout other.key -out other.crt 2>>openssl.log$$
            """)
        try administrator.run("ALTER SYSTEM SET ssl = on")
        try administrator.run("SELECT pg_reload_conf()")
        return server
    }

    private func source() async throws -> (source: Source, certificate: String) {
        let database = try Self.server.get().createDatabase(owner: "app_owner")
        try database.query("SET ROLE app_owner; CREATE TABLE t ()")
        try await eventually("the server has its certificate") { try database.query("SHOW ssl") == [["on"]] }
        let certificate = try database.query("SELECT pg_read_file('server.crt')")[0][0]
        return (Source(database), try #require(certificate))
    }

    private func settings(_ source: Source, _ mode: String?, certificate: String? = nil) -> [String: String] {
        var settings = source.database.settings(as: "metadata_writer")
        settings["hostPort"] = "127.0.0.1:\(source.database.server.port)"
        settings["authType.password"] = "correct horse"
        settings["sslMode"] = mode
        settings["sslConfig.caCertificate"] = certificate
        return settings
    }

    /// Without a mode TLS is used where the server offers it.
    @Test(arguments: [
        (nil, true), ("disable", false), ("prefer", true), ("require", true), ("verify-ca", true), ("verify-full", true),
    ])
    func theModeDecides(mode: String?, isEncrypted: Bool) async throws {
        let (source, certificate) = try await source()
        let session = try await Source.open(
            settings(source, mode, certificate: mode?.hasPrefix("verify") == true ? certificate : nil))
        try await session.applyAll([source.change("table", "public", "t", to: "Kept from others' eyes.")])
        #expect(try source.query("""
            SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE usename = 'metadata_writer' AND datname = current_database()
            """) == [[isEncrypted ? "t" : "f"]])
        await session.close()
    }

    @Test(arguments: ["verify-ca", "verify-full"])
    func aServerThatNobodyVouchesForIsRefused(mode: String) async throws {
        let (source, _) = try await source()
        let other = try source.query("SELECT pg_read_file('other.crt')")[0][0]
        let failure = await #expect(throws: Failure.self) {
            _ = try await Source.open(settings(source, mode, certificate: other))
        }
        #expect(failure?.status == .config && failure?.message.contains("certificate verify failed") == true, "\(failure as Any)")
        #expect(failure?.message.contains("correct horse") == false)
    }
}
