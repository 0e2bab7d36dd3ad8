import Foundation
import RevmetaDigest
import RevmetaEngine
import RevmetaHost
import RevmetaModel
import Testing

/// Version 1.0 of the boundary holds for ever: a plugin that was built then is loaded and served now.
@Suite struct FrozenTests {
    /// What was frozen is not edited, or these tests would say nothing.
    @Test func isAsItWas() throws {
        var hash = SHA256()
        for name in ["plugin.c", "plugin.json"] + (try Headers.first.names().map { "revmeta/\($0)" }) {
            let text = try String(contentsOfFile: "\(Headers.first.folder)/\(name)", encoding: .utf8)
            hash.update(fields: [name, text])
        }
        #expect(hash.hexadecimal() == "7ef147106108aa2450f61b0fa1c83854861364e7f06670d7baeafb777a5b2294")
    }

    /// Every struct of then begins as it did, and every constant is what it was.
    @Test func nothingMovedSince() throws {
        let then = try Headers.first.structs()
        let fields = then.flatMap { name, fields in fields.map { "\(name), \($0)" } }.sorted()
        func places(_ headers: Headers) throws -> [String] {
            let source = try SourceFile(
                """
                #include <revmeta/revmeta.h>
                #include <stdio.h>
                int main(void) {
                \(fields.map { "  printf(\"\($0) %zu\\n\", offsetof(\($0)));" }.joined(separator: "\n"))
                  return 0;
                }
                """, suffix: "c")
            let program = try SourceFile("", suffix: "program")
            let compiled = try Tool.run(["cc", "-I", headers.folder, source.path, "-o", program.path])
            try #require(compiled.succeeded, "\(compiled.output)")
            return try Tool.run([program.path]).output.split(separator: "\n").map(String.init)
        }
        #expect(try places(.first) == places(.current))
        #expect(fields.count > 80)
        let now = try Headers.current.structs()
        for (name, fields) in then { #expect(now[name]?.starts(with: fields) == true, "\(name) may grow at its end only") }
        let constants = try Headers.current.constants()
        for (name, value) in try Headers.first.constants() where name != "REVMETA_ABI_MINOR" {
            #expect(constants[name] == value, "\(name) is part of 1.0")
        }
    }

    private static let isolations: [PluginHost.Isolation] = [
        .inProcess,
        .worker(
            program: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
                .appending(path: "revmeta-worker").path),
    ]

    @Test(arguments: isolations) func itsConnectorIsServed(isolation: PluginHost.Isolation) async throws {
        let folder = try FrozenPlugin(), lines = LogLines()
        let host = folder.host(isolation, lines.log)
        func service(_ password: String) -> ServiceDefinition {
            ServiceDefinition(name: "notes", type: "Frozen", connection: ["password": Secret(password)])
        }
        let description = try await host.connector(for: service("open sesame"))
        #expect(description.dialect.name == "frozen")
        #expect(description.dialect.identifierMaxBytes == 63)
        #expect(description.dialect.list.pairSeparator == "=")
        await #expect(throws: Failure(.denied, "the password was refused")) {
            try await host.open(service("guess"), database: nil)
        }
        let session = try await host.open(service("open sesame"), database: nil)
        #expect(try await session.abilities() == [
            Ability(
                kind: "table", attribute: .description, support: .full, canClear: true, maxLength: 40, unit: .characters)
        ])
        let names = ["orders", "missing", "secret"]
        let entities = names.map { Entity(kind: .table, path: EntityPath(["shop", "public", $0])) }
        func read() async throws -> [Fact] { try await session.read(entities, attributes: [.description]) }
        #expect(try await read() == [
            Fact(entity: 0, attribute: 0, kind: "table", value: .known(nil)),
            Fact(entity: 2, attribute: 0, kind: "table", value: .unknown(reason: "nobody may look")),
        ])
        var changes = ["orders", "stubborn"].map { name in
            Change(
                kind: "table", path: EntityPath(["shop", "public", name]), attribute: .description, before: nil,
                value: "One row an order.")
        }
        changes[0].channel = "all"
        let plan = try await session.plan(changes)
        #expect(plan.statements == [Statement(text: "NOTE", changes: [0], guardText: "all")])
        #expect(plan.refusals == [Refusal(index: 1, failure: Failure(.unsupported, "it takes no notes"))])
        #expect(try await session.check(changes).isEmpty)
        var execution = await session.execute(plan.statements, of: changes, label: "run 7")
        #expect(execution == Execution(outcomes: [.applied]))
        #expect(lines.texts.contains("run 7"))
        #expect(try await read().first?.value == .known("One row an order."))
        // A template's statement, of two parts; then one that comes too late.
        let templated = Statement(text: "A;\nB", changes: [0], parts: ["A", "B"])
        changes[0].before = "One row an order."
        changes[0].value = nil
        execution = await session.execute([templated], of: changes, label: nil)
        #expect(execution == Execution(outcomes: [.applied]))
        #expect(try await read().first?.value == .known("B"))
        execution = await session.execute([templated], of: changes, label: nil)
        #expect(execution == Execution(outcomes: [.failed(Failure(.conflict, "the note has moved"))]))
        await session.close()
        await host.shutDown()
    }

    @Test(arguments: isolations) func itsTemplatesAreServed(isolation: PluginHost.Isolation) async throws {
        let folder = try FrozenPlugin()
        let host = folder.host(isolation, .none)
        func request(_ text: String) -> TemplateRequest {
            TemplateRequest(
                channel: "all", engine: "frozen", text: text, dialect: Dialect(name: "sql"), names: [.table, .description])
        }
        await #expect(throws: Failure(.config, "expected NOTE @", line: 1, column: 6)) {
            try await host.compile(request("NOTE #"))
        }
        let template = try await host.compile(request("NOTE @"))
        #expect(template.uses == [.table, .description])
        let change = Change(
            kind: "table", path: EntityPath(["shop", "public", "orders"]), attribute: .description, before: nil, value: "it's")
        let results = try await template.render([
            TemplateRendering(change: change, values: [.table: .text("orders"), .description: .text("it's")])
        ])
        #expect(results.map { try? $0.get() } == [["orders", "it's"]])
        await host.shutDown()
    }
}
