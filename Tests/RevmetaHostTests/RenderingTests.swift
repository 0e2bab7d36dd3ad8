import RevmetaEngine
import RevmetaModel
import Testing

@testable import RevmetaHost

/// Templates, compiled and rendered by the engine of a plugin, in a process of its own.
@Suite struct RenderingTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
    }

    private let change = Change(
        kind: "table", path: EntityPath(["shop", "public", "orders"]), attribute: .description, before: nil, value: "it's")

    private func request(_ text: String, engine: String = "at", channel: String = "all") -> TemplateRequest {
        TemplateRequest(
            channel: channel, engine: engine, text: text, dialect: Dialect(name: "sql"),
            names: [.schema, .table, .description, .owner, .tags])
    }

    private func rendering(_ values: [TemplateVariable: TemplateValue]) -> TemplateRendering {
        TemplateRendering(change: change, values: values)
    }

    @Test(arguments: PluginFolder.isolations) func rendersEachChange(isolation: PluginHost.Isolation) async throws {
        try folder.install("template")
        let host = folder.host(isolation)
        let template = try await host.compile(request("COMMENT ON @schema.@table IS @description\nNOTE @table"))
        #expect(Set(template.uses) == [.schema, .table, .description])
        let results = try await template.render([
            rendering([.schema: .text("public"), .table: .text("or\"ders"), .description: .text("it's")]),
            rendering([.schema: .text("public"), .table: .text("b"), .description: .text(nil)]),
        ])
        #expect(results.map { try? $0.get() } == [
            ["COMMENT ON \"public\".\"or\"\"ders\" IS 'it''s'", "NOTE \"or\"\"ders\""],
            ["COMMENT ON \"public\".\"b\" IS NULL", "NOTE \"b\""],
        ])
        await host.shutDown()
    }

    @Test func rendersThousands() async throws {
        try folder.install("template")
        let host = folder.host(PluginFolder.worker)
        let template = try await host.compile(request("NOTE @table IS @description"))
        let results = try await template.render((0..<4500).map { number in
            rendering([.table: .text("t\(number)"), .description: .text("d")])
        })
        #expect(results.count == 4500)
        for (number, result) in results.enumerated() { #expect(try result.get() == ["NOTE \"t\(number)\" IS 'd'"]) }
        await host.shutDown()
    }

    @Test func rendersWhatIsMoreThanAFrameMayHold() async throws {
        try folder.install("template")
        let host = folder.host(PluginFolder.worker)
        let template = try await host.compile(request("NOTE @table"))
        var large = change
        large.before = String(repeating: "x", count: 200_000)
        let results = try await template.render((0..<1500).map { number in
            TemplateRendering(change: large, values: [.table: .text("t\(number)")])
        })
        #expect(try results.map { try $0.get() } == (0..<1500).map { ["NOTE \"t\($0)\""] })
        await host.shutDown()
    }

    @Test func saysWhatIsWrongWithATextAndWhere() async throws {
        try folder.install("template")
        let host = folder.host(PluginFolder.worker)
        await #expect(throws: Failure(.config, "this name is not known", line: 1, column: 6)) {
            try await host.compile(request("NOTE @column"))
        }
        await #expect(throws: Failure(
            .config, "there is no template engine 'format'; there are at. Install its plugin in a plugin folder, or name its "
                + "folder with --plugin-dir")
        ) { try await host.compile(request("x", engine: "format")) }
        // Its plugin's id names it too.
        _ = try await host.compile(request("NOTE @table", engine: "org.example.template"))
        await host.shutDown()
    }

    @Test(arguments: [
        ("HANGS_IN_RENDER", "the plugin org.example.template was ended, since a call took longer than 20 seconds"),
        (
            "ABORTS_IN_RENDER",
            "the plugin org.example.template was ended by SIGABRT (it gave up)"
        ),
    ])
    func anEngineThatFailsCostsItsChannel(way: String, says: String) async throws {
        try folder.install("template", defining: [way])
        let host = folder.host(PluginFolder.worker, limits: CallLimits(call: .seconds(20)))
        let template = try await host.compile(request("NOTE @table"))
        let other = try await host.compile(request("NOTE @table", channel: "other"))
        await #expect(throws: Failure(.failed, says)) { try await template.render([rendering([.table: .text("t")])]) }
        // It is not started again for what its channel still wants.
        await #expect(throws: Failure(.failed, says)) { try await host.compile(request("NOTE @table")) }
        #expect(other.uses == [.table])
        _ = try await host.compile(request("NOTE @schema", channel: "other"))
        await host.shutDown()
    }

    @Test func anEngineThatDoesNotEndCompilingIsEnded() async throws {
        try folder.install("template", defining: ["HANGS_IN_COMPILE"])
        let host = folder.host(PluginFolder.worker, limits: CallLimits(call: .seconds(20)))
        await #expect(throws: Failure(
            .failed, "the plugin org.example.template was ended, since a call took longer than 20 seconds")
        ) { try await host.compile(request("NOTE @table")) }
        await host.shutDown()
    }
}
