import Foundation
import RevmetaEngine
import Testing

@testable import RevmetaHost

/// What `plugin.json` may say, and the sentences for what it may not.
@Suite struct ManifestTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
    }

    private func problem(with text: String) throws -> String {
        let file = try folder.writeManifest(in: "odd", text: text)
        let problem = #expect(throws: PluginProblem.self) { try PluginManifest(contentsOf: file) }
        return problem?.description.replacing(file, with: "FILE") ?? ""
    }

    @Test(arguments: ["", "{", "not JSON at all", #"{"id": "a",}x"#]) func notJSON(_ text: String) throws {
        #expect(try problem(with: text) == "FILE is no manifest of a plugin: it is not JSON")
    }

    @Test(arguments: ["[]", "7", #""text""#]) func noObject(_ text: String) throws {
        #expect(try problem(with: text) == "FILE is no manifest of a plugin: it must be an object")
    }

    @Test(arguments: ["id", "name", "version", "abi", "interfaces", "library"]) func missing(_ key: String) throws {
        let file = try folder.writeManifest(
            in: "odd", PluginFolder.manifest(of: "healthy").merging([key: NSNull()]) { $1 })
        let problem = #expect(throws: PluginProblem.self) { try PluginManifest(contentsOf: file) }
        #expect(problem?.description == "\(file) is no manifest of a plugin: '\(key)' is missing")
    }

    @Test(arguments: [
        (["id": 7], "'id' must be a text"),
        (["abi": ["major": "1", "minor": 0] as [String: any Sendable]], "'abi.major' must be a whole number"),
        (["abi": ["major": -1, "minor": 0]], "'abi.major' has a value that is not known"),
        (["abi": ["major": 1, "minor": 1.5]], "'abi.minor' has a value that is not known"),
        (["abi": 1], "'abi' must be an object"),
        (["abi": ["major": 1]], "'abi.minor' is missing"),
        (["interfaces": "revmeta.connector/1"], "'interfaces' must be a list"),
        (["interfaces": [1]], "'interfaces.[0]' must be a text"),
        (["serviceTypes": "Postgres"], "'serviceTypes' must be a list"),
        (["sessionScope": "table"], "'sessionScope' has a value that is not known"),
        (["settings": [["key": "a", "doc": "A."], ["key": "b"]]], "'settings.[1].doc' is missing"),
        (["settings": [["key": "a", "doc": "A.", "secret": "yes"]]], "'settings.[0].secret' must be true or false"),
    ] as [([String: any Sendable], String)])
    func wrongType(changing: [String: any Sendable], sentence: String) throws {
        let file = try folder.writeManifest(
            in: "odd", PluginFolder.manifest(of: "healthy").merging(changing) { $1 })
        let problem = #expect(throws: PluginProblem.self) { try PluginManifest(contentsOf: file) }
        #expect(problem?.description == "\(file) is no manifest of a plugin: \(sentence)")
    }

    @Test(arguments: [("library", "../other.so"), ("library", "/lib/other.so"), ("library", ""), ("id", "")])
    func libraryElsewhere(key: String, value: String) throws {
        let file = try folder.writeManifest(
            in: "odd", PluginFolder.manifest(of: "healthy").merging([key: value]) { $1 })
        let problem = #expect(throws: PluginProblem.self) { try PluginManifest(contentsOf: file) }
        #expect(problem?.description == """
            \(file): 'id' and 'library' must not be empty, and 'library' is the name of a file beside the manifest
            """)
    }

    @Test func saysEverything() throws {
        let file = try folder.writeManifest(in: "all", text: """
            {"id": "a", "name": "A", "version": "1", "abi": {"major": 1, "minor": 0}, "interfaces": ["revmeta.connector/1"],
             "library": "liba.so", "serviceTypes": ["Alpha"], "sessionScope": "database", "settings": [
               {"key": "authType.password", "doc": "The password.", "secret": true, "required": true},
               {"key": "port", "type": "integer", "doc": "The port.", "default": "5432"}], "later": {"more": 1}}
            """)
        let manifest = try PluginManifest(contentsOf: file)
        #expect(manifest.sessionScope == .database)
        #expect(manifest.serves("ALPHA"))
        #expect(!manifest.serves("Alphabet"))
        #expect(manifest.settings.map(\.key) == ["authType.password", "port"])
        #expect(manifest.settings.map(\.type) == ["string", "integer"])
        #expect(manifest.settings.map(\.secret) == [true, false])
        #expect(manifest.settings.map(\.required) == [true, false])
        #expect(manifest.settings.map(\.default) == [nil, "5432"])
    }

    @Test func leavesOutWhatHasADefault() throws {
        let manifest = try folder.install("healthy").manifest
        #expect(manifest.sessionScope == .service)
        #expect(manifest.serviceTypes.isEmpty)
        #expect(manifest.settings.isEmpty)
    }
}
