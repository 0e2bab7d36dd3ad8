import Glibc
import RevmetaPlugin
import RevmetaTestSupport
import Testing

@testable import RevmetaPostgres

@Suite struct ConnectionSettingsTests {
    private func parameters(_ settings: [String: String]) throws -> [String: String] {
        let parameters = try ConnectionSettings(Settings(settings)).parameters
        return Dictionary(uniqueKeysWithValues: parameters.map { ($0.keyword, $0.value) })
    }

    @Test func onlyWhatIsGivenIsPassedOn() throws {
        let fewest = try parameters([:])
        #expect(fewest == ["client_encoding": "UTF8", "fallback_application_name": "revmeta"])
        let all = try parameters([
            "hostPort": "db:5433", "username": "jo", "authType.password": "secret", "database": "shop",
            "sslMode": "verify-full", "sslConfig.caCertificate": "/etc/hostname",
        ])
        #expect(all["host"] == "db" && all["port"] == "5433" && all["user"] == "jo" && all["dbname"] == "shop")
        #expect(all["password"] == "secret" && all["sslmode"] == "verify-full" && all["sslrootcert"] == "/etc/hostname")
    }

    @Test func theManifestSaysWhatIsTaken() throws {
        let manifest = try PluginSettings(of: "Postgres")
        #expect(manifest.bounded == 6)
        #expect(manifest.disagreements { (try? ConnectionSettings(Settings([$0: $1]))) != nil } == [])
    }

    @Test func timeoutsHaveTheirDefaults() throws {
        let settings = try ConnectionSettings(Settings([:]))
        #expect(settings.lockTimeout == 2_000 && settings.statementTimeout == 60_000)
        #expect(settings.connectTimeout == 10 && settings.batchSize == 1_000)
    }

    @Test func keysGivenAsTextArePrivateFilesForAMoment() throws {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
        var path = ""
        do {
            let settings = try ConnectionSettings(Settings(["sslConfig.sslKey": key]))
            path = try #require(settings.parameters.first { $0.keyword == "sslkey" }?.value)
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600 && status.st_size == key.utf8.count)
            withExtendedLifetime(settings) {}
        }
        #expect(access(path, F_OK) != 0)
    }
}
