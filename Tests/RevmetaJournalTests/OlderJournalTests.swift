import Foundation
import GRDB
import RevmetaEngine
import RevmetaModel
import Testing

@testable import RevmetaJournal

/// Journals that an older revmeta wrote.
@Suite final class OlderJournalTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-older-\(UUID().uuidString)").path
    private var path: String { folder + "/journal.sqlite" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try Schema.createFirstTables(in: $0) }
        let database = try DatabasePool(path: path)
        try migrator.migrate(database)
        try database.write { db in
            try db.execute(sql: """
                INSERT INTO run (id, started, trigger, person, version, state)
                VALUES (1, '2026-01-01T00:00:00Z', 'manual', 'tester', '0', 'executing');
                INSERT INTO scope (id, run, service, sent) VALUES (1, 1, 'shop', (1 << 32) + 2);
                INSERT INTO change (number, scope, path, attribute, entity, kind, channel, action, before, value, statement, text)
                VALUES ((1 << 32) + 1, 1, 'a.b.t', 'description', 'table', 'table', 'all', 'set', NULL, 'one', (1 << 32) + 1, 'x'),
                    ((1 << 32) + 2, 1, 'a.b.u', 'description', 'table', 'table', 'all', 'set', 'old', 'two', (1 << 32) + 2, 'y');
                INSERT INTO outcome (first, last, outcome) VALUES ((1 << 32) + 1, (1 << 32) + 1, 'applied');
                INSERT INTO base (service, path, entity, attribute, value, run)
                VALUES ('shop', 'a.b.t', 'table', 'description', 'one', 1);
                """)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func key(_ path: String) -> FactKey {
        FactKey(entity: Entity(kind: .table, path: EntityPath(path)!), attribute: .description)
    }

    @Test func whatTheyRememberIsKept() async throws {
        let store = try await RunStore(draftOn: Journal(forReadingAt: path))
        let memories = try await store.memories(of: "shop", paths: [key("a.b.t").entity.path, key("a.b.u").entity.path])
        #expect(memories == [
            key("a.b.t"): Memory(base: "one"),
            key("a.b.u"): Memory(intent: Memory.Intent(id: (1 << 32) + 2, value: "two", before: "old")),
        ])
        var facts: [ManagedFact] = []
        for try await piece in try #require(try Journal(forReadingAt: path)).managed(of: ["shop"]) { facts += piece }
        #expect(facts.map(\.held) == [.value("one")])
    }

    @Test func runsGoOnWithThem() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        #expect(store.run == 2)
        let changed = PlannedChange(
            channel: "all", action: .set, entityKind: .table,
            change: Change(kind: "table", path: key("a.b.t").entity.path, attribute: .description, before: "one", value: "two"),
            rendered: "hash")
        try await store.append(PlanPiece(
            service: "shop", database: nil, changes: [changed],
            statements: [Statement(text: "x;\ny", changes: [0], parts: ["x", "y"])]))
        try await store.beginExecution(of: [PlanScope(service: "shop", database: nil)])
        let number = try #require(try await store.statements(
            of: PlanScope(service: "shop", database: nil), after: 0, limit: 10).items.first?.number)
        try await store.record([RecordedOutcome(change: number, outcome: .applied, held: .value("[two]"))])
        try await store.finish(RunReport())
        let memories = try await RunStore(draftOn: journal).memories(of: "shop", paths: [key("a.b.t").entity.path])
        #expect(memories[key("a.b.t")] == Memory(
            base: "two", template: TemplateWriting(rendered: "hash", held: .value("[two]"))))
        var parts: [[String]] = []
        try journal.list(2) { parts.append($0.parts) }
        #expect(parts == [["x", "y"]])
        var applied: [AppliedChange] = []
        for try await piece in journal.applied(in: 2) { applied += piece }
        #expect(applied.map(\.template) == [TemplateWriting(rendered: "hash", held: .value("[two]"))])
    }
}
