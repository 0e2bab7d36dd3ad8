import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

@Suite struct ConfigurationSchemaTests {
    /// What editors and `Tests/acceptance/schema.sh` use. `REVMETA_UPDATE_FILES=1` writes both files anew.
    @Test(arguments: [
        ("../revmeta.schema.json", ConfigurationSchema.json()),
        ("Fixtures/configuration/good/starter.yaml", StarterFile.text),
    ])
    func theFileInTheRepositoryIsCurrent(path: String, text: String) throws {
        let file = Fixture.root.appending(path: path)
        if ProcessInfo.processInfo.environment["REVMETA_UPDATE_FILES"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func itIsJSONThatClosesWhatIsClosed() throws {
        let root = try #require(try object(JSONSerialization.jsonObject(with: Data(ConfigurationSchema.json().utf8))))
        #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(root["$id"] == nil)
        #expect(root["required"] as? [String] == ["catalog", "channels"])
        var closed: [String] = []
        var undescribed: [String] = []
        visit(root, path: "") { path, node in
            if node["additionalProperties"] as? Bool == false { closed.append(path) }
            for (key, value) in object(node["properties"]) ?? [:] where object(value)?["description"] == nil {
                undescribed.append("\(path).\(key)")
            }
        }
        #expect(closed.sorted() == [
            "", ".catalog", ".catalog", ".catalog.securityConfig", ".catalog.sslConfig", ".channels[]",
            ".channels[].filter", ".channels[].filter.exclude", ".channels[].sqlTemplates[]", ".channels[].tagMap[]", ".journal",
            ".owners", ".serve", ".serve.webhook", ".services.*", ".services.*.owners",
        ])
        #expect(undescribed.isEmpty)
    }

    @Test func wordsAndDefaultsAreTheModels() throws {
        let schema = try JSONSerialization.jsonObject(with: Data(ConfigurationSchema.json().utf8))
        let channels = object(object(object(schema)?["properties"])?["channels"])
        let channel = object(object(channels?["items"])?["properties"])
        let onConflict = try #require(object(channel?["onConflict"]))
        #expect(onConflict["default"] as? String == Policies().onConflict.rawValue)
        #expect(object(channel?["updateOwners"])?["default"] as? Bool == false)
        let forms = try #require(onConflict["anyOf"] as? [Any])
        #expect(object(forms.first)?["enum"] as? [String] == Policies.Conflict.allCases.map(\.rawValue))
    }

    private func object(_ value: Any?) -> [String: Any]? { value as? [String: Any] }

    private func visit(_ node: [String: Any], path: String, _ work: (String, [String: Any]) -> Void) {
        work(path, node)
        for (key, value) in object(node["properties"]) ?? [:] {
            object(value).map { visit($0, path: "\(path).\(key)", work) }
        }
        // A value of several forms stands in one place.
        for form in node["anyOf"] as? [Any] ?? [] {
            guard let form = object(form), form["properties"] != nil else { continue }
            visit(form, path: path, work)
        }
        object(node["items"]).map { visit($0, path: "\(path)[]", work) }
        object(node["additionalProperties"]).map { visit($0, path: "\(path).*", work) }
    }
}
