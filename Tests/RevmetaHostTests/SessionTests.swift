import RevmetaEngine
import RevmetaModel
import Testing

@testable import RevmetaHost

/// A healthy plugin, from `open` to `close`.
@Suite struct SessionTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
        try folder.install("healthy", changing: ["sessionScope": "database"])
    }

    private func open(_ connection: [String: String] = [:], log: PluginLog = .none, limits: CallLimits = CallLimits())
        async throws -> any ConnectorSession
    {
        try await folder.host(PluginFolder.worker, log: log, limits: limits)
            .open(PluginFolder.service(of: "healthy", connection), database: "shop")
    }

    private static let database = Entity(kind: .database, path: EntityPath(["shop"]))
    private static let schema = Entity(kind: .schema, path: EntityPath(["shop", "public"]))
    private static func table(_ name: String) -> Entity {
        Entity(kind: .table, path: EntityPath(["shop", "public", name]))
    }

    private func change(
        _ name: String, kind: String = "table", _ attribute: Attribute = .description, from before: String?,
        to value: String?
    ) -> Change {
        Change(kind: kind, path: Self.table(name).path, attribute: attribute, before: before, value: value)
    }

    // Describing and opening.

    @Test func describesTheConnector() async throws {
        let description = try await folder.host().connector(for: PluginFolder.service(of: "healthy"))
        var dialect = Dialect(
            name: "notes", identifierOpen: "[", identifierClose: "]", statementEnd: ";;", scriptBegin: "SET notes = on;;",
            scriptUse: "USE ")
        dialect.flags = 1
        dialect.identifierMaxBytes = 64
        #expect(description == ConnectorDescription(plugin: "org.example.healthy", scope: .database, dialect: dialect))
    }

    @Test(arguments: [
        (1, Failure.Status.unsupported), (2, .invalid), (3, .config), (4, .denied), (5, .notFound), (6, .transient),
        (7, .cancelled), (8, .conflict), (9, .failed),
    ])
    func aFailureKeepsItsDetails(number: Int, status: Failure.Status) async {
        let message = "'authType.password' was refused: naïve 雪"
        await #expect(throws: Failure(
            status, message, sqlState: "28P01", vendorCode: 1045, retryAfterMilliseconds: 1500, line: 7, column: 9)
        ) {
            try await open(["status": String(number), "message": message])
        }
    }

    @Test func anEmptyMessageIsAMessage() async {
        let failure = await #expect(throws: Failure.self) { try await open(["status": "3", "message": ""]) }
        #expect(failure?.status == .config)
        #expect(failure?.message == "")
    }

    // Abilities and facts, in lists whose elements are larger than ours.

    @Test func tellsItsAbilities() async throws {
        let session = try await open()
        #expect(try await session.abilities() == [
            Ability(
                kind: "table", attribute: .description, support: .full, canClear: true, text: .noNUL, maxLength: 500,
                unit: .characters),
            Ability(
                kind: "materialized view", attribute: .description, support: .versioned, emptyIsNull: true,
                text: .basicMultilingualPlane, unit: .bytes, note: "from 9.4 on"),
        ])
        await session.close()
    }

    @Test func readsFacts() async throws {
        let session = try await open()
        let column = Entity(kind: .column, path: EntityPath(["shop", "public", "orders", "id"]))
        let facts = try await session.read(
            [Self.database, Self.table("recent"), Self.table("missing"), column, Self.schema],
            attributes: [.description, .tag("nothing")])
        #expect(facts == [
            Fact(entity: 0, attribute: 0, kind: "database", value: .known(nil)),
            Fact(entity: 0, attribute: 1, kind: "database", value: .known(nil)),
            Fact(entity: 1, attribute: 0, kind: "materialized view", value: .known("naïve 雪 🌱")),
            Fact(entity: 1, attribute: 1, kind: "materialized view", value: .known(nil)),
            Fact(entity: 3, attribute: 0, kind: "column", value: .known("")),
            Fact(entity: 3, attribute: 1, kind: "column", value: .known(nil)),
            Fact(entity: 4, attribute: 0, kind: "schema", value: .known("What is sold")),
            Fact(entity: 4, attribute: 1, kind: "schema", value: .known(nil)),
        ])
        await session.close()
    }

    @Test func aProblemIsUnknownAndNotEmpty() async throws {
        let session = try await open()
        let routine = Entity(kind: .procedure, path: EntityPath(["shop", "public", "refund"]))
        #expect(try await session.read([routine], attributes: [.description, .owner]) == [
            Fact(entity: 0, attribute: 0, kind: "function", value: .known(nil)),
            Fact(entity: 0, attribute: 1, kind: "function", value: .unknown(reason: "two functions have this name")),
        ])
        await session.close()
    }

    @Test func nothingAskedIsNotPassedOn() async throws {
        let session = try await open()
        #expect(try await session.read([], attributes: [.description]).isEmpty)
        #expect(try await session.read([Self.database], attributes: []).isEmpty)
        #expect(try await session.plan([]).statements.isEmpty)
        #expect(try await session.check([]).isEmpty)
        #expect(await session.execute([], of: []) == Execution(outcomes: []))
        let visits = try await session.read([Self.database], attributes: [.tag("visits")])
        #expect(visits.map(\.value) == [.known("1")])
        await session.close()
    }

    @Test func thousandsOfEntitiesCrossAtOnce() async throws {
        let session = try await open()
        let entities = (0..<5000).map { $0.isMultiple(of: 1000) ? Self.database : Self.table("t\($0)") }
        let facts = try await session.read(entities, attributes: [.description])
        #expect(facts.map(\.entity) == [0, 1000, 2000, 3000, 4000])
        await session.close()
    }

    /// More than a socket holds, asked by several sessions of one worker at once, with small questions in between.
    @Test func largeQuestionsOfSeveralSessionsKeepApart() async throws {
        let host = folder.host(PluginFolder.worker), service = PluginFolder.service(of: "healthy", [:])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...6 {
                group.addTask {
                    let session = try await host.open(service, database: "shop")
                    let places = (1...9).map { $0 * 1000 * number }
                    var entities = Array(repeating: Self.table("a name that takes its room in the frame"), count: 60_000)
                    for place in places { entities[place] = Self.database }
                    for _ in 1...3 {
                        #expect(try await session.read(entities, attributes: [.description]).map(\.entity) == places)
                        #expect(try await session.read([Self.database], attributes: [.description]).map(\.entity) == [0])
                    }
                    await session.close()
                }
            }
            try await group.waitForAll()
        }
    }

    // Plan, check, execute.

    @Test func plansStatementsAndRefusals() async throws {
        let session = try await open()
        let plan = try await session.plan([
            change("orders", from: "Orders, one a row", to: "All orders"),
            change("orders", .owner, from: "ann", to: "bob"),
            change("refund", kind: "function", from: nil, to: "Money back"),
            change("recent", from: nil, to: ""),
        ])
        #expect(plan.statements == [
            Statement(text: "NOTE orders.description+owner", changes: [0, 1], guardText: "is one object"),
            Statement(text: "NOTE recent.description", changes: [3]),
        ])
        #expect(plan.refusals == [Refusal(index: 2, failure: Failure(.unsupported, "functions have no notes here"))])
        await session.close()
    }

    @Test func checksWhatItMayWrite() async throws {
        let session = try await open()
        let refusals = try await session.check([
            change("orders", from: nil, to: "x"), change("locked", from: nil, to: "y"),
        ])
        #expect(refusals == [
            Refusal(
                index: 1,
                failure: Failure(
                    .denied, "\"locked\" may be noted by its owner only", sqlState: "42501", vendorCode: 42))
        ])
        await session.close()
    }

    @Test func executesAndTellsEachOutcome() async throws {
        let session = try await open()
        let changes = [
            change("orders", from: "Orders, one a row", to: "All orders 🌱"),
            change("recent", from: "something else", to: "moved"),
            change("locked", from: nil, to: ""),
            change("missing", from: nil, to: "nowhere"),
        ]
        let plan = try await session.plan(changes)
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution == Execution(outcomes: [
            .applied, .failed(Failure(.conflict, "the note has moved")), .applied,
            .failed(Failure(.notFound, "the note has moved")),
        ]))
        let facts = try await session.read(
            [Self.table("orders"), Self.table("recent"), Self.table("locked")], attributes: [.description])
        #expect(facts.map(\.value) == [.known("All orders 🌱"), .known("naïve 雪 🌱"), .known("")])

        let clearing = [change("orders", from: "All orders 🌱", to: nil)]
        let cleared = await session.execute([Statement(text: "NOTE", changes: [0])], of: clearing)
        #expect(cleared.outcomes == [.applied])
        let empty = try await session.read([Self.table("orders")], attributes: [.description])
        #expect(empty.map(\.value) == [.known(nil)])
        await session.close()
    }

    /// What is passed by value here would fail: so it is what the runner has at hand that is executed.
    @Test(arguments: PluginFolder.isolations)
    func executesWhatItPlannedWithoutBeingGivenIt(isolation: PluginHost.Isolation) async throws {
        let session = try await folder.host(isolation).open(PluginFolder.service(of: "healthy", [:]), database: "shop")
        let first = try await session.plan([
            change("orders", from: "Orders, one a row", to: "All orders 🌱"),
            change("refund", kind: "function", from: nil, to: "Money back"),
            change("recent", from: "something else", to: "moved"),
        ])
        let second = try await session.plan([
            change("orders", from: "All orders 🌱", to: "None"), change("locked", from: nil, to: ""),
        ])
        #expect(first.statements.count == 2 && second.statements.count == 2)
        let plans = (try #require(first.kept).plan, try #require(second.kept).plan)
        let wrong = [Statement](repeating: Statement(text: "BREAK", changes: [0]), count: 3)
        let execution = await session.execute(
            wrong, of: [change("locked", from: nil, to: "x")],
            kept: [KeptStatements(of: plans.1, 1..<2), KeptStatements(of: plans.0, 0..<2)], label: "run 12")
        #expect(execution == Execution(outcomes: [.applied, .applied, .failed(Failure(.conflict, "the note has moved"))]))
        let facts = try await session.read([Self.table("orders"), Self.table("locked")], attributes: [.description])
        #expect(facts.map(\.value) == [.known("All orders 🌱"), .known("")])

        // As often as it is wanted.
        let again = await session.execute(
            Array(wrong.prefix(1)), of: [], kept: [KeptStatements(of: plans.1, 0..<1)], label: nil)
        #expect(again.outcomes == [.applied])
        #expect(try await session.read([Self.table("orders")], attributes: [.description]).map(\.value) == [.known("None")])
        await session.close()
    }

    /// Of a plan whose statements carry several changes, and whose other changes are refused: one out of the middle.
    @Test func aStatementAtHandHasItsOwnChangesAndGuard() async throws {
        let log = LogLines()
        let session = try await open(log: log.log(level: .info))
        var changes = [
            change("recent", from: "something else", to: "moved"), change("refund", kind: "function", from: nil, to: "Money back"),
            change("orders", from: "Orders, one a row", to: "All orders"), change("orders", .owner, from: "ann", to: "bob"),
            change("locked", from: nil, to: "x"),
        ]
        for index in changes.indices { changes[index].channel = "shop" }
        let plan = try await session.plan(changes)
        #expect(plan.statements.map(\.changes) == [[0], [2, 3], [4]])
        #expect(plan.statements[1].guardText == "is one object")
        let given = await session.execute([plan.statements[1]], of: changes, label: "run 12")
        let kept = KeptStatements(of: try #require(plan.kept).plan, 1..<2)
        let byName = await session.execute([plan.statements[1]], of: changes, kept: [kept], label: "run 12")
        #expect(given.outcomes.count == 1 && given.failure == nil && byName.outcomes.count == 1 && byName.failure == nil)
        // The plugin says what it is given.
        let told = "info: run 12 of shop: NOTE orders.description+owner for All orders, bob if it is one object"
        #expect(log.all.filter { $0.contains("NOTE orders") } == [told, told])
        await session.close()
    }

    @Test func whatAnotherSessionHasAtHandIsPassedOn() async throws {
        let host = folder.host(PluginFolder.worker), service = PluginFolder.service(of: "healthy", [:])
        let planner = try await host.open(service, database: "shop"), session = try await host.open(service, database: "shop")
        let changes = [change("orders", from: "Orders, one a row", to: "All orders")]
        let plan = try await planner.plan(changes)
        let kept = try #require(plan.kept)
        #expect(await session.execute(plan.statements, of: changes, kept: [kept], label: nil).outcomes == [.applied])
        let facts = try await session.read([Self.table("orders")], attributes: [.description])
        #expect(facts.map(\.value) == [.known("All orders")])
        await planner.close()
        await session.close()
    }

    /// A plan without one of its statements would be another one.
    @Test func aPlanThatIsTooLargeIsNotKept() async throws {
        let session = try await open()
        let name = String(repeating: "n", count: 100)
        let plan = try await session.plan((0..<40_000).map { change("\($0)\(name)", from: nil, to: "x") })
        #expect(plan.statements.count == 40_000)
        #expect(plan.kept == nil)
        await session.close()
    }

    @Test func aBrokenSessionLeavesWhatIsNotSettled() async throws {
        let session = try await open()
        let changes = [change("locked", from: nil, to: "x"), change("locked", from: "x", to: "y")]
        let execution = await session.execute(
            [Statement(text: "NOTE", changes: [0]), Statement(text: "BREAK", changes: [1])], of: changes)
        #expect(execution == Execution(
            outcomes: [.applied, nil], failure: Failure(.transient, "the connection was lost")))
        await session.close()
    }

    /// What a call was to come before must not be run without it.
    @Test func whatComesAfterABrokenCallIsNotBegun() async throws {
        let log = LogLines()
        let session = try await open(log: log.log(level: .info))
        let reading = Task.immediate { try await session.read([Self.database], attributes: [.tag("wait")]) }
        try await log.wait(for: "info: waiting")
        let changes = [change("locked", from: nil, to: "x")]
        let breaking = Task.immediate { await session.execute([Statement(text: "BREAK", changes: [0])], of: changes) }
        let following = Task.immediate { await session.execute([Statement(text: "NOTE", changes: [0])], of: changes) }
        reading.cancel()
        _ = await reading.result
        #expect(await breaking.value.failure == Failure(.transient, "the connection was lost"))
        let execution = await following.value
        #expect(execution.outcomes == [nil])
        #expect(execution.failure?.status == .cancelled)
        // Asked for afterwards, it is run.
        #expect(await session.execute([Statement(text: "NOTE", changes: [0])], of: changes).outcomes == [.applied])
        await session.close()
    }

    @Test func aClosedSessionSaysSo() async throws {
        let session = try await open()
        await session.close()
        await session.close()
        await #expect(throws: Failure(.invalid, "the session of org.example.healthy is closed")) {
            try await session.abilities()
        }
        let execution = await session.execute([Statement(text: "NOTE", changes: [0])], of: [
            change("orders", from: nil, to: "x")
        ])
        #expect(execution.outcomes == [nil])
        #expect(execution.failure?.status == .invalid)
    }

    @Test func tellsWhatACallIsPartOfAndWhatAStatementConsistsOf() async throws {
        let log = LogLines()
        let session = try await open(log: log.log(level: .info))
        var change = change("orders", from: "Orders, one a row", to: "All orders")
        change.channel = "shop"
        let statement = Statement(text: "NOTE a;;NOTE b", changes: [0], parts: ["NOTE a", "NOTE b"])
        #expect(await session.execute([statement], of: [change], label: "run 12").outcomes == [.applied])
        change.before = "All orders"
        #expect(await session.execute([Statement(text: "NOTE c", changes: [0])], of: [change]).outcomes == [.applied])
        #expect(log.all.dropFirst() == ["info: run 12 of shop: NOTE a then NOTE b"])
        await session.close()
    }

    // The call's other side: log, cancellation, deadline.

    @Test(arguments: [
        (PluginLog.Level.debug, ["info: connected", "debug: details"]), (.info, ["info: connected"]), (.error, []),
    ])
    func logsUpToALevel(level: PluginLog.Level, lines: [String]) async throws {
        let log = LogLines()
        try await open(log: log.log(level: level)).close()
        #expect(log.all == lines)
    }

    @Test func cancellingTheTaskStopsTheCall() async throws {
        let log = LogLines()
        let session = try await open(log: log.log(level: .info))
        let reading = Task { try await session.read([Self.database], attributes: [.tag("wait")]) }
        try await log.wait(for: "info: waiting")
        reading.cancel()
        await #expect(throws: Failure(.cancelled, "stopped as the host asked")) { try await reading.value }
        #expect(try await session.read([Self.schema], attributes: [.description]).count == 1)
        await session.close()
    }

    @Test func aCancelledTaskIsStoppedAtOnce() async throws {
        let session = try await open()
        let reading = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await session.read([Self.database], attributes: [.tag("wait")])
        }
        await #expect(throws: Failure(.cancelled, "stopped as the host asked")) { try await reading.value }
        await session.close()
    }

    @Test func aCallMayHaveADeadline() async throws {
        let session = try await open(limits: CallLimits(call: .seconds(100)))
        let left = try await session.read([Self.database], attributes: [.tag("deadline")]).map(\.value)
        // Full seconds, of which some are over by then.
        guard case .known(let text?) = left.first, let seconds = Int(text) else {
            Issue.record("expected a number of seconds, found \(left)")
            return
        }
        #expect((1...99).contains(seconds))
        await session.close()
        let impatient = try await open(limits: CallLimits(call: .milliseconds(50)))
        await #expect(throws: Failure(.transient, "the call's deadline has passed")) {
            try await impatient.read([Self.database], attributes: [.tag("wait")])
        }
        await impatient.close()
    }

    @Test func withoutALimitThereIsNoDeadline() async throws {
        let session = try await open()
        let left = try await session.read([Self.database], attributes: [.tag("deadline")]).map(\.value)
        #expect(left == [.known(nil)])
        await session.close()
    }
}
