import Foundation
import RevmetaEngine
import RevmetaModel
import Testing

@testable import RevmetaHost

/// Libraries that must not be used, and the sentences that say why.
@Suite struct LibraryRefusalTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
    }

    private func refusal(
        _ found: PluginDirectory.Found, sourceLocation: SourceLocation = #_sourceLocation
    ) async -> String? {
        await #expect(throws: PluginProblem.self, sourceLocation: sourceLocation) {
            try await folder.host(PluginFolder.worker).load(found)
        }?.description
    }

    /// Overwrites bytes of a file.
    private func patch(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    @Test func healthyIsLoaded() async throws {
        let library = try await folder.host().load(folder.install("healthy"))
        #expect(library.dialect?.name == "notes")
        #expect(!library.hasTemplateEngine)
    }

    // What the host can see without loading.

    @Test func missing() async throws {
        let found = try folder.install("healthy")
        try FileManager.default.removeItem(atPath: found.libraryPath)
        #expect(await refusal(found) == """
            the library of org.example.healthy is missing: \(found.libraryPath) does not exist. Build or install the \
            plugin again
            """)
    }

    @Test func noELF() async throws {
        let found = try folder.install("healthy")
        try "no library, but a page of text".write(toFile: found.libraryPath, atomically: false, encoding: .utf8)
        #expect(await refusal(found) == "\(found.libraryPath) is no library of this kind of system: it is not an ELF file")
    }

    @Test func shorterThanAHeader() async throws {
        let found = try folder.install("healthy")
        try "\u{7F}ELF".write(toFile: found.libraryPath, atomically: false, encoding: .utf8)
        #expect(await refusal(found) == "\(found.libraryPath) is no library of this kind of system: it is not an ELF file")
    }

    @Test func otherMachine() async throws {
        let found = try folder.install("healthy")
        let own = try ELFHeader(of: found.libraryPath)
        try patch(found.libraryPath, at: 18, own.machine == 183 ? [62, 0] : [183, 0])
        let other = own.machine == 183 ? "x86-64" : "AArch64"
        #expect(await refusal(found) == """
            the library of org.example.healthy is built for \(other) (64 bits), and this machine runs \(own): \
            \(found.libraryPath). Install the plugin's build for this machine
            """)
    }

    @Test func otherWordSize() async throws {
        let found = try folder.install("healthy")
        let own = try ELFHeader(of: found.libraryPath)
        try patch(found.libraryPath, at: 4, [1])
        #expect(await refusal(found)?.contains("(32 bits), and this machine runs \(own)") == true)
    }

    @Test func noSharedObject() async throws {
        let found = try folder.install("healthy")
        try patch(found.libraryPath, at: 16, [1, 0])
        #expect(await refusal(found) == "the library of org.example.healthy is no shared library: \(found.libraryPath)")
    }

    /// The search folder too, also a sticky one: who can add a folder there can hide a plugin behind one of their own.
    @Test(arguments: [("/healthy/libhealthy.so", 0o777), ("/healthy/plugin.json", 0o666), ("/healthy", 0o777), ("", 0o1777)])
    func writableByEverybody(_ what: String, permissions: Int) async throws {
        let found = try folder.install("healthy")
        let place = folder.path + what
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: place)
        #expect(await refusal(found) == """
            the library of org.example.healthy is not loaded, since everybody may write to \(place): run \
            chmod o-w \(place)
            """)
    }

    @Test(arguments: [0, 2]) func otherMajorVersion(_ major: Int) async throws {
        let found = try folder.install("healthy", changing: ["abi": ["major": major, "minor": 3]])
        #expect(await refusal(found) == """
            org.example.healthy is built for version \(major).3 of the plugin interface, and this revmeta speaks 1.0: take a \
            plugin for the same major version, or rebuild it against this revmeta's headers (\(found.manifestPath))
            """)
    }

    @Test(arguments: [[], ["org.example.mood/3", "org.example.sky/1"]])
    func noKnownInterface(_ listed: [String]) async throws {
        let found = try folder.install("healthy", changing: ["interfaces": listed])
        #expect(await refusal(found) == """
            org.example.healthy offers \(listed.isEmpty ? "nothing" : "org.example.mood/3, org.example.sky/1"), and \
            this revmeta knows revmeta.connector/1 and revmeta.template/1: list one of them under 'interfaces', or use \
            a revmeta that knows more (\(found.manifestPath))
            """)
    }

    // What only loading tells.

    @Test func noEntry() async throws {
        let found = try folder.install("no-entry")
        #expect(await refusal(found) == """
            the library of org.example.no-entry does not export revmeta_plugin_v1: it is no plugin of revmeta, or one \
            for another major version of its interface (\(found.libraryPath))
            """)
    }

    @Test func entryGivesNoTable() async throws {
        let found = try folder.install("healthy", defining: ["NO_TABLE"])
        #expect(await refusal(found) == "revmeta_plugin_v1 of org.example.healthy gave no table (\(found.libraryPath))")
    }

    @Test func undefinedSymbol() async throws {
        let found = try folder.install("healthy", defining: ["UNDEFINED"])
        #expect(await refusal(found) == """
            the library of org.example.healthy cannot be loaded: \(found.libraryPath): undefined symbol: \
            a_function_that_nobody_has
            """)
    }

    @Test func otherMinorVersionThanItsManifest() async throws {
        let found = try folder.install("healthy", defining: ["PLUGIN_MINOR=3"])
        #expect(await refusal(found) == """
            the manifest and the library of org.example.healthy disagree: plugin.json says abi.minor '0', the library says \
            '3'. One of them is stale: install both from one build
            """)
    }

    @Test func aLaterMinorVersionIsLoaded() async throws {
        try folder.install("healthy", defining: ["PLUGIN_MINOR=3"], changing: ["abi": ["major": 1, "minor": 3]])
        let description = try await folder.host().connector(for: PluginFolder.service(of: "healthy"))
        #expect(description.plugin == "org.example.healthy")
    }

    @Test(
        arguments: [("PLUGIN", "plugin table", 40), ("CONNECTOR", "connector table", 72), ("DIALECT", "dialect", 128)],
        [0, 4, 65537, 4_294_967_295])
    func oddSize(of table: (define: String, name: String, expected: Int), _ size: Int) async throws {
        let found = try folder.install("healthy", defining: ["\(table.define)_SIZE=\(size)u"])
        #expect(await refusal(found) == """
            the \(table.name) of org.example.healthy says it has \(size) bytes, where \(table.expected) are expected: \
            rebuild the plugin against this revmeta's headers
            """)
    }

    @Test func aTableThatEndsShortOfOurs() async throws {
        let found = try folder.install("healthy", defining: ["CONNECTOR_SIZE=64u"])
        #expect(await refusal(found)?.contains("the connector table of org.example.healthy says it has 64 bytes") == true)
    }

    @Test(arguments: [("ID", "id", "org.example.healthy"), ("VERSION", "version", "1.2.3")])
    func manifestAndLibraryDisagree(define: String, key: String, says: String) async throws {
        let found = try folder.install("healthy", defining: ["PLUGIN_\(define)=\"other\""])
        #expect(await refusal(found) == """
            the manifest and the library of org.example.healthy disagree: plugin.json says \(key) '\(says)', the \
            library says 'other'. One of them is stale: install both from one build
            """)
    }

    @Test(arguments: ["revmeta.connector/1", "revmeta.template/1", "org.example.mood/3"])
    func listedButNotOffered(_ interface: String) async throws {
        let offered = interface == "revmeta.connector/1" ? "org.example.other/1" : "revmeta.connector/1"
        let found = try folder.install(
            "healthy", defining: ["OFFERED=\"\(offered)\""],
            changing: ["interfaces": ["revmeta.connector/1", interface]])
        #expect(await refusal(found) == """
            the manifest and the library of org.example.healthy disagree: plugin.json lists \(interface), the library \
            does not offer it. One of them is stale: install both from one build
            """)
    }

    @Test(arguments: ["id", "name", "version", "query"]) func emptySlotOfThePlugin(_ slot: String) async throws {
        let found = try folder.install("healthy", defining: ["NULL_IN_PLUGIN=\(slot)"])
        #expect(await refusal(found) == """
            the plugin table of org.example.healthy has empty slots: \(slot). They must be set: mend the plugin
            """)
    }

    @Test(arguments: ["dialect", "open", "close", "abilities", "read", "plan", "check", "execute"])
    func emptySlotOfTheConnector(_ slot: String) async throws {
        let found = try folder.install("healthy", defining: ["NULL_IN_CONNECTOR=\(slot)"])
        #expect(await refusal(found) == """
            the connector table of org.example.healthy has empty slots: \(slot). They must be set: mend the plugin
            """)
    }

    @Test func noDialect() async throws {
        let found = try folder.install("healthy", defining: ["NO_DIALECT"])
        #expect(await refusal(found) == "the connector of org.example.healthy gave no dialect")
    }

    @Test(arguments: [
        "name", "literal_open", "literal_close", "list_open", "list_close", "list_separator", "pair_open",
        "pair_separator", "pair_close", "statement_end",
    ])
    func emptySlotOfTheDialect(_ slot: String) async throws {
        let found = try folder.install("healthy", defining: ["NULL_IN_DIALECT=\(slot)"])
        #expect(await refusal(found) == """
            the dialect of org.example.healthy has empty slots: \(slot). They must be set: mend the plugin
            """)
    }

    @Test(arguments: ["identifier_open", "identifier_close"]) func halfAnIdentifierQuote(_ slot: String) async throws {
        let found = try folder.install("healthy", defining: ["NULL_IN_DIALECT=\(slot)"])
        #expect(await refusal(found) == """
            the dialect of org.example.healthy sets one of identifier_open and identifier_close: both must be set, or \
            neither
            """)
    }

    @Test(arguments: [("script_begin", "", "USE "), ("script_use", "SET notes = on;;", nil)])
    func aDialectMayLackAScriptsParts(_ slot: String, begin: String, use: String?) async throws {
        let dialect = try await folder.host().load(
            folder.install("healthy", defining: ["NULL_IN_DIALECT=\(slot)"])).dialect
        #expect(dialect?.scriptBegin == begin)
        #expect(dialect?.scriptUse == use)
    }
}
