import RevmetaModel
import Testing

@testable import RevmetaHost

/// Plugins that offer a template engine and no connector.
@Suite struct TemplateEngineTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
    }

    @Test func isListed() throws {
        try folder.install("template")
        #expect(folder.directory.plugins.map(\.manifest.interfaces) == [["revmeta.template/1"]])
        #expect(folder.directory.plugins.map(\.manifest.templateEngines) == [["at"]])
        #expect(folder.directory.problems.isEmpty)
    }

    @Test func loadsWithoutAConnector() async throws {
        let library = try await folder.host(PluginFolder.worker).load(folder.install("template"))
        #expect(library.hasTemplateEngine)
        #expect(library.dialect == nil)
    }

    @Test func isRefusedAsAConnector() async throws {
        try folder.install("template")
        let refusal = Failure(
            .config,
            """
            service 'notes' cannot be used: its plugin org.example.template offers revmeta.template/1, but no \
            connector. Name one that does with 'plugin:' under the service
            """)
        let host = folder.host(), service = PluginFolder.service(of: "template")
        await #expect(throws: refusal) { try await host.connector(for: service) }
        await #expect(throws: refusal) { try await host.open(service, database: nil) }
    }

    @Test(arguments: ["compile", "uses", "render", "release"]) func emptySlot(_ slot: String) async throws {
        let found = try folder.install("template", defining: ["NULL_IN_TEMPLATE=\(slot)"])
        let problem = await #expect(throws: PluginProblem.self) { try await folder.host().load(found) }
        #expect(problem?.description == """
            the template table of org.example.template has empty slots: \(slot). They must be set: mend the plugin
            """)
    }

    @Test(arguments: [0, 4, 65537]) func oddSize(_ size: Int) async throws {
        let found = try folder.install("template", defining: ["TEMPLATE_SIZE=\(size)u"])
        let problem = await #expect(throws: PluginProblem.self) { try await folder.host().load(found) }
        #expect(problem?.description == """
            the template table of org.example.template says it has \(size) bytes, where 40 are expected: rebuild the \
            plugin against this revmeta's headers
            """)
    }
}
