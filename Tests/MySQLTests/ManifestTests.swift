import RevmetaPlugin
import RevmetaTestSupport
import Testing

@testable import RevmetaMySQL

@Suite struct ManifestTests {
    @Test func itSaysWhatIsTaken() throws {
        let manifest = try PluginSettings(of: "MySQL")
        #expect(manifest.bounded == 4)
        #expect(manifest.disagreements { (try? ConnectionSettings(Settings([$0: $1]))) != nil } == [])
    }
}
