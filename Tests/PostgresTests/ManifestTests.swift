import Foundation
import RevmetaPlugin
import Testing

@testable import RevmetaPostgres

/// What `plugin.json` says of settings is what the connector takes: the host goes by it before the library is loaded.
@Suite struct ManifestTests {
    private struct Manifest: Decodable {
        struct Setting: Decodable {
            var key: String, type: String
            var values: [String]?
            var minimum: Int?, maximum: Int?
        }
        var settings: [Setting]
    }

    private let settings: [Manifest.Setting]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Plugins/Postgres/plugin.json")
        settings = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: file)).settings
    }

    private func takes(_ key: String, _ value: String) -> Bool {
        (try? ConnectionSettings(Settings([key: value]))) != nil
    }

    @Test func wordsAreThoseThatTheConnectorTakes() throws {
        let words = settings.filter { $0.values != nil }
        #expect(words.map(\.key) == ["sslMode"])
        for setting in words {
            for value in setting.values ?? [] { #expect(takes(setting.key, value)) }
            #expect(!takes(setting.key, "another"))
        }
    }

    @Test func rangesAreThoseThatTheConnectorTakes() throws {
        let numbers = settings.filter { $0.type == "integer" }
        #expect(numbers.count == 5)
        for setting in numbers {
            let minimum = try #require(setting.minimum), maximum = try #require(setting.maximum)
            #expect(takes(setting.key, "\(minimum)") && takes(setting.key, "\(maximum)"))
            #expect(!takes(setting.key, "\(minimum - 1)") && !takes(setting.key, "\(maximum + 1)"))
        }
    }
}
