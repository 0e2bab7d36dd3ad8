import RevmetaModel
import Testing

@testable import RevmetaHost

/// Which plugins are found, and which one serves a service.
@Suite struct DirectoryTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
    }

    private func directory(_ entries: PluginSearchPath.Entry...) -> PluginDirectory {
        PluginDirectory(PluginSearchPath(entries: entries))
    }

    private func refusal(_ directory: PluginDirectory, _ service: ServiceDefinition) -> Failure? {
        #expect(throws: Failure.self) { try directory.plugin(for: service) }
    }

    // The folders.

    @Test(arguments: [(PluginSearchPath.Origin.option, "--plugin-dir"), (.environment, "REVMETA_PLUGIN_PATH")])
    func namedFolderThatIsNotThere(origin: PluginSearchPath.Origin, source: String) {
        let missing = folder.path + "/missing"
        #expect(directory(.init(folder: missing, origin: origin)).problems.map(\.description) == [
            "the plugin folder \(missing), which \(source) names, does not exist or cannot be read"
        ])
    }

    @Test(arguments: [PluginSearchPath.Origin.besideBinary, .system, .buildFolder])
    func usualFolderThatIsNotThere(origin: PluginSearchPath.Origin) {
        let found = directory(.init(folder: folder.path + "/missing", origin: origin))
        #expect(found.problems.isEmpty)
        #expect(found.plugins.isEmpty)
    }

    @Test func theFolderItselfMayBeAPlugin() throws {
        try folder.install("healthy")
        let found = directory(.init(folder: folder.path + "/healthy", origin: .option))
        #expect(found.plugins.map(\.libraryPath) == [folder.path + "/healthy/libhealthy.so"])
    }

    @Test func librariesMayLieElsewhere() throws {
        try folder.install("healthy")
        let found = directory(.init(folder: folder.path, origin: .buildFolder, libraryFolder: "/build"))
        #expect(found.plugins.map(\.libraryPath) == ["/build/libhealthy.so"])
    }

    @Test func oneBadManifestHidesNoOther() throws {
        try folder.install("healthy")
        let bad = try folder.writeManifest(in: "a-bad-one", text: "{")
        #expect(folder.directory.plugins.map(\.manifest.id) == ["org.example.healthy"])
        #expect(folder.directory.problems.map(\.description) == ["\(bad) is no manifest of a plugin: it is not JSON"])
    }

    @Test func theFirstOfOneIdWins() throws {
        try folder.install("healthy", in: "b")
        try folder.install("healthy", in: "a")
        #expect(folder.directory.plugins.map(\.manifestPath) == [folder.path + "/a/plugin.json"])
        #expect(folder.directory.hidden.map(\.manifestPath) == [folder.path + "/b/plugin.json"])
    }

    @Test func theUsualPathHasItsOrder() {
        let path = PluginSearchPath(
            options: ["/one", "/two"], environment: ["REVMETA_PLUGIN_PATH": "/three::/four"],
            executable: "/opt/revmeta/bin/revmeta")
        #expect(path.entries.map(\.folder) == [
            "/one", "/two", "/three", "/four", "/opt/revmeta/lib/revmeta/plugins", "/usr/local/lib/revmeta/plugins",
        ])
        #expect(path.entries.map(\.origin) == [.option, .option, .environment, .environment, .besideBinary, .system])
    }

    @Test func inABuildFolderThePackagesPluginsAreFound() throws {
        let package = String(#filePath.prefix(upTo: try #require(#filePath.firstRange(of: "/Tests/")).lowerBound))
        let path = PluginSearchPath(options: [], environment: [:], executable: package + "/.build/debug/revmeta")
        #expect(path.entries.last?.folder == package + "/Plugins")
        #expect(path.entries.last?.libraryFolder == package + "/.build/debug")
    }

    // The choice.

    @Test func theOnlyOneThatServesTheType() throws {
        try folder.install("healthy", changing: ["serviceTypes": ["Notes"]])
        try folder.install("misbehaving", changing: ["serviceTypes": ["Mischief"]])
        let chosen = try folder.directory.plugin(for: ServiceDefinition(name: "shop", type: "notes"))
        #expect(chosen.manifest.id == "org.example.healthy")
    }

    @Test func twoThatServeOneType() throws {
        try folder.install("healthy", changing: ["serviceTypes": ["Notes"]])
        try folder.install("misbehaving", changing: ["serviceTypes": ["NOTES", "Mischief"]])
        #expect(refusal(folder.directory, ServiceDefinition(name: "shop", type: "Notes")) == Failure(
            .config,
            """
            'org.example.healthy' and 'org.example.misbehaving' both serve the type 'Notes' of service 'shop': say \
            which one with 'plugin:' under the service
            """))
        let named = ServiceDefinition(name: "shop", type: "Notes", plugin: "org.example.misbehaving")
        #expect(try folder.directory.plugin(for: named).manifest.id == "org.example.misbehaving")
    }

    @Test func namedButNotFound() throws {
        try folder.install("healthy")
        let service = ServiceDefinition(name: "shop", type: "Notes", plugin: "org.example.other")
        #expect(refusal(folder.directory, service) == Failure(
            .config,
            """
            service 'shop' names the plugin 'org.example.other', which was not found; found: org.example.healthy. \
            Install it in a plugin folder, or name its folder with --plugin-dir
            """))
    }

    @Test func noPluginsAtAll() {
        let service = ServiceDefinition(name: "shop", type: "Notes", plugin: "org.example.other")
        #expect(refusal(folder.directory, service)?.message == """
            service 'shop' names the plugin 'org.example.other', which was not found; no plugins were found at all. \
            Install it in a plugin folder, or name its folder with --plugin-dir
            """)
    }

    @Test func aTypeThatNobodyServes() throws {
        try folder.install("healthy", changing: ["serviceTypes": ["Notes", "Papers"]])
        #expect(refusal(folder.directory, ServiceDefinition(name: "shop", type: "CustomDatabase")) == Failure(
            .config,
            """
            no plugin serves the type 'CustomDatabase' of service 'shop'; found: Notes, Papers. Install one that does, \
            or name one with 'plugin:' under the service
            """))
        let named = ServiceDefinition(name: "shop", type: "CustomDatabase", plugin: "org.example.healthy")
        #expect(try folder.directory.plugin(for: named).manifest.id == "org.example.healthy")
    }

    @Test func aLibraryThatDoesNotLoadNamesItsService() async throws {
        let found = try folder.install("healthy", defining: ["NO_TABLE"])
        let host = folder.host(), service = PluginFolder.service(of: "healthy")
        let refusal = Failure(
            .config,
            """
            service 'notes' cannot be used: revmeta_plugin_v1 of org.example.healthy gave no table \
            (\(found.libraryPath))
            """)
        await #expect(throws: refusal) { try await host.connector(for: service) }
        await #expect(throws: refusal) { try await host.connector(for: service) }
    }
}
