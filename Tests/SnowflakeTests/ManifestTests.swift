import RevmetaPlugin
import RevmetaTestSupport
import Testing

@testable import RevmetaSnowflake

@Suite struct ManifestTests {
    private static let required = ["account": "myorg-a1", "username": "jo", "warehouse": "small", "password": "x"]

    @Test func itSaysWhatIsTaken() throws {
        let manifest = try PluginSettings(of: "Snowflake")
        #expect(manifest.bounded == 6)
        #expect(manifest.disagreements { key, value in
            (try? SnowflakeSettings(Settings(Self.required.merging([key: value]) { $1 }))) != nil
        } == [])
    }
}
