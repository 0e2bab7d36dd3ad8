import RevmetaPlugin
import Testing

@Suite struct SettingsTests {
    private let settings = Settings([
        "hostPort": "db:5432", "empty": "", "port": "5432", "word": "require", "authType.password": "hush",
    ])

    @Test func givesWhatIsThere() throws {
        #expect(settings["authType.password"] == "hush")
        #expect(settings["empty"] == "")
        #expect(settings["missing"] == nil)
        #expect(try settings.required("hostPort") == "db:5432")
    }

    @Test(arguments: ["missing", "empty"]) func saysWhatIsMissing(key: String) {
        #expect(throws: Failure(.config, "the setting '\(key)' is missing: give it under the service's connection")) {
            try settings.required(key)
        }
    }

    @Test func readsWholeNumbers() throws {
        #expect(try settings.integer("port", in: 1...65535) == 5432)
        #expect(try settings.integer("port", in: 5432...5432) == 5432)
        #expect(try settings.integer("missing", in: 1...2) == nil)
    }

    @Test(arguments: ["", "x", "1.5", "0", "65536", " 7", "99999999999999999999"]) func refusesOtherNumbers(text: String) {
        #expect(throws: Failure(.config, "the setting 'port' must be a whole number from 1 to 65535")) {
            try Settings(["port": text]).integer("port", in: 1...65535)
        }
    }

    @Test func choosesAmongWords() throws {
        #expect(try settings.choice("word", of: ["disable", "require"]) == "require")
        #expect(try settings.choice("missing", of: ["disable"]) == nil)
        #expect(throws: Failure(.config, "the setting 'word' must be one of disable, prefer")) {
            try settings.choice("word", of: ["disable", "prefer"])
        }
    }

    /// A secret may be put under the wrong key, so no value is shown.
    @Test func refusalsShowNoValue() {
        let wrong = Settings(["port": "hush", "word": "hush"])
        let number = #expect(throws: Failure.self) { try wrong.integer("port", in: 1...2) }
        let word = #expect(throws: Failure.self) { try wrong.choice("word", of: ["a"]) }
        #expect(number?.message.contains("hush") == false)
        #expect(word?.message.contains("hush") == false)
    }
}
