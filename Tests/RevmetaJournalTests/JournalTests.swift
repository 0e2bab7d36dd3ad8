import Foundation
import GRDB
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

@Suite final class JournalTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-journal-\(UUID().uuidString)").path
    var path: String { folder + "/deeper/journal.sqlite" }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func change(
        _ path: String, _ value: String?, before: String? = nil, action: PlannedChange.Action = .set, reason: String? = nil
    ) -> PlannedChange {
        PlannedChange(
            channel: "all", action: action, entityKind: .table,
            change: Change(kind: "table", path: EntityPath(path)!, attribute: .description, before: before, value: value),
            reason: reason)
    }

    private func key(_ path: String) -> FactKey {
        FactKey(entity: Entity(kind: .table, path: EntityPath(path)!), attribute: .description)
    }

    private func begin(_ journal: Journal) async throws -> RunStore {
        try await RunStore(beginIn: journal, person: "tester", version: "test")
    }

    @Test func itsFolderIsMadeAndOneProcessHoldsIt() throws {
        let journal = try Journal(forRunsAt: path)
        let error = #expect(throws: JournalError.self) { _ = try Journal(forRunsAt: path) }
        #expect(error?.description.contains("is in use by process \(getpid()) since 20") == true)
        withExtendedLifetime(journal) {}
    }

    /// A descriptor that was closed once is another's: closed or emptied again, it would be somebody else's file.
    @Test func whoDoesNotGetItLeavesOthersFilesAlone() async throws {
        let journal = try Journal(forRunsAt: path), bystander = folder + "/bystander"
        try Data("kept".utf8).write(to: URL(filePath: bystander))
        let isOver = Mutex(false)
        async let spoilt = withCheckedContinuation { continuation in
            Thread {
                var spoilt = 0
                while !isOver.withLock({ $0 }) {
                    let file = open(bystander, O_RDWR | O_CLOEXEC)
                    var status = stat()
                    usleep(20)
                    if fstat(file, &status) != 0 || status.st_size != 4 { spoilt += 1 }
                    if close(file) != 0 { spoilt += 1 }
                }
                continuation.resume(returning: spoilt)
            }.start()
        }
        for _ in 0..<3_000 { #expect(throws: JournalError.self) { _ = try Journal(forRunsAt: path) } }
        isOver.withLock { $0 = true }
        #expect(await spoilt == 0)
        withExtendedLifetime(journal) {}
    }

    @Test func itIsFreeAgainWhenClosedAndReadableMeanwhile() throws {
        do {
            let journal = try Journal(forRunsAt: path)
            #expect(try Journal(forReadingAt: path) != nil)
            withExtendedLifetime(journal) {}
        }
        _ = try Journal(forRunsAt: path)
    }

    @Test func thereIsNothingToReadBeforeTheFirstRun() throws {
        #expect(try Journal(forReadingAt: path) == nil)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func whatIsNoJournalIsRefused() throws {
        try FileManager.default.createDirectory(atPath: folder + "/deeper", withIntermediateDirectories: true)
        try Data(repeating: 65, count: 5000).write(to: URL(filePath: path))
        let error = #expect(throws: JournalError.self) { _ = try Journal(forRunsAt: path) }
        #expect(error?.description.contains("damaged, or no journal") == true)
        #expect(throws: JournalError.self) { _ = try Journal(forReadingAt: path) }
        #expect(try Data(contentsOf: URL(filePath: path)).count == 5000)
    }

    @Test func aNewerJournalIsRefused() async throws {
        do { _ = try Journal(forRunsAt: path) }
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')")
        }
        let error = #expect(throws: JournalError.self) { _ = try Journal(forRunsAt: path) }
        #expect(error?.description.contains("newer revmeta") == true)
        #expect(throws: JournalError.self) { _ = try Journal(forReadingAt: path) }
    }

    @Test func nothingEmptyAndTextStayThreeValues() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await begin(journal)
        let texts: [String?] = [nil, "", "it's a\u{301} 🎁\n"]
        try await store.append(PlanPiece(
            service: "shop", database: nil,
            changes: texts.enumerated().map { change("shop.public.t\($0)", $1, before: $1) },
            statements: texts.indices.map { Statement(text: texts[$0] ?? "none", changes: [$0], guardText: texts[$0]) }))
        let batch = try await store.statements(of: PlanScope(service: "shop", database: nil), after: 0, limit: 10)
        #expect(batch.changes.map(\.value) == texts)
        #expect(batch.changes.map(\.before) == texts)
        #expect(batch.statements.map(\.guardText) == texts)
        #expect(batch.statements.map(\.text) == ["none", "", "it's a\u{301} 🎁\n"])
    }

    @Test func statementsComeBackInOrderWithTheirChangesScopeByScope() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await begin(journal)
        for (database, first) in [("a", 0), ("b", 10), ("a", 20)] {
            try await store.append(PlanPiece(
                service: "shop", database: database,
                changes: [
                    change("\(database).s.t\(first)", "1"), change("\(database).s.kept\(first)", "x", action: .keep, reason: "why"),
                    change("\(database).s.t\(first + 1)", "2"), change("\(database).s.t\(first + 2)", "3"),
                ],
                statements: [
                    Statement(text: "\(first) both", changes: [0, 3]), Statement(text: "\(first) one", changes: [2]),
                ]))
        }
        #expect(store.scopes().map(\.database) == ["a", "b"])
        let scope = PlanScope(service: "shop", database: "a")
        let first = try await store.statements(of: scope, after: 0, limit: 1)
        #expect(first.statements.map(\.text) == ["0 both"])
        #expect(first.changes.map(\.path.description) == ["a.s.t0", "a.s.t2"])
        let rest = try await store.statements(of: scope, after: first.numbers.last!, limit: 3)
        #expect(rest.statements.map(\.text) == ["0 one", "20 both", "20 one"])
        #expect(rest.statements.map(\.changes) == [[0], [1, 2], [3]])
        #expect(rest.changes.map(\.path.description) == ["a.s.t1", "a.s.t20", "a.s.t22", "a.s.t21"])
        #expect(try await store.statements(of: scope, after: rest.numbers.last!, limit: 3).statements.isEmpty)

        var listed: [(String, String?)] = []
        try store.list { listed.append(($0.planned.change.path.description, $0.statementText)) }
        #expect(listed.map(\.0) == [
            "a.s.t0", "a.s.t2", "a.s.t1", "a.s.t20", "a.s.t22", "a.s.t21", "b.s.t10", "b.s.t12", "b.s.t11", "a.s.kept0",
            "a.s.kept20", "b.s.kept10",
        ])
        #expect(listed.map(\.1).prefix(3) == ["0 both", nil, "0 one"])
    }

    /// What does not fit into memory, and what is asked for again, is read from the journal: as if it were one.
    @Test func statementsAreTheSameFromMemoryAndFromTheJournal() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test", memory: 2000)
        let scope = PlanScope(service: "shop", database: "a")
        let long = String(repeating: "long ", count: 400)
        for (piece, text) in ["first", "second", long, "fourth"].enumerated() {
            try await store.append(PlanPiece(
                service: "shop", database: "a",
                changes: ["one", "two", "three"].map { change("a.s.\($0)\(piece)", text, before: "x") },
                statements: [
                    Statement(text: "both \(text)", changes: [2, 0], guardText: text),
                    Statement(text: "one \(text)", changes: [1]),
                ]))
        }
        func all(limit: Int) async throws -> [PlannedBatch] {
            var batches: [PlannedBatch] = [], last: Int64 = 0
            while true {
                let batch = try await store.statements(of: scope, after: last, limit: limit)
                guard let number = batch.numbers.last else { return batches }
                batches.append(batch)
                last = number
            }
        }
        let once = try await all(limit: 3), again = try await all(limit: 1)
        #expect(again.count == 8)
        #expect(once.flatMap { $0.statements.map(\.text) } == again.flatMap { $0.statements.map(\.text) })
        #expect(once.flatMap { $0.statements.map(\.guardText) } == again.flatMap { $0.statements.map(\.guardText) })
        #expect(once.flatMap(\.changes) == again.flatMap(\.changes))
        #expect(once.flatMap(\.numbers) == again.flatMap(\.numbers))
        #expect(once.flatMap { $0.items.map(\.number) } == again.flatMap { $0.items.map(\.number) })
        #expect(again.map { $0.statements.map(\.changes) } == Array(repeating: [[[0, 1]], [[0]]], count: 4).joined().map(\.self))
        let half = try await begin(journal)
        try await half.append(PlanPiece(
            service: "shop", database: "a", changes: [change("a.s.one", "1"), change("a.s.two", "2")],
            statements: [Statement(text: "one", changes: [0]), Statement(text: "two", changes: [1])]))
        let first = try await half.statements(of: scope, after: 0, limit: 1)
        let second = try await half.statements(of: scope, after: first.numbers[0], limit: 1)
        #expect(first.statements == [Statement(text: "one", changes: [0])])
        #expect(second.statements == [Statement(text: "two", changes: [0])])
        #expect(second.changes.map(\.value) == ["2"] && second.items.map(\.number) == second.numbers)
    }

    @Test func aFactThatIsPlannedTwiceIsRefused() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await begin(journal)
        func append(_ path: String, service: String = "shop") async throws {
            try await store.append(PlanPiece(
                service: service, database: nil, changes: [change(path, "text")],
                statements: [Statement(text: "x", changes: [0])]))
        }
        try await append("s.p.t")
        try await append("s.p.t", service: "other")
        try await append("s.p.u")
        await #expect(throws: ListedTwice.self) { try await append("s.p.t") }
    }

    @Test func whatWasAppliedIsOursAndWhatWasClearedIsNot() async throws {
        let journal = try Journal(forRunsAt: path)
        func runOnce(_ value: String?, _ outcome: ChangeOutcome) async throws -> Memory? {
            let store = try await begin(journal)
            try await store.append(PlanPiece(
                service: "shop", database: nil, changes: [change("shop.public.t", value, action: value == nil ? .clear : .set)],
                statements: [Statement(text: "x", changes: [0])]))
            try await store.beginExecution(of: [])
            let batch = try await store.statements(of: PlanScope(service: "shop", database: nil), after: 0, limit: 1)
            try await store.record([RecordedOutcome(change: batch.items[0].number, outcome: outcome)])
            try await store.finish(RunReport())
            let next = try await begin(journal)
            let path = EntityPath("shop.public.t")!
            return try await next.memories(of: "shop", paths: [path])[FactKey(entity: Entity(kind: .table, path: path), attribute: .description)]
        }
        #expect(try await runOnce("one", .failed(Failure(.denied, "no"))) == nil)
        #expect(try await runOnce("one", .applied)?.base == "one")
        #expect(try await runOnce("two", .conflict(Failure(.conflict, "moved")))?.base == "one")
        #expect(try await runOnce("two", .applied)?.base == "two")
        #expect(try await runOnce(nil, .applied) == nil)
    }

    @Test func memoriesReachBelowTablesAndNoFurther() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await begin(journal)
        let names = ["s.p.t", "s.p.t.c", "s.p.t.c.nested", "s.p.t2", "s.p.t-x.c", "s.p", "s"]
        try await store.append(PlanPiece(
            service: "shop", database: nil, bases: names.map { (key($0), $0) }))
        func found(_ paths: [String], service: String = "shop") async throws -> [String] {
            try await store.memories(of: service, paths: paths.map { EntityPath($0)! }).values.compactMap(\.base).sorted()
        }
        #expect(try await found(["s.p.t"]) == ["s.p.t", "s.p.t.c", "s.p.t.c.nested"])
        #expect(try await found(["s.p.t.c"]) == ["s.p.t", "s.p.t.c", "s.p.t.c.nested"])
        #expect(try await found(["s.p"]) == ["s.p"])
        #expect(try await found(["s.p.t"], service: "other").isEmpty)
    }

    @Test func aDraftLeavesNoTrace() async throws {
        let journal = try Journal(forRunsAt: path)
        let store = try await begin(journal)
        let key = key("s.p.t")
        try await store.append(PlanPiece(service: "shop", database: nil, bases: [(key, "ours")]))
        let draft = try await RunStore(draftOn: Journal(forReadingAt: path))
        #expect(try await draft.memories(of: "shop", paths: [key.entity.path])[key]?.base == "ours")
        try await draft.append(PlanPiece(
            service: "shop", database: nil, changes: [change("s.p.t", "other")],
            statements: [Statement(text: "x", changes: [0])], bases: [(key, nil)]))
        #expect(draft.scopes() == [PlanScope(service: "shop", database: nil)])
        #expect(try await store.memories(of: "shop", paths: [key.entity.path])[key]?.base == "ours")
    }

    @Test func anIntentStaysOpenUntilItIsSettled() async throws {
        let journal = try Journal(forRunsAt: path)
        let key = key("s.p.t")
        var dead: RunStore! = try await begin(journal)
        try await dead.append(PlanPiece(
            service: "shop", database: nil, changes: [change("s.p.t", "text")],
            statements: [Statement(text: "x", changes: [0])]))
        // Nothing was sent yet, so nothing is open.
        #expect(try await begin(journal).memories(of: "shop", paths: [key.entity.path])[key] == nil)
        try await dead.beginExecution(of: [])
        #expect(try await begin(journal).memories(of: "shop", paths: [key.entity.path])[key] == nil)
        let scope = PlanScope(service: "shop", database: nil)
        let sent = try await dead.statements(of: scope, after: 0, limit: 1).numbers
        try await dead.willSend(scope, through: sent[0])
        // As long as it goes on, its outcomes may still come.
        #expect(try await begin(journal).memories(of: "shop", paths: [key.entity.path])[key] == nil)
        dead = nil

        let next = try await begin(journal)
        let memory = try #require(try await next.memories(of: "shop", paths: [key.entity.path])[key])
        #expect(memory.base == nil && memory.intent?.value == "text")
        try await next.append(PlanPiece(
            service: "shop", database: nil, bases: [(key, "text")], settled: [(memory.intent!, wasApplied: true)]))
        try await next.finish(RunReport())

        let after = try await begin(journal).memories(of: "shop", paths: [key.entity.path])[key]
        #expect(after?.base == "text" && after?.intent == nil)
        let states = try await DatabaseQueue(path: path).read {
            try String.fetchAll($0, sql: "SELECT state FROM run WHERE id <= \(next.run) ORDER BY id")
        }
        #expect(states == ["failed", "planning", "planning", "planning", "finished"])
    }

    @Test func aRunThatFoundNothingNeedNotBeRemembered() async throws {
        let journal = try Journal(forRunsAt: path)
        try await begin(journal).finish(RunReport(), keepsEmpty: false)
        let store = try await begin(journal)
        try await store.append(PlanPiece(service: "shop", database: nil, changes: [change("s.p.t", "text")]))
        try await store.finish(RunReport(), keepsEmpty: false)
        try await begin(journal).finish(RunReport())
        let count = try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") }
        #expect(count == 2)
    }

    @Test func runsSideBySideLeaveEachOtherAlone() async throws {
        let journal = try Journal(forRunsAt: path)
        let scope = PlanScope(service: "shop", database: nil)
        let one = try await begin(journal)
        try await one.append(PlanPiece(
            service: "shop", database: nil, changes: [change("s.p.t", "text")],
            statements: [Statement(text: "x", changes: [0])]))
        try await one.beginExecution(of: [scope])
        // Nothing of it is open at this moment, and yet it is not over.
        let other = try await begin(journal)
        try await other.append(PlanPiece(service: "lake", database: nil, bases: [(key("l.p.t"), "text")]))
        try await other.finish(RunReport())
        try await journal.prune(olderThan: .seconds(-60), isThorough: false)
        func states() async throws -> [String] {
            try await DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "SELECT state FROM run ORDER BY id") }
        }
        #expect(try await states() == ["executing"])
        let batch = try await one.statements(of: scope, after: 0, limit: 1)
        try await one.willSend(scope, through: batch.numbers[0])
        try await one.record([RecordedOutcome(
            change: batch.items[0].number, outcome: .applied, attempts: 1, duration: .zero, held: .unread)])
        try await one.finish(RunReport())
        #expect(try await states() == ["finished"])
    }
}
