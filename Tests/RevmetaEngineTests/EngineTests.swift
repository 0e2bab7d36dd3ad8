import AsyncAlgorithms
import Foundation
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

/// The engine on a source in memory and a journal in a temporary file.
@Suite final class EngineTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-engine-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func configuration(_ channels: [Channel], services: [String] = ["shop"]) -> Configuration {
        Configuration(
            catalog: .folder("/none"), services: services.map { ServiceDefinition(name: $0, type: "Memory") },
            ownerMap: ["jane.doe": "app_owner", "team:finance": "finance_role"], journalPath: folder + "/journal.sqlite",
            channels: channels)
    }

    func everything(_ name: String = "all", _ policies: Policies = Policies()) -> Channel {
        Channel(name: name, updateDescriptions: true, updateOwners: true, policies: policies)
    }

    func table(
        _ name: String, _ description: String? = nil, owners: [OwnerReference] = [], service: String = "shop",
        columns: [(String, String?)] = []
    ) -> [CatalogEntity] {
        let path = EntityPath("shop.public." + name)!
        return [
            CatalogEntity(
                service: service, kind: .table, path: path, tableType: "Regular", description: CatalogText(description),
                owners: .known(owners))
        ] + columns.map {
            CatalogEntity(service: service, kind: .column, path: path.child($0.0), tableType: "Regular", description: CatalogText($0.1))
        }
    }

    let once = RetryPolicy(attempts: 1)

    func run(
        _ configuration: Configuration, _ entities: [CatalogEntity], _ provider: MemoryProvider
    ) async throws -> RunReport {
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(configuration, provider: provider, retries: once).run([entities].async, into: store)
        try await store.finish(report)
        return report
    }

    func plan(
        _ configuration: Configuration, _ entities: [CatalogEntity], _ provider: MemoryProvider
    ) async throws -> (RunReport, [ListedChange]) {
        let store = try await RunStore(draftOn: Journal(forReadingAt: configuration.journalPath))
        let report = try await Engine(configuration, provider: provider, retries: once).plan([entities].async, into: store)
        var changes: [ListedChange] = []
        try store.list { changes.append($0) }
        return (report, changes)
    }

    @Test func aRunOfOneChannelLeavesTheOthersTagsAlone() async throws {
        let source = MemorySource(["shop.public.orders": "table"], abilities: [
            Ability(kind: "table", attribute: .anyTag, support: .full, canClear: true)
        ])
        var tiers = Channel(name: "tiers", updateTags: true)
        tiers.tags.sources = [.tier]
        let configuration = configuration([Channel(name: "tags", updateTags: true), tiers])
        func run(_ channels: [String]?, _ tags: [String]) async throws -> RunReport {
            var orders = table("orders")
            orders[0].tags = .known(tags.map { TagLabel(tagFQN: $0) })
            let store = try await RunStore(
                beginIn: Journal(forRunsAt: configuration.journalPath), person: "tester", version: "test")
            let report = try await Engine(
                configuration, channels: channels, provider: MemoryProvider(sources: ["shop": source])
            ).run([orders].async, into: store)
            try await store.finish(report)
            return report
        }
        #expect(try await run(nil, ["PII.A", "Tier.Tier1"]).counts.set == 2)
        // The tier is gone; the other channel's tag is not.
        #expect(try await run(["tiers"], ["PII.A"]).counts.cleared == 1)
        #expect(source["shop.public.orders", .tag("PII")] == "A")
        #expect(source["shop.public.orders", .tag("Tier")] == nil)
    }

    @Test func aSourceIsToldWhichRunAndChannelItIs() async throws {
        let source = MemorySource(["shop": "database", "shop.public": "schema", "shop.public.orders": "table"])
        let provider = MemoryProvider(sources: ["shop": source])
        _ = try await run(configuration([everything()]), table("orders", "one"), provider)
        _ = try await run(configuration([everything("other")]), table("orders", "two"), provider)
        source.state.withLock { state in
            #expect(state.labels == ["run 1", "run 2"])
            #expect(state.channels == ["planned by all", "sent by all", "planned by other", "sent by other"])
        }
    }

    @Test func planWritesNothingAndRunSendsWhatThePlanShows() async throws {
        let source = MemorySource(["shop.public.orders": "table", "shop.public.orders.id": "column"])
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        let entities = table(
            "orders", "One row an order", owners: [OwnerReference(kind: .user, name: "jane.doe")], columns: [("id", "The key")])

        let (planned, changes) = try await plan(configuration, entities, provider)
        #expect(planned.counts.set == 3)
        #expect(source.sent.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: configuration.journalPath))

        let report = try await run(configuration, entities, provider)
        #expect(source.sent == changes.compactMap(\.statementText))
        #expect(report.counts.set == 3 && report.exitCode == 0)
        #expect(source["shop.public.orders", .owner] == "app_owner")

        let again = try await run(configuration, entities, provider)
        #expect(again.counts.unchanged == 3 && again.counts.written == 0)
        #expect(source.sent.count == 3)
    }

    @Test func aSourceWithCommentsOfItsOwnIsNeverWiped() async throws {
        let source = MemorySource(["shop.public.orders": "table", "shop.public.orders.id": "column", "shop.public.carts": "table"])
        source["shop.public.orders", .description] = "same"
        source["shop.public.orders.id", .description] = "the DBA's words"
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])

        _ = try await run(
            configuration, table("orders", "same", columns: [("id", nil)]) + table("carts", "ours"), provider)
        #expect(source.sent == ["description of table shop.public.carts = ours"])

        // Blanked in the catalog: only what we wrote goes.
        let report = try await run(configuration, table("orders", nil, columns: [("id", nil)]) + table("carts", nil), provider)
        #expect(report.counts.cleared == 1)
        #expect(source["shop.public.orders", .description] == "same")
        #expect(source["shop.public.orders.id", .description] == "the DBA's words")
        #expect(source["shop.public.carts", .description] == nil)
    }

    @Test func aRebuiltTableGetsItsCommentBack() async throws {
        let source = MemorySource(["shop.public.orders": "table"])
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        _ = try await run(configuration, table("orders", "text"), provider)
        source["shop.public.orders", .description] = nil
        let report = try await run(configuration, table("orders", "text"), provider)
        #expect(report.counts.set == 1)
        #expect(source["shop.public.orders", .description] == "text")
    }

    @Test func whatSomebodyChangedAfterUsIsLeftAndForgottenWhenTheCatalogBlanksIt() async throws {
        let source = MemorySource(["shop.public.orders": "table"])
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        _ = try await run(configuration, table("orders", "ours"), provider)
        source["shop.public.orders", .description] = "theirs"
        _ = try await run(configuration, table("orders", nil), provider)
        #expect(source["shop.public.orders", .description] == "theirs")
        // Forgotten: even if it came to read as ours again, it is not ours to clear.
        source["shop.public.orders", .description] = "ours"
        _ = try await run(configuration, table("orders", nil), provider)
        #expect(source["shop.public.orders", .description] == "ours")
    }

    @Test func agreeingWithTheSourceIsNotHavingWrittenIt() async throws {
        let source = MemorySource(["shop.public.orders": "table"])
        source["shop.public.orders", .description] = "text"
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([everything()])
        _ = try await run(configuration, table("orders", "text"), provider)
        _ = try await run(configuration, table("orders", nil), provider)
        #expect(source["shop.public.orders", .description] == "text")
    }

    @Test func conflictPoliciesDecide() async throws {
        for (policy, text, exit) in [
            (Policies.Conflict.overwrite, "catalog", Int32(0)), (.keep, "theirs", 0), (.fail, "theirs", 1),
        ] {
            let source = MemorySource(["shop.public.orders": "table"])
            source["shop.public.orders", .description] = "theirs"
            let report = try await EngineTests().run(
                configuration([everything("all", Policies(onConflict: policy))]), table("orders", "catalog"),
                MemoryProvider(sources: ["shop": source]))
            #expect(source["shop.public.orders", .description] == text)
            #expect(report.exitCode == exit)
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test func theFirstChannelInFileOrderDecides() async throws {
        let source = MemorySource(["shop.public.orders": "table"])
        source["shop.public.orders", .description] = "theirs"
        let channels = [
            Channel(name: "owners", updateOwners: true), everything("first", Policies(onConflict: .keep)), everything("second"),
        ]
        let entities = table("orders", "catalog", owners: [OwnerReference(kind: .team, name: "finance")])
        let (_, changes) = try await plan(configuration(channels), entities, MemoryProvider(sources: ["shop": source]))
        #expect(changes.map(\.planned.channel) == ["owners", "first"])
        #expect(changes.map(\.planned.action) == [.set, .keep])
    }

    @Test func ownersAreMappedAndNeverGuessed() async throws {
        let source = MemorySource([
            "shop.public.a": "table", "shop.public.b": "table", "shop.public.c": "table", "shop.public.d": "table",
        ])
        source["shop.public.c", .owner] = "somebody"
        let entities =
            table("a", owners: [.init(kind: .user, name: "stranger"), .init(kind: .team, name: "finance")])
            + table("b", owners: [.init(kind: .user, name: "jane.doe", isInherited: true)])
            + table("c", owners: [.init(kind: .user, name: "stranger")])
            + [CatalogEntity(service: "shop", kind: .table, path: EntityPath("shop.public.d")!, owners: .notAsked)]
        let (report, changes) = try await plan(
            configuration([everything()]), entities, MemoryProvider(sources: ["shop": source]))
        #expect(changes.compactMap(\.statementText) == ["owner of table shop.public.a = finance_role"])
        #expect(report.counts.skipped == 2)
        let reasons = changes.compactMap(\.planned.reason)
        #expect(reasons.contains { $0.contains("'stranger'") && $0.contains("owners.map") })
        #expect(reasons.contains { $0.contains("does not tell the owners") })
    }

    @Test func whatTheSourceDoesNotHaveOrCannotTellIsSkipped() async throws {
        let source = MemorySource(["shop.public.two": "function"])
        source.state.withLock {
            let two = Entity(kind: .procedure, path: EntityPath("shop.public.two")!)
            $0.unknown[FactKey(entity: two, attribute: .description)] = "two functions"
        }
        let entities = table("gone", "text", columns: [("id", "text"), ("empty", nil)]) + [
            CatalogEntity(service: "shop", kind: .procedure, path: EntityPath("shop.public.two")!, description: .present("x"))
        ]
        let report = try await run(configuration([everything()]), entities, MemoryProvider(sources: ["shop": source]))
        #expect(report.counts.skipped == 3)
        #expect(report.exitCode == 0)
        #expect(source.sent.isEmpty)
    }

    @Test func tagsOnASourceWithoutTagsAreToldOnce() async throws {
        let source = MemorySource(["shop.public.orders": "table", "shop.public.carts": "table"])
        var entities = table("orders") + table("carts")
        for index in entities.indices { entities[index].tags = .known([TagLabel(tagFQN: "PII.Sensitive")]) }
        let report = try await run(
            configuration([Channel(name: "tags", updateTags: true)]), entities, MemoryProvider(sources: ["shop": source]))
        #expect(report.notices.count == 1)
        #expect(report.notices.first?.contains("it never had any") == true)
        #expect(report.exitCode == 0 && source.sent.isEmpty)
    }

    @Test func tagsAreSetReplacedAndTakenAwayWhereASourceHasThem() async throws {
        let abilities = [Ability(kind: "table", attribute: .anyTag, support: .full, canClear: true)]
        let source = MemorySource(["shop.public.orders": "table"], abilities: abilities)
        let provider = MemoryProvider(sources: ["shop": source])
        let configuration = configuration([Channel(name: "tags", updateTags: true)])
        func tagged(_ tags: [String]) -> [CatalogEntity] {
            var entities = table("orders")
            entities[0].tags = .known(tags.map { TagLabel(tagFQN: $0) })
            return entities
        }
        _ = try await run(configuration, tagged(["PII.Sensitive", "Level.Tier1.Gold"]), provider)
        #expect(source["shop.public.orders", .tag("PII")] == "Sensitive")
        #expect(source["shop.public.orders", .tag("Level")] == "Tier1.Gold")
        let report = try await run(configuration, tagged(["PII.None"]), provider)
        #expect(source["shop.public.orders", .tag("PII")] == "None")
        #expect(source["shop.public.orders", .tag("Level")] == nil)
        #expect(report.counts.cleared == 1)
        let (ambiguous, changes) = try await plan(configuration, tagged(["PII.A", "PII.B"]), provider)
        #expect(ambiguous.counts.failed == 1 && ambiguous.counts.written == 0)
        #expect(changes.first?.planned.reason?.contains("A, B") == true)
    }

    @Test func aFailingStatementCostsItsOwnChangesOnly() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table", "shop.public.c": "table"])
        source.state.withLock {
            $0.failing = [
                "public.b": Failure(.denied, "no privilege"), "public.c": Failure(.conflict, "it moved"),
            ]
        }
        let configuration = configuration([everything()])
        let report = try await run(
            configuration, table("a", "x") + table("b", "x") + table("c", "x"), MemoryProvider(sources: ["shop": source]))
        #expect(report.counts.set == 1 && report.counts.failed == 1 && report.counts.conflicts == 1)
        #expect(report.exitCode == 1)
    }

    @Test func aRefusedChangeIsAFailureOrASkip() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table", "shop.public.c": "table"])
        source.state.withLock {
            $0.refused = [
                EntityPath("shop.public.a")!: Failure(.unsupported, "cannot"),
                EntityPath("shop.public.b")!: Failure(.notFound, "gone"),
            ]
        }
        let report = try await run(
            configuration([everything()]), table("a", "x") + table("b", "x") + table("c", "x"),
            MemoryProvider(sources: ["shop": source]))
        #expect(report.counts.set == 1 && report.counts.failed == 1 && report.counts.skipped == 1)
    }

    @Test func aServiceThatCannotBeUsedLeavesTheOthersAlone() async throws {
        let good = MemorySource(["shop.public.orders": "table"]), bad = MemorySource(["shop.public.orders": "table"])
        bad.state.withLock { $0.openFailure = Failure(.denied, "wrong password") }
        let provider = MemoryProvider(sources: ["good": good, "bad": bad])
        let configuration = configuration([everything()], services: ["good", "bad", "unserved"])
        let entities = ["good", "bad", "unserved", "stranger"].flatMap { table("orders", "text", service: $0) }
        let report = try await run(configuration, entities, provider)
        #expect(report.counts.set == 1)
        #expect(report.failures["bad"]?.message == "wrong password")
        #expect(report.failures["unserved"]?.status == .config)
        #expect(report.notices.contains { $0.contains("'stranger'") })
        #expect(report.exitCode == 1)

        let alone = try await plan(configuration, table("orders", "text", service: "bad"), provider).0
        #expect(alone.exitCode == 3)
    }

    @Test func aSessionThatBreaksIsSettledByReadingAgain() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table", "shop.public.c": "table"])
        source.state.withLock { $0.breaksBefore = "public.b" }
        let configuration = configuration([everything()])
        let provider = MemoryProvider(sources: ["shop": source])
        let entities = table("a", "x") + table("b", "x") + table("c", "x")
        let report = try await run(configuration, entities, provider)
        #expect(report.counts.set == 1 && report.counts.failed == 0 && report.counts.unsettled == 2)
        #expect(report.failures["shop"]?.status == .transient)
        #expect(report.exitCode == 1)
        let again = try await run(configuration, entities, provider)
        #expect(again.counts.set == 2 && again.counts.unchanged == 1)
    }

    /// Runs with the usual retries, which do not wait here.
    private func runAndRetry(
        _ configuration: Configuration, _ entities: [CatalogEntity], _ provider: MemoryProvider
    ) async throws -> RunReport {
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let engine = Engine(configuration, provider: provider, sleep: { _ in })
        let report = try await engine.run([entities].async, into: store)
        try await store.finish(report)
        return report
    }

    @Test func aSessionThatBreaksIsOpenedAgainAndTheRestIsSent() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table", "shop.public.c": "table"])
        source.state.withLock { $0.breaksBefore = "shop.public.b" }
        let report = try await runAndRetry(
            configuration([everything()]), table("a", "x") + table("b", "x") + table("c", "x"),
            MemoryProvider(sources: ["shop": source]))
        #expect(report.exitCode == 0 && report.counts.set == 3)
        // What was written before the session broke is not written again.
        #expect(source.sent.count == 3 && Set(source.sent).count == 3)
        #expect(source.state.withLock { $0.openSessions } == 0)
    }

    @Test func aReadThatFailsForTheTimeBeingIsMadeAgain() async throws {
        let source = MemorySource(Dictionary(uniqueKeysWithValues: (0..<1200).map { ("shop.public.t\($0)", "table") }))
        let busy = Failure(.transient, "busy")
        source.state.withLock { $0.readFailures = [1: busy, 2: busy, 4: busy] }
        let report = try await runAndRetry(
            configuration([everything()]), (0..<1200).flatMap { table("t\($0)", "text") },
            MemoryProvider(sources: ["shop": source]))
        #expect(report.exitCode == 0 && report.counts.set == 1200 && source.sent.count == 1200)
    }

    @Test func aSourceThatStaysBusyIsGivenUp() async throws {
        let source = MemorySource(["shop.public.a": "table"])
        let busy = Failure(.transient, "busy")
        source.state.withLock { $0.readFailures = [1: busy, 2: busy, 3: busy] }
        let report = try await runAndRetry(
            configuration([everything()]), table("a", "x"), MemoryProvider(sources: ["shop": source]))
        #expect(report.failures["shop"] == busy && report.exitCode == 3)
        #expect(source.state.withLock { $0.reads } == 3)
    }

    @Test func aLockThatStaysHeldCostsItsStatementOnly() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table"])
        source.state.withLock { $0.failing = ["shop.public.a": Failure(.transient, "locked")] }
        let configuration = configuration([everything()])
        let report = try await runAndRetry(
            configuration, table("a", "x") + table("b", "x"), MemoryProvider(sources: ["shop": source]))
        #expect(report.counts.failed == 1 && report.counts.set == 1 && report.exitCode == 1)
        var recorded: [String: [String]] = [:]
        try #require(try Journal(forReadingAt: configuration.journalPath)).list(1) { change in
            #expect(change.duration.map { $0 >= .zero } == true)
            recorded["\(change.planned.change.path)"] = [change.outcome ?? "", "\(change.attempts ?? 0)"]
        }
        #expect(recorded == ["shop.public.a": ["failed", "3"], "shop.public.b": ["applied", "1"]])
    }

    @Test func aServiceThatFailsWhileThePlanIsMadeIsSentNothing() async throws {
        let source = MemorySource(Dictionary(uniqueKeysWithValues: (0..<2000).map { ("shop.public.t\($0)", "table") }))
        source.state.withLock { $0.readFailures = [2: Failure(.transient, "the source went away")] }
        let entities = (0..<2000).flatMap { table("t\($0)", "text") }
        let batches = stride(from: 0, to: 2000, by: 500).map { Array(entities[$0..<($0 + 500)]) }
        let configuration = configuration([everything()])
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]), retries: once)
            .run(batches.async, into: store)
        #expect(report.failures["shop"]?.message == "the source went away")
        #expect(report.exitCode == 1)
        #expect(source.sent.isEmpty)
    }

    @Test func statementsOfManyCallsAreSentOnceEach() async throws {
        let count = 4500
        let source = MemorySource(Dictionary(uniqueKeysWithValues: (0..<count).map { ("shop.public.t\($0)", "table") }))
        let entities = (0..<count).flatMap { table("t\($0)", "text") }
        let report = try await run(configuration([everything()]), entities, MemoryProvider(sources: ["shop": source]))
        #expect(report.counts.set == count)
        #expect(source.sent.count == count && Set(source.sent).count == count)
    }

    @Test func longStatementsAreSentFewAtATime() async throws {
        let source = MemorySource(Dictionary(uniqueKeysWithValues: (0..<30).map { ("shop.public.t\($0)", "table") }))
        let entities = (0..<30).flatMap { table("t\($0)", String(repeating: "long ", count: 100_000)) }
        let written = Mutex<[Int]>([])
        let configuration = configuration([everything()])
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let engine = Engine(configuration, provider: MemoryProvider(sources: ["shop": source]), retries: once, progress: { progress in
            if case .written(let changes) = progress { written.withLock { $0.append(changes) } }
        })
        let report = try await engine.run([entities].async, into: store)
        #expect(report.counts.set == 30 && source.sent.count == 30)
        #expect(written.withLock { $0 } == [5, 5, 5, 5, 5, 5])
    }

    @Test func aRunThatIsAskedToStopFinishesItsBatchAndLeavesTheRest() async throws {
        let count = 3000
        let source = MemorySource(Dictionary(uniqueKeysWithValues: (0..<count).map { ("shop.public.t\($0)", "table") }))
        let entities = (0..<count).flatMap { table("t\($0)", "text") }
        var configuration = configuration([everything()])
        configuration.maxRemovals = count
        let provider = MemoryProvider(sources: ["shop": source])
        let stop = StopRequest()
        do {
            let journal = try Journal(forRunsAt: configuration.journalPath)
            let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
            let engine = Engine(configuration, provider: provider, stop: stop, retries: once, progress: { progress in
                if case .written = progress { stop.request() }
            })
            let report = try await engine.run([entities].async, into: store)
            #expect(report.isStopped && report.counts.set == source.sent.count)
            #expect((1..<count).contains(source.sent.count))
            try await store.finish(report)
        }
        let rest = try await run(configuration, entities, provider)
        #expect(rest.counts.set + rest.counts.unchanged == count && source.sent.count == count)
        // What was written before the stop is known to be ours.
        let blanked = try await run(configuration, (0..<count).flatMap { table("t\($0)", nil) }, provider)
        #expect(blanked.counts.cleared == count)
    }

    @Test func aPlanThatIsAskedToStopSendsNothing() async throws {
        let source = MemorySource(["shop.public.a": "table"])
        let configuration = configuration([everything()])
        let stop = StopRequest()
        stop.request()
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        await #expect(throws: StoppedWhilePlanning.self) {
            _ = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]), stop: stop, retries: once)
                .run([table("a", "x")].async, into: store)
        }
        #expect(source.sent.isEmpty)
    }

    @Test func aListedTwiceEntityIsFoundThoughOneOfTheTwoIsAtTheSource() async throws {
        let source = MemorySource(["shop.public.a": "table"])
        source["shop.public.a", .description] = "x"
        await #expect(throws: ListedTwice.self) {
            _ = try await run(
                configuration([everything()]), table("a", "x") + table("a", "y"), MemoryProvider(sources: ["shop": source]))
        }
    }

    @Test func aServiceOfManyDatabasesTakesFewSessionsAtOnce() async throws {
        let names = (0..<40).map { "db\($0)" }
        let source = MemorySource(Dictionary(uniqueKeysWithValues: names.map { ("\($0).public.t", "table") }))
        let provider = MemoryProvider(sources: ["shop": source], scope: .database)
        let entities = names.map {
            CatalogEntity(service: "shop", kind: .table, path: EntityPath("\($0).public.t")!, description: .present("x"))
        }
        let report = try await run(configuration([everything()]), entities, provider)
        #expect(report.counts.set == 40 && report.failures.isEmpty)
        let (most, open) = source.state.withLock { ($0.mostSessions, $0.openSessions) }
        #expect(most <= 8 && open == 0)
    }

    /// Who names a copy in the connection means it: nothing else would say that the catalog's own is written to.
    @Test func aDatabaseThatTheCatalogHasNothingOfIsTold() async throws {
        let source = MemorySource(["shop.public.a": "table", "depot.public.b": "table"])
        let provider = MemoryProvider(sources: ["shop": source], scope: .database)
        func notices(database: String, _ entities: [CatalogEntity], toldByCatalog: Set<String> = []) async throws -> [String] {
            var configuration = configuration([everything()])
            configuration.services[0].toldByCatalog = toldByCatalog
            configuration.services[0].connection["database"] = Secret(database)
            return try await plan(configuration, entities, provider).0.notices
        }
        let depot = CatalogEntity(
            service: "shop", kind: .table, path: EntityPath("depot.public.b")!, description: .present("x"))
        #expect(try await notices(database: "staging", table("a", "x") + [depot]) == ["""
            service 'shop' names the database 'staging' in its connection, and no channel comes to anything of it: what is \
            selected lies in 'depot', 'shop', and is read and written there. Take 'database' out if that is meant
            """])
        #expect(try await notices(database: "shop", table("a", "x") + [depot]) == [])
        #expect(try await notices(database: "staging", []).allSatisfy { !$0.contains("staging") })
        // Nobody meant anything by what the catalog told.
        #expect(try await notices(database: "staging", table("a", "x"), toldByCatalog: ["database"]) == [])
    }

    @Test func aCatalogThatListsAnEntityTwiceIsRefused() async throws {
        let source = MemorySource(["shop.public.a": "table"])
        await #expect(throws: ListedTwice.self) {
            _ = try await run(
                configuration([everything()]), table("a", "x") + table("a", "y"), MemoryProvider(sources: ["shop": source]))
        }
        #expect(source.sent.isEmpty)
    }

    /// Tables in batches, as a catalog gives them, and the source that has them.
    private func manyTables(_ count: Int) -> (batches: [[CatalogEntity]], source: MemorySource) {
        let entities = (0..<count).flatMap { table("t\($0)", "text \($0)") }
        return (
            stride(from: 0, to: count, by: 500).map { Array(entities[$0..<min($0 + 500, count)]) },
            MemorySource(Dictionary(uniqueKeysWithValues: (0..<count).map { ("shop.public.t\($0)", "table") }))
        )
    }

    @Test(arguments: [1, 9, 12, 20])
    func aCatalogThatBreaksOffWritesNothing(after count: Int) async throws {
        struct Broken: Error {}
        let (batches, source) = manyTables(500 * count)
        let configuration = configuration([everything()])
        let broken = AsyncThrowingStream<[CatalogEntity], any Error> { stream in
            for batch in batches { stream.yield(batch) }
            stream.finish(throwing: Broken())
        }
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        await #expect(throws: Broken.self) {
            _ = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]), retries: once).run(broken, into: store)
        }
        #expect(source.sent.isEmpty)
    }

    @Test(arguments: 0...4)
    func aJournalThatFailsEndsThePlan(after pieces: Int) async throws {
        let (batches, source) = manyTables(12_000)
        let configuration = configuration([everything()])
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        await #expect(throws: FailingJournal.Full.self) {
            _ = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]), retries: once)
                .run(batches.async, into: FailingJournal(store, keeping: pieces))
        }
        #expect(source.sent.isEmpty)
    }

    @Test func manyTablesComeInPiecesAndAllArrive() async throws {
        let count = 9000
        let source = MemorySource(Dictionary(uniqueKeysWithValues: (0..<count).map { ("shop.public.t\($0)", "table") }))
        let entities = (0..<count).flatMap { table("t\($0)", "text \($0)") }
        let batches = stride(from: 0, to: count, by: 1000).map { Array(entities[$0..<($0 + 1000)]) }
        let configuration = configuration([everything()])
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]), retries: once)
            .run(batches.async, into: store)
        #expect(report.counts.set == count)
        #expect(source.sent.count == count)
        #expect(source.state.withLock { $0.reads } < 10)
    }

    @Test func checkNamesWhatMayNotBeWrittenAndWritesNothing() async throws {
        let source = MemorySource(["shop.public.a": "table", "shop.public.b": "table", "shop.public.c": "table"])
        let denied = Failure(.denied, "be a member of app_owner")
        source.state.withLock {
            $0.denied = [EntityPath("shop.public.a")!: denied, EntityPath("shop.public.b")!: denied]
        }
        let report = try await Engine(configuration([everything()]), provider: MemoryProvider(sources: ["shop": source]))
            .check(
                [table("a", "x") + table("b", "x") + table("c", "x")].async, remembering: RunStore(draftOn: nil))
        #expect(report.refusals.map(\.count) == [2])
        #expect(report.refusals.first?.failure == denied)
        #expect(report.plan.counts.written == 3 && report.exitCode == 1)
        #expect(source.sent.isEmpty)
    }
}
