import AsyncAlgorithms
import Foundation
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

/// What templates write: on a source in memory, with an engine that replaces names in braces.
@Suite final class TemplateTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-templates-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private let source = MemorySource([
        "shop": "database", "shop.public": "schema", "shop.public.orders": "table", "shop.public.recent": "view",
        "shop.public.orders.id": "column",
    ])

    private func channel(
        _ templates: [ChannelTemplate], tags: Bool = false, owners: Bool = false, _ policies: Policies = Policies()
    ) -> Channel {
        var channel = Channel(
            name: "all", updateDescriptions: true, updateOwners: owners, updateTags: tags, policies: policies)
        channel.templates = templates
        return channel
    }

    private func template(
        _ set: String, clear: String? = nil, on: ChannelTemplate.Level? = nil, of: ChannelTemplate.Subject? = nil,
        serviceTypes: [String] = []
    ) -> ChannelTemplate {
        ChannelTemplate(set: .init(set), clear: clear.map { .init($0) }, on: on, of: of, serviceTypes: serviceTypes)
    }

    private func table(
        _ name: String = "orders", _ description: String? = nil, owner: String? = nil, tags: [String] = [],
        column: String? = nil
    ) -> [CatalogEntity] {
        let path = EntityPath("shop.public." + name)!
        let table = CatalogEntity(
            service: "shop", kind: .table, path: path, tableType: "Regular", description: CatalogText(description),
            owners: .known(owner.map { [OwnerReference(kind: .user, name: $0)] } ?? []),
            tags: .known(tags.map { TagLabel(tagFQN: $0) }))
        return [table] + (column.map {
            [CatalogEntity(service: "shop", kind: .column, path: path.child("id"), description: CatalogText($0))]
        } ?? [])
    }

    private func configuration(_ channel: Channel) -> Configuration {
        Configuration(
            catalog: .folder("/none"), services: [ServiceDefinition(name: "shop", type: "Memory")],
            ownerMap: ["jane.doe": "app_owner"], journalPath: folder + "/journal.sqlite", channels: [channel])
    }

    @discardableResult
    private func run(_ channel: Channel, _ entities: [CatalogEntity]) async throws -> RunReport {
        let configuration = configuration(channel)
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(
            configuration, provider: MemoryProvider(sources: ["shop": source]), compiler: Braces(),
            retries: RetryPolicy(attempts: 2), sleep: { _ in }
        ).run([entities].async, into: store)
        try await store.finish(report)
        return report
    }

    /// A run that dies when everything may have been sent; what of it arrived is the source's to know.
    private func runThatDies(_ channel: Channel, _ entities: [CatalogEntity]) async throws {
        let configuration = configuration(channel)
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        _ = try await Engine(
            configuration, provider: MemoryProvider(sources: ["shop": source]), compiler: Braces()
        ).plan([entities].async, into: store)
        try await store.beginExecution(of: [])
        let scope = PlanScope(service: "shop", database: nil)
        let sent = try await store.statements(of: scope, after: 0, limit: 100)
        try await store.willSend(scope, through: try #require(sent.numbers.last))
    }

    private func sent() -> [String] {
        source.state.withLock { state in
            defer { state.sent = [] }
            return state.sent
        }
    }

    private let orders = "shop.public.orders"
    private lazy var withOwner = channel([template("PUT owner: {owner}. {description} of {table}")])

    @Test func aTextOfItsOwnIsUnchangedWhenItIsThere() async throws {
        let wanted = table("orders", "Orders", owner: "jane.doe")
        #expect(try await run(withOwner, wanted).counts.set == 1)
        #expect(source[orders, .description] == "owner: app_owner. Orders of orders")
        let second = try await run(withOwner, wanted)
        #expect(second.counts.unchanged == 1 && second.counts.written == 0)
        #expect(sent() == ["PUT owner: app_owner. Orders of orders"])
        // The owner is part of what was sent.
        let third = try await run(withOwner, table("orders", "Orders", owner: "joe"))
        #expect(third.counts.set == 1)
        #expect(source[orders, .description] == "owner: joe. Orders of orders")
    }

    @Test func whatLacksAVariableIsWrittenByTheConnector() async throws {
        try await run(withOwner, table("orders", "Orders") + table("recent", "New", owner: "joe"))
        #expect(sent() == [
            "PUT owner: joe. New of recent", "description of table shop.public.orders = Orders",
        ])
    }

    @Test func aNewTemplateAndOneThatIsGoneAreNoConflict() async throws {
        let wanted = table("orders", "Orders", owner: "jane.doe"), plain = channel([])
        try await run(plain, wanted)
        #expect(source[orders, .description] == "Orders")
        let templated = try await run(withOwner, wanted)
        #expect(templated.counts.set == 1 && templated.counts.overwritten == 0)
        let back = try await run(plain, wanted)
        #expect(back.counts.set == 1 && back.counts.overwritten == 0)
        #expect(source[orders, .description] == "Orders")
        #expect(try await run(plain, wanted).counts.unchanged == 1)
    }

    @Test(arguments: Policies.Conflict.allCases) func whatSomebodyChangedIsAConflict(policy: Policies.Conflict) async throws {
        let channel = channel(withOwner.templates, Policies(onConflict: policy))
        let wanted = table("orders", "Orders", owner: "jane.doe")
        try await run(channel, wanted)
        source[orders, .description] = "mine"
        let counts = try await run(channel, wanted).counts
        #expect((counts.overwritten, counts.kept, counts.failed) == (
            policy == .overwrite ? 1 : 0, policy == .keep ? 1 : 0, policy == .fail ? 1 : 0))
        #expect(source[orders, .description] == (policy == .overwrite ? "owner: app_owner. Orders of orders" : "mine"))
        // What was taken away comes back.
        source[orders, .description] = nil
        #expect(try await run(channel, wanted).counts.set == 1)
    }

    @Test func aRemovalIsRenderedWithNothing() async throws {
        let channel = channel([template("PUT {description}")])
        try await run(channel, table("orders", "Orders"))
        let counts = try await run(channel, table("orders")).counts
        #expect(counts.cleared == 1)
        #expect(source[orders, .description] == nil)
        #expect(sent() == ["PUT Orders", "PUT NULL"])
        #expect(try await run(channel, table("orders")).counts == counts.with(cleared: 0))
    }

    @Test func aRemovalHasATextOfItsOwn() async throws {
        let channel = channel([template("PUT {owner}: {description} of {table}", clear: "PUT formerly {description}")])
        try await run(channel, table("orders", "Orders", owner: "joe"))
        // Its owner is gone too.
        #expect(try await run(channel, table("orders")).counts.cleared == 1)
        #expect(source[orders, .description] == "formerly Orders")
        #expect(try await run(channel, table("orders")).counts.written == 0)
    }

    @Test func whatSomebodyElseWroteIsNeverWiped() async throws {
        let channel = channel([template("PUT {description}!")])
        try await run(channel, table("orders", "Orders"))
        source[orders, .description] = "mine"
        #expect(try await run(channel, table("orders")).counts.cleared == 0)
        #expect(source[orders, .description] == "mine")
        source[orders, .description] = "Orders!"
        #expect(try await run(channel, table("orders")).counts.cleared == 0)
    }

    // Tags, of which the source has no notion.

    private lazy var governance = channel(
        [template("INSERT {table} {tag_key} = {tag_value}", clear: "DELETE {table} {tag_key} = {tag_value}", on: .table)],
        tags: true)

    @Test func whatTheSourceCannotHoldCanBeWritten() async throws {
        let report = try await run(governance, table(tags: ["PII.Sensitive", "Zone.East"]))
        #expect(report.counts.set == 2)
        #expect(report.notices == [])
        #expect(sent() == ["INSERT orders PII = Sensitive", "INSERT orders Zone = East"])
        #expect(try await run(governance, table(tags: ["PII.Sensitive", "Zone.East"])).counts.unchanged == 2)
        #expect(sent() == [])
        let changed = try await run(governance, table(tags: ["PII.None"]))
        #expect(changed.counts.set == 1 && changed.counts.cleared == 1)
        #expect(sent() == ["INSERT orders PII = None", "DELETE orders Zone = East"])
        let same = try await run(governance, table(tags: ["PII.None"]))
        #expect(same.counts.written == 0)
    }

    @Test func allTagsOfAnEntityAreOneStatement() async throws {
        let all = channel([template("LABELS {table} {tags}")], tags: true)
        try await run(all, table(tags: ["PII.Sensitive", "Zone.East"]))
        #expect(sent() == ["LABELS orders PII=Sensitive,Zone=East"])
        #expect(try await run(all, table(tags: ["PII.Sensitive", "Zone.East"])).counts.unchanged == 2)
        try await run(all, table(tags: ["Zone.East"]))
        #expect(sent() == ["LABELS orders Zone=East"])
        // One that is not certain would be lost from the list.
        let unclear = try await run(all, table(tags: ["Zone.East", "PII.A", "PII.B"]))
        #expect(unclear.counts.failed == 2 && unclear.counts.written == 0)
        #expect(try await run(all, table(tags: [])).counts.cleared == 1)
        #expect(sent() == ["LABELS orders "])
        #expect(try await run(all, table(tags: [])).counts.written == 0)
    }

    @Test func aListOfAllTagsHasThoseThatStay() async throws {
        let all = channel([template("LABELS {table} {tags}")], tags: true, Policies(removals: .ignore))
        try await run(all, table(tags: ["PII.Sensitive", "Zone.East"]))
        #expect(try await run(all, table(tags: ["PII.Sensitive"])).counts.unchanged == 1)
        try await run(all, table(tags: ["PII.None"]))
        #expect(sent() == ["LABELS orders PII=Sensitive,Zone=East", "LABELS orders PII=None,Zone=East"])
        #expect(try await run(all, table(tags: ["PII.None"])).counts.written == 0)
        #expect(try await run(all, table(tags: [])).counts.written == 0)
        // They leave it once removals are applied.
        try await run(channel(all.templates, tags: true), table(tags: ["PII.None"]))
        #expect(sent() == ["LABELS orders PII=None"])
    }

    @Test func levelsAndTypesDecide() async throws {
        let channel = channel([
            template("PUT table {description}", on: .table), template("PUT view {description}", on: .view),
            template("PUT other {description}", on: .column, serviceTypes: ["Other"]), template("PUT {column} {description}"),
        ])
        try await run(channel, table("orders", "a", column: "b") + table("recent", "c"))
        #expect(source[orders, .description] == "table a")
        #expect(source["shop.public.recent", .description] == "view c")
        #expect(source[orders + ".id", .description] == "id b")
    }

    @Test func oneTextMayServeSeveralLevels() async throws {
        let text = "PUT {table}: {description}"
        let channel = channel([
            template(text, clear: "PUT no view", on: .view), template(text, clear: "PUT no table", on: .table),
        ])
        try await run(channel, table("orders", "a") + table("recent", "b"))
        try await run(channel, table("orders") + table("recent"))
        #expect(source[orders, .description] == "no table")
        #expect(source["shop.public.recent", .description] == "no view")
    }

    private lazy var inQuotes = template("PUT 'owner: {owner}. {description} of {table}'")

    @Test(arguments: Policies.Conflict.allCases) func whatIsThereAsItWouldBePutIsNoConflict(
        policy: Policies.Conflict
    ) async throws {
        let channel = channel([inQuotes, template("PUT '{description}'", on: .column)], Policies(onConflict: policy))
        let wanted = table("orders", "Orders", owner: "jane.doe", column: "Key")
        let overwrites = policy == .overwrite
        source[orders, .description] = "owner: app_owner. Orders of orders"
        source[orders + ".id", .description] = "Key"
        let counts = try await run(channel, wanted).counts
        #expect((counts.unchanged, counts.overwritten) == (overwrites ? (0, 2) : (2, 0)))
        #expect(try await run(channel, wanted).counts.unchanged == 2)
        guard !overwrites else { return }
        #expect(sent() == [])
        // It is not ours for that.
        #expect(try await run(channel, table("orders", column: nil)).counts.written == 0)
        #expect(source[orders, .description] == "owner: app_owner. Orders of orders")
        // A part of what would be put is another text.
        source[orders, .description] = "Orders"
        #expect(try await run(channel, wanted).counts.unchanged == 1)
    }

    // What the catalog had before.

    @Test func whatATemplatePutOfWhatTheCatalogHadIsNoConflict() async throws {
        let channel = channel([inQuotes], Policies(onConflict: .keep))
        var edited = table("orders", "New", owner: "joe")
        edited[0].previous = PreviousValues(description: .present("Old"))
        for held in ["Old", "owner: joe. Old of orders"] {
            source[orders, .description] = held
            let counts = try await run(channel, edited).counts
            #expect(counts.set == 1 && counts.kept == 0)
            #expect(source[orders, .description] == "owner: joe. New of orders")
            try? FileManager.default.removeItem(atPath: folder)
        }
        source[orders, .description] = "Older"
        #expect(try await run(channel, edited).counts.kept == 1)
        #expect(source[orders, .description] == "Older")
    }

    @Test func whatATemplatePutOfWhatTheCatalogTookAwayIsTakenAway() async throws {
        let channel = channel([template("PUT 'The {description} of {table}'", clear: "PUT formerly {description}")])
        var edited = table("orders")
        edited[0].previous = PreviousValues(description: .present("Old"))
        source[orders, .description] = "The Older of orders"
        #expect(try await run(channel, edited).counts.written == 0)
        source[orders, .description] = "The Old of orders"
        #expect(try await run(channel, edited).counts.cleared == 1)
        #expect(source[orders, .description] == "formerly Old")
    }

    @Test func tagsThatCannotBeReadAreTakenAwayByTheTemplate() async throws {
        var edited = table(tags: ["PII.B"])
        edited[0].previous = PreviousValues(tags: [TagLabel(tagFQN: "PII.A"), TagLabel(tagFQN: "Zone.East")])
        let counts = try await run(governance, edited).counts
        #expect(counts.set == 1 && counts.cleared == 1)
        #expect(sent() == ["INSERT orders PII = B", "DELETE orders Zone = East"])
        // As the journal knows by now.
        #expect(try await run(governance, table(tags: ["PII.B"])).counts.written == 0)
    }

    @Test func aListOfAllTagsIsNotMadeOfADifference() async throws {
        let all = channel([template("LABELS {table} {tags}")], tags: true)
        var edited = table(tags: ["PII.B"])
        edited[0].previous = PreviousValues(tags: [TagLabel(tagFQN: "Zone.East")], isDifference: true)
        let report = try await run(all, edited)
        #expect(report.counts.skipped == 1 && report.counts.written == 0)
        #expect(sent() == [])
    }

    @Test func theJournalsBaseOfATemplateGoesFirst() async throws {
        let channel = channel([inQuotes], Policies(onConflict: .keep))
        try await run(channel, table("orders", "Ours", owner: "joe"))
        source[orders, .description] = "Old"
        var edited = table("orders", "New", owner: "joe")
        edited[0].previous = PreviousValues(description: .present("Old"))
        #expect(try await run(channel, edited).counts.kept == 1)
        edited = table("orders")
        edited[0].previous = PreviousValues(description: .present("Old"))
        #expect(try await run(channel, edited).counts.written == 0)
    }

    // What ends badly.

    @Test(arguments: Policies.Conflict.allCases, [nil, "Old"]) func whatSomebodyWroteWhileARunDiedIsAConflict(
        policy: Policies.Conflict, last: String?
    ) async throws {
        let channel = channel([inQuotes], Policies(onConflict: policy)), wanted = table("orders", "Orders", owner: "joe")
        if let last { try await run(channel, table("orders", last, owner: "joe")) }
        try await runThatDies(channel, wanted)
        source[orders, .description] = "mine"
        let counts = try await run(channel, wanted).counts
        #expect((counts.set, counts.overwritten, counts.kept, counts.failed) == (
            0, policy == .overwrite ? 1 : 0, policy == .keep ? 1 : 0, policy == .fail ? 1 : 0))
        #expect(source[orders, .description] == (policy == .overwrite ? "owner: joe. Orders of orders" : "mine"))
    }

    @Test(arguments: [true, false]) func aRunThatDiesIsFinishedByTheNext(arrived: Bool) async throws {
        let wanted = table("orders", "Orders", owner: "jane.doe"), channel = channel([inQuotes], Policies(onConflict: .keep))
        try await runThatDies(channel, wanted)
        if arrived { source[orders, .description] = "owner: app_owner. Orders of orders" }
        #expect(try await run(channel, wanted).counts.set == 1)
        #expect(source[orders, .description] == "owner: app_owner. Orders of orders")
        #expect(try await run(channel, wanted).counts.unchanged == 1)
    }

    @Test(arguments: [true, false]) func aChangeThatDiesIsFinishedByTheNext(arrived: Bool) async throws {
        let channel = channel([inQuotes], Policies(onConflict: .keep))
        try await run(channel, table("orders", "Old", owner: "jane.doe"))
        let wanted = table("orders", "Orders", owner: "jane.doe")
        try await runThatDies(channel, wanted)
        if arrived { source[orders, .description] = "owner: app_owner. Orders of orders" }
        #expect(try await run(channel, wanted).counts.set == 1)
        #expect(try await run(channel, wanted).counts.unchanged == 1)
        #expect(source[orders, .description] == "owner: app_owner. Orders of orders")
    }

    @Test(arguments: [true, false]) func aRemovalThatDiesIsFinishedByTheNext(arrived: Bool) async throws {
        let channel = channel([template("PUT {description}!", clear: "PUT NULL")])
        try await run(channel, table("orders", "Orders"))
        try await runThatDies(channel, table("orders"))
        if arrived { source[orders, .description] = nil }
        #expect(try await run(channel, table("orders")).counts.cleared == (arrived ? 0 : 1))
        #expect(source[orders, .description] == nil)
        let journal = try #require(try Journal(forReadingAt: configuration(channel).journalPath))
        #expect(try journal.runs().map(\.state) == ["finished", "failed", "finished"])
    }

    @Test func whatADyingRunMayNotHaveWrittenIsNotWiped() async throws {
        try await runThatDies(withOwner, table("orders", "Orders", owner: "jane.doe"))
        source[orders, .description] = "perhaps mine"
        #expect(try await run(withOwner, table("orders")).counts.written == 0)
        #expect(source[orders, .description] == "perhaps mine")
    }

    @Test func whatCannotBeReadIsSentAgainAfterARunThatDied() async throws {
        try await runThatDies(governance, table(tags: ["PII.Sensitive"]))
        try await run(governance, table(tags: ["PII.Sensitive"]))
        #expect(sent() == ["INSERT orders PII = Sensitive"])
        #expect(try await run(governance, table(tags: ["PII.Sensitive"])).counts.unchanged == 1)
        try await runThatDies(governance, table(tags: ["PII.Sensitive", "Zone.East"]))
        try await run(governance, table(tags: ["PII.Sensitive"]))
        #expect(sent() == ["DELETE orders Zone = East"])
    }

    @Test func aSessionThatBreaksAfterAWriteIsNoConflict() async throws {
        source.state.withLock { $0.breaksAfter = "Orders" }
        let report = try await run(withOwner, table("orders", "Orders", owner: "jane.doe"))
        #expect(report.counts.set == 1 && report.counts.conflicts == 0)
        #expect(try await run(withOwner, table("orders", "Orders", owner: "jane.doe")).counts.unchanged == 1)
    }

    /// A run whose template was sent, while nobody could read what came of it.
    private func runUnread(_ channel: Channel, _ entities: [CatalogEntity]) async throws {
        // The first read is for the plan.
        source.state.withLock { $0.readFailures[$0.reads + 2] = Failure(.failed, "no") }
        #expect(try await run(channel, entities).counts.set == 1)
    }

    @Test func whatWasNotReadAfterAWriteIsSentAgain() async throws {
        let wanted = table("orders", "Orders", owner: "jane.doe")
        try await runUnread(withOwner, wanted)
        // A table that was rebuilt gets its description back.
        source[orders, .description] = nil
        #expect(try await run(withOwner, wanted).counts.set == 1)
        #expect(source[orders, .description] == "owner: app_owner. Orders of orders")
        #expect(try await run(withOwner, wanted).counts.unchanged == 1)
    }

    @Test(arguments: [Policies.Conflict.keep, .fail]) func whatMayBeSomebodyElsesIsNotTakenForOurs(
        policy: Policies.Conflict
    ) async throws {
        let channel = channel(withOwner.templates, Policies(onConflict: policy))
        let wanted = table("orders", "Orders", owner: "jane.doe")
        try await runUnread(channel, wanted)
        source[orders, .description] = "mine"
        #expect(try await run(channel, wanted).counts.unchanged == 1)
        // Gone from the catalog, it is not ours to take away.
        let removal = try await run(channel, table("orders"))
        #expect(removal.counts.cleared == 0 && removal.counts.skipped == 1)
        #expect(source[orders, .description] == "mine")
    }

    @Test func whatIsThereAsItIsWantedIsOurs() async throws {
        let channel = channel([template("PUT {description}", on: .table)]), wanted = table("orders", "Orders")
        try await runUnread(channel, wanted)
        #expect(try await run(channel, wanted).counts.unchanged == 1)
        #expect(try await run(channel, table("orders")).counts.cleared == 1)
        #expect(source[orders, .description] == nil)
    }

    @Test func anEngineThatFailsCostsItsFactsAlone() async throws {
        let report = try await run(
            channel([template("FAIL {table} {description}")]), table("orders", "a", column: "b"))
        #expect(report.counts.failed == 1 && report.counts.set == 1)
        #expect(source[orders + ".id", .description] == "b")
        let none = try await run(channel([template("NONE {table} {description}")]), table("orders", "a"))
        #expect(none.counts.skipped == 1)
        let broken = try await run(channel([template("BREAK {table} {description}")]), table("orders", "a"))
        #expect(broken.counts.failed == 1)
    }

    @Test func whatIsWrongWithTextsIsToldAtOnce() async throws {
        let texts = [
            "PUT {nothing}", "PUT 'x'", "PUT {table}", "PUT {description}", "PUT {table} {procedure} {owner}",
            "PUT {table} {description} {tag_key}",
        ]
        let problems = await #expect(throws: TemplateProblems.self) {
            try await run(channel(texts.map { template($0) }), table("orders", "a"))
        }
        #expect(problems?.problems == [
            "the template: line 1, column 5: unknown name {nothing}\n    PUT {nothing}\n        ^",
            "the template: it names nothing that it is about ({table}, {column}, {schema}, …): say it with 'on:' under sqlTemplates",
            "the template: it names no value ({description}, {owner}, {tag_value}, {tags}): say what it writes with 'of:' under "
                + "sqlTemplates",
            "the template: a template is about a {table} or a {procedure}, not about both",
            "the template: {tag_key} stands for one tag, and this template writes the description: use {tags}, or say 'of: tags'",
        ])
        #expect(sent() == [])
    }

    @Test func aLineWithWhatAReferenceStandsForIsNotShown() async throws {
        let text = ChannelTemplate.Text("PUT hush {nothing} of {table}", isPrivate: true)
        let problems = await #expect(throws: TemplateProblems.self) {
            try await run(channel([ChannelTemplate(set: text)]), table("orders", "a"))
        }
        #expect(problems?.problems == [
            "the template: line 1, column 10: unknown name {nothing}\n"
                + "    (the line is not shown: a reference or an alias stands in this template)"
        ])
    }

    // What comes after.

    @Test func driftComparesWithWhatWasReadBack() async throws {
        try await run(withOwner, table("orders", "Orders", owner: "jane.doe"))
        try await run(governance, table("recent", tags: ["PII.Sensitive"]))
        #expect(try await drift().changed == 0)
        source[orders, .description] = "Orders"
        let report = try await drift()
        #expect((report.compared, report.changed, report.unreadable) == (1, 1, 1))
    }

    private func drift() async throws -> DriftReport {
        let configuration = configuration(withOwner)
        let journal = try #require(try Journal(forReadingAt: configuration.journalPath))
        return try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]))
            .drift(of: journal.managed(of: ["shop"])) { _ in }
    }

    @Test func aRollbackPutsBackWhatCanBeRead() async throws {
        source[orders, .description] = "before"
        try await run(
            channel(withOwner.templates + governance.templates, tags: true),
            table("orders", "Orders", owner: "jane.doe", tags: ["PII.Sensitive"]))
        #expect(source[orders, .description] == "owner: app_owner. Orders of orders")
        let configuration = configuration(withOwner)
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test")
        let report = try await Engine(configuration, provider: MemoryProvider(sources: ["shop": source]))
            .rollback(journal.applied(in: 1), into: store, onConflict: .keep, sends: true)
        try await store.finish(report)
        #expect(report.counts.overwritten + report.counts.set == 1 && report.counts.skipped == 1)
        #expect(source[orders, .description] == "before")
        var reasons: [String?] = []
        try store.listProblems { reasons.append($0.planned.reason) }
        #expect(reasons == ["a template wrote it, and the source does not tell what it was before: put it back by hand"])
    }
}

extension RunReport.Counts {
    fileprivate func with(cleared: Int) -> RunReport.Counts {
        var counts = self
        counts.cleared = cleared
        return counts
    }
}

/// An engine that puts values where their names stand in braces, as they are.
private struct Braces: TemplateCompiler {
    func compile(_ request: TemplateRequest) async throws(Failure) -> any CompiledTemplate {
        var uses: [TemplateVariable] = []
        for match in request.text.matches(of: /{(\w+)}/) {
            let name = String(match.output.1)
            guard let variable = TemplateVariable(rawValue: name), request.names.contains(variable) else {
                let column = request.text.distance(from: request.text.startIndex, to: match.range.lowerBound) + 1
                throw Failure(.config, "unknown name {\(name)}", line: 1, column: UInt32(column))
            }
            if !uses.contains(variable) { uses.append(variable) }
        }
        if request.text.hasPrefix("PUT {") && uses == [.description] { uses.append(.table) }
        return Template(text: request.text, uses: uses)
    }

    private struct Template: CompiledTemplate {
        let text: String
        let uses: [TemplateVariable]

        func render(_ renderings: [TemplateRendering]) async throws(Failure) -> [Result<[String], Failure>] {
            if text.hasPrefix("BREAK") { throw Failure(.failed, "the engine broke") }
            if text.hasPrefix("FAIL") { return renderings.map { _ in .failure(Failure(.config, "no", line: 1, column: 2)) } }
            if text.hasPrefix("NONE") { return renderings.map { _ in .success([]) } }
            return renderings.map { rendering in
                var statement = text
                for variable in uses {
                    let value: String =
                        switch rendering.values[variable] {
                        case .text(let text)?: text ?? "NULL"
                        case .pairs(let pairs)?: pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
                        case nil: "missing"
                        }
                    statement = statement.replacing("{\(variable.rawValue)}", with: value)
                }
                return .success([statement])
            }
        }
    }
}
