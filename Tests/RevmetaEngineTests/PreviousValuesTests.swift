import AsyncAlgorithms
import Foundation
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Testing

/// News of an edit that say what the catalog held before it.
@Suite final class PreviousValuesTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-previous-\(UUID().uuidString)").path
    private let orders = "shop.public.orders"
    private let source = MemorySource(
        ["shop.public.orders": "table", "shop.public.orders.id": "column"],
        abilities: [
            Ability(kind: "table", attribute: .description, support: .full, canClear: true, emptyIsNull: true, maxLength: 20),
            Ability(kind: "table", attribute: .owner, support: .full),
            Ability(kind: "table", attribute: .anyTag, support: .full, canClear: true),
            Ability(kind: "column", attribute: .description, support: .full, canClear: true, emptyIsNull: true),
            Ability(kind: "column", attribute: .anyTag, support: .full, canClear: true),
        ])

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func channel() -> Channel { channel { _ in } }

    private func channel(_ change: (inout Channel) throws -> Void) rethrows -> Channel {
        // What is no conflict is told from what is one.
        var channel = Channel(
            name: "all", updateDescriptions: true, updateOwners: true, updateTags: true, policies: Policies(onConflict: .keep))
        try change(&channel)
        return channel
    }

    private func entity(
        _ description: String? = nil, owners: [String] = [], tags: [String] = [], before previous: PreviousValues?,
        column: Bool = false
    ) -> CatalogEntity {
        var entity = CatalogEntity(
            service: "shop", kind: column ? .column : .table, path: EntityPath(column ? orders + ".id" : orders)!,
            description: CatalogText(description), owners: .known(owners.map { OwnerReference(kind: .user, name: $0) }),
            tags: .known(tags.map { TagLabel(tagFQN: $0) }))
        entity.previous = previous
        return entity
    }

    private func configuration(_ channels: [Channel]) -> Configuration {
        Configuration(
            catalog: .folder("/none"), services: [ServiceDefinition(name: "shop", type: "Memory")],
            ownerMap: ["jane.doe": "app_owner", "team:finance": "finance_role"], journalPath: folder + "/journal.sqlite",
            channels: channels)
    }

    private func run(
        _ entity: CatalogEntity, _ channels: [Channel]? = nil, only names: [String]? = nil
    ) async throws -> RunReport.Counts {
        let configuration = configuration(channels ?? [channel()])
        let store = try await RunStore(
            beginIn: Journal(forRunsAt: configuration.journalPath), person: "tester", version: "test")
        let report = try await Engine(
            configuration, channels: names, provider: MemoryProvider(sources: ["shop": source])
        ).run([[entity]].async, into: store)
        try await store.finish(report)
        return report.counts
    }

    private func memory(of attribute: Attribute) async throws -> Memory? {
        let store = try await RunStore(draftOn: Journal(forReadingAt: folder + "/journal.sqlite"))
        let path = EntityPath(orders)!
        return try await store.memories(of: "shop", paths: [path])[
            FactKey(entity: Entity(kind: .table, path: path), attribute: attribute)]
    }

    @Test func whatTheSourceHasFromTheCatalogIsNoConflict() async throws {
        source[orders, .description] = "Old"
        #expect(try await run(entity("New", before: nil)).kept == 1)
        #expect(try await run(entity("New", before: PreviousValues(description: .present("Older")))).kept == 1)
        #expect(try await run(entity("New", before: PreviousValues(description: .absent))).kept == 1)
        #expect(try await run(entity("New", before: PreviousValues(description: .present("Old")))).set == 1)
        #expect(source[orders, .description] == "New")
        // From here on it is known what was written.
        #expect(try await run(entity(nil, before: nil)).cleared == 1)
    }

    @Test func whatTheCatalogTookAwayIsTakenAway() async throws {
        source[orders, .description] = "Old"
        #expect(try await run(entity(nil, before: PreviousValues(description: .present("Other")))).cleared == 0)
        #expect(source[orders, .description] == "Old")
        #expect(try await run(entity(nil, before: PreviousValues(description: .present("Old")))).cleared == 1)
        #expect(source[orders, .description] == nil)
    }

    @Test func agreeingWithItWritesNothingIntoTheJournal() async throws {
        source[orders, .description] = "New"
        let counts = try await run(entity("New", before: PreviousValues(description: .present("Old"))))
        #expect(counts.unchanged == 1 && counts.written == 0)
        #expect(try await memory(of: .description)?.base == nil)
        // So the source's value is still somebody else's.
        #expect(try await run(entity(nil, before: nil)).cleared == 0)
        source[orders, .description] = "Theirs"
        #expect(try await run(entity("New", before: PreviousValues(description: .present("Old")))).kept == 1)
        #expect(try await memory(of: .description)?.base == nil)
    }

    @Test func whatTheJournalKnowsGoesFirst() async throws {
        #expect(try await run(entity("Ours", before: nil)).set == 1)
        source[orders, .description] = "Old"
        #expect(try await run(entity("New", before: PreviousValues(description: .present("Old")))).kept == 1)
        #expect(try await run(entity(nil, before: PreviousValues(description: .present("Old")))).cleared == 0)
        #expect(source[orders, .description] == "Old")
    }

    @Test func itGoesThroughMarkdownAndWhatTheSourceCanHold() async throws {
        let plain = channel {
            $0.descriptionFormat = .plain
            $0.policies.onTooLong = .truncate
        }
        source[orders, .description] = "Orders of all shops,"
        let before = PreviousValues(description: .present("**Orders** of _all_ shops, from the click on"))
        #expect(try await run(entity("New", before: before), [channel { $0.policies.onTooLong = .truncate }]).kept == 1)
        #expect(try await run(entity("New", before: before), [plain]).set == 1)
        #expect(source[orders, .description] == "New")
    }

    @Test func ownersGoThroughTheMap() async throws {
        source[orders, .owner] = "app_owner"
        func owners(_ names: String...) -> PreviousValues {
            PreviousValues(owners: names.map { OwnerReference(kind: .user, name: $0) })
        }
        let finance = OwnerReference(kind: .team, name: "finance")
        var edited = entity(before: owners("nobody.knows"))
        edited.owners = .known([finance])
        #expect(try await run(edited).kept == 1)
        var inherited = OwnerReference(kind: .user, name: "jane.doe")
        inherited.isInherited = true
        edited.previous = PreviousValues(owners: [inherited])
        #expect(try await run(edited).kept == 1)
        edited.previous = owners("nobody.knows", "jane.doe")
        #expect(try await run(edited).set == 1)
        #expect(source[orders, .owner] == "finance_role")
        // An object has an owner.
        edited.owners = .known([])
        edited.previous = PreviousValues(owners: [finance])
        #expect(try await run(edited).written == 0)
    }

    private func tags(_ names: String...) -> PreviousValues { PreviousValues(tags: names.map { TagLabel(tagFQN: $0) }) }

    @Test func tagsAreReplacedAndTakenAway() async throws {
        source[orders, .tag("PII")] = "A"
        source[orders, .tag("Level")] = "High"
        source[orders, .tag("Other")] = "Theirs"
        let edited = entity(tags: ["PII.B"], before: tags("PII.A", "Level.High", "Other.Ours", "Gone.X"))
        let counts = try await run(edited)
        #expect(counts.set == 1 && counts.cleared == 1 && counts.kept == 0)
        #expect(source[orders, .tag("PII")] == "B")
        #expect(source[orders, .tag("Level")] == nil)
        #expect(source[orders, .tag("Other")] == "Theirs")
        #expect(try await memory(of: .tag("Other")) == nil)
    }

    @Test func tagsGoThroughRulesAndJoining() async throws {
        let pattern = try NamePattern("PII.*")
        let joined = try channel {
            $0.tags = TagPolicies(onAmbiguous: .join, rules: [TagRule(pattern, .rename(
                key: try CaptureTemplate("class", of: pattern), value: try CaptureTemplate("pii_$1", of: pattern)))])
        }
        source[orders, .tag("class")] = "pii_A,pii_B"
        #expect(try await run(entity(tags: ["PII.B"], before: tags("PII.A")), [joined]).kept == 1)
        #expect(try await run(entity(tags: ["PII.B"], before: tags("PII.B", "PII.A")), [joined]).set == 1)
        #expect(source[orders, .tag("class")] == "pii_B")
        // Two values where only one may be were never written.
        source[orders, .tag("PII")] = "A"
        #expect(try await run(entity(tags: ["PII.B"], before: tags("PII.A", "PII.C"))).kept == 1)
    }

    @Test func whatAnotherChannelWantsIsNotTakenAway() async throws {
        let tiers = channel {
            $0.name = "tiers"
            $0.tags.sources = [.tier]
        }
        let both = [channel(), tiers]
        for tag in ["PII", "Tier"] { source[orders, .tag(tag)] = "A" }
        // The tier is the other channel's, and so is its going.
        #expect(try await run(entity(before: tags("PII.A", "Tier.A")), both, only: ["all"]).cleared == 1)
        #expect(source[orders, .tag("PII")] == nil && source[orders, .tag("Tier")] == "A")
        #expect(try await run(entity(before: tags("PII.A", "Tier.A")), both).cleared == 1)
        #expect(source[orders, .tag("Tier")] == nil)
        // Still wanted of another tag.
        source[orders, .tag("PII")] = "A"
        let renaming = try channel {
            $0.name = "renaming"
            let pattern = try NamePattern("Tier.*")
            $0.tags = TagPolicies(sources: [.tier], rules: [TagRule(pattern, .rename(
                key: try CaptureTemplate("PII", of: pattern), value: try CaptureTemplate("A", of: pattern)))])
        }
        let edited = entity(tags: ["Tier.Tier1"], before: tags("PII.A", "Tier.Tier1"))
        #expect(try await run(edited, [channel(), renaming]).unchanged == 1)
        #expect(try await run(edited, [channel(), renaming], only: ["all"]).cleared == 0)
        #expect(source[orders, .tag("PII")] == "A")
    }

    @Test func twoSpellingsOfOneLetterAreNoHarm() async throws {
        source[orders, .tag("PII")] = "A"
        #expect(try await run(entity(before: tags("PII.A", "é.A", "e\u{301}.B"))).cleared == 1)
    }

    /// Only what came and what went is known.
    private func difference(adding added: [String] = [], removing removed: [String] = []) -> CatalogEntity {
        entity(tags: added, before: PreviousValues(tags: removed.map { TagLabel(tagFQN: $0) }, isDifference: true))
    }

    @Test func tagsThatNobodyToldOfStay() async throws {
        #expect(try await run(entity(tags: ["PII.A", "Level.High"], before: nil)).set == 2)
        #expect(try await run(difference(adding: ["Other.X"])).set == 1)
        #expect(try await run(difference(adding: ["PII.B"], removing: ["PII.A"])).set == 1)
        #expect(source[orders, .tag("Level")] == "High" && source[orders, .tag("PII")] == "B")
        #expect(try await run(difference(removing: ["PII.A"])).written == 0)
        #expect(try await run(difference(removing: ["PII.B"])).cleared == 1)
        // All that is known, and what of ours is not in it goes.
        #expect(try await run(entity(tags: ["Other.X"], before: nil)).cleared == 1)
    }

    @Test(arguments: TagPolicies.Ambiguous.allCases) func oneOfSeveralIsNotPutInPlaceOfAnother(
        policy: TagPolicies.Ambiguous
    ) async throws {
        let channels = [channel { $0.tags.onAmbiguous = policy }]
        #expect(try await run(entity(tags: ["PII.A"], before: nil), channels).set == 1)
        let added = try await run(difference(adding: ["PII.B"]), channels)
        #expect((added.failed, added.skipped) == (policy == .fail ? (1, 0) : (0, 1)))
        // It may be a part of what is there.
        #expect(try await run(difference(removing: ["PII.C"]), channels).skipped == (policy == .join ? 1 : 0))
        #expect(source[orders, .tag("PII")] == "A")
        // What somebody else wrote is a conflict, as ever.
        source[orders, .tag("Theirs")] = "X"
        #expect(try await run(difference(adding: ["Theirs.Y"]), channels).kept == 1)
    }

    @Test func anOwnerBesideOthersIsNotPutInTheirPlace() async throws {
        #expect(try await run(entity(owners: ["jane.doe"], before: nil)).set == 1)
        var edited = entity(before: PreviousValues(owners: [], isDifference: true))
        edited.owners = .known([OwnerReference(kind: .team, name: "finance")])
        #expect(try await run(edited).skipped == 1)
        #expect(source[orders, .owner] == "app_owner")
    }

    @Test func columnsAreAsTables() async throws {
        source[orders + ".id", .description] = "Old"
        source[orders + ".id", .tag("PII")] = "A"
        let before = PreviousValues(description: .present("Old"), tags: [TagLabel(tagFQN: "PII.A")])
        let counts = try await run(entity("New", before: before, column: true))
        #expect(counts.set == 1 && counts.cleared == 1)
        #expect(source[orders + ".id", .description] == "New")
        #expect(source[orders + ".id", .tag("PII")] == nil)
    }
}
