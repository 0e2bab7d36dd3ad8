import CRevmeta
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
        #expect(folder.directory.problems.isEmpty)
    }

    @Test func loadsWithoutAConnector() throws {
        let library = try PluginLibrary(folder.install("template"))
        #expect(library.hasTemplateEngine)
        #expect(library.dialect == nil)
    }

    @Test func isRefusedAsAConnector() async throws {
        try folder.install("template")
        let refusal = Failure(
            .config,
            """
            service 'notes' cannot be used: its plugin org.example.template offers revmeta.template/1, but no connector. \
            Name one that does with 'plugin:' under the service
            """)
        let host = folder.host(), service = PluginFolder.service(of: "template")
        #expect(throws: refusal) { try host.connector(for: service) }
        await #expect(throws: refusal) { try await host.open(service, database: nil) }
    }

    @Test(arguments: ["compile", "render", "release"]) func emptySlot(_ slot: String) throws {
        let found = try folder.install("template", defining: ["NULL_IN_TEMPLATE=\(slot)"])
        let problem = #expect(throws: PluginProblem.self) { try PluginLibrary(found) }
        #expect(problem?.description == """
            the template table of org.example.template has empty slots: \(slot). They must be set: mend the plugin
            """)
    }

    @Test(arguments: [0, 4, 65537]) func oddSize(_ size: Int) throws {
        let found = try folder.install("template", defining: ["TEMPLATE_SIZE=\(size)u"])
        let problem = #expect(throws: PluginProblem.self) { try PluginLibrary(found) }
        #expect(problem?.description == """
            the template table of org.example.template says it has \(size) bytes, where 32 are expected: rebuild the \
            plugin against this revmeta's headers
            """)
    }

    // The table works: what the host checked is what it calls.

    private func compile(_ template: String, with engine: TemplateTable) throws -> (Failure?, UnsafeMutableRawPointer?) {
        var compiled: UnsafeMutableRawPointer?
        let dialect = try #require(PluginLibrary(folder.install("healthy")).connector).table.dialect()
        let arena = Arena()
        let failure = HostCall(plugin: "org.example.template", log: .none).run { call in
            engine.table.compile(call, dialect, arena.text(template), arena.strs(["description"]), &compiled)
        }
        return (failure, compiled)
    }

    @Test func rendersAChange() throws {
        let engine = try #require(PluginLibrary(folder.install("template")).template)
        let (refusal, compiled) = try compile("NOTE @;", with: engine)
        #expect(refusal == nil)
        defer { engine.table.release(compiled) }
        final class Texts { var all: [String] = [] }
        let texts = Texts(), arena = Arena()
        let changes = arena.changes([
            Change(kind: "table", path: EntityPath(["shop"]), attribute: .description, before: nil, value: "naïve")
        ])
        let failure = HostCall(plugin: "org.example.template", log: .none).run { call in
            engine.table.render(
                compiled, call, changes.items, revmeta_variables(items: nil, count: 0, stride: 0),
                { context, lent in
                    let texts = Unmanaged<Texts>.fromOpaque(context!).takeUnretainedValue()
                    for text in UnsafeBufferPointer(start: lent.items, count: lent.count) {
                        texts.all.append((try? Copier(plugin: "").text(text, of: "")) ?? "")
                    }
                    return 0
                }, Unmanaged.passUnretained(texts).toOpaque())
        }
        #expect(failure == nil)
        #expect(texts.all == ["NOTE 'naïve';"])
    }

    @Test func tellsWhereATemplateIsWrong() throws {
        let engine = try #require(PluginLibrary(folder.install("template")).template)
        let (failure, compiled) = try compile("NOTE", with: engine)
        #expect(compiled == nil)
        #expect(failure == Failure(.config, "the template must hold @ where the value goes", line: 1, column: 5))
    }
}
