import AsyncAlgorithms
import Foundation
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

/// Runs of a part: of one service, or of what happened to single entities, over sessions that stay open.
@Suite final class EnginePartTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-part-\(UUID().uuidString)").path
    private let orders = "shop.public.orders"
    private let shop = MemorySource(
        ["shop.public.orders": "table"],
        abilities: [
            Ability(kind: "table", attribute: .description, support: .full, canClear: true, emptyIsNull: true),
            Ability(kind: "table", attribute: .anyTag, support: .full, canClear: true),
        ])
    private let lake = MemorySource(["shop.public.orders": "table"])

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private var services: [ServiceDefinition] {
        ["shop", "lake"].map { ServiceDefinition(name: $0, type: "Memory") }
    }

    private var provider: MemoryProvider { MemoryProvider(sources: ["shop": shop, "lake": lake]) }

    private func entity(_ description: String?, tags: [String] = [], service: String = "shop") -> CatalogEntity {
        CatalogEntity(
            service: service, kind: .table, path: EntityPath(orders)!, description: CatalogText(description),
            tags: .known(tags.map { TagLabel(tagFQN: $0) }))
    }

    private func run(
        _ entities: [CatalogEntity], _ part: EnginePart, over sessions: WarmSessions? = nil,
        retries: RetryPolicy = RetryPolicy(attempts: 1), sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in }
    ) async throws -> RunReport {
        let configuration = Configuration(
            catalog: .folder("/none"), services: services, journalPath: folder + "/journal.sqlite",
            channels: [Channel(name: "all", updateDescriptions: true, updateTags: true)])
        let store = try await RunStore(
            beginIn: Journal(forRunsAt: configuration.journalPath), person: "tester", version: "test")
        let report = try await Engine(
            configuration, provider: provider, retries: retries, sleep: sleep, allowsEmptyCatalog: true, part: part,
            sessions: sessions
        ).run([entities].async, into: store)
        try await store.finish(report)
        return report
    }

    private let changes = EnginePart(services: ["shop"], isOfChanges: true)

    @Test func whatWasWrittenLastIsNoReasonToAskTheSource() async throws {
        #expect(try await run([entity("ours", tags: ["PII.Sensitive"])], EnginePart(services: ["shop"])).counts.set == 2)
        let reads = shop.state.withLock { $0.reads }
        shop[orders, .description] = "theirs"
        let report = try await run([entity("ours", tags: ["PII.Sensitive"])], changes)
        #expect(report.counts.unchanged == 2 && report.counts.written == 0 && report.exitCode == 0)
        #expect(shop.state.withLock { $0.reads } == reads)
        #expect(shop[orders, .description] == "theirs")
        // A run of everything looks.
        #expect(try await run([entity("ours", tags: ["PII.Sensitive"])], EnginePart(services: ["shop"])).counts.overwritten == 1)
    }

    @Test func whatIsNewOrGoneIsAReason() async throws {
        #expect(try await run([entity("one", tags: ["PII.Sensitive"])], changes).counts.set == 2)
        #expect(try await run([entity("two", tags: ["PII.Sensitive"])], changes).counts.set == 1)
        #expect(shop[orders, .description] == "two")
        #expect(try await run([entity("two")], changes).counts.cleared == 1)
        #expect(try await run([entity(nil)], changes).counts.cleared == 1)
        #expect(shop[orders, .description] == nil)
        // Nothing is ours any more, and nothing is wanted.
        let reads = shop.state.withLock { $0.reads }
        #expect(try await run([entity(nil)], changes).counts.unchanged == 1)
        #expect(shop.state.withLock { $0.reads } == reads)
    }

    @Test func otherServicesArePassedOver() async throws {
        let report = try await run([entity("a"), entity("b", service: "lake")], EnginePart(services: ["lake"]))
        #expect(report.counts.entities == 1 && !report.notices.contains { $0.contains("shop") })
        #expect(lake[orders, .description] == "b" && shop[orders, .description] == nil)
        #expect(shop.state.withLock { $0.mostSessions } == 0)
    }

    @Test func sessionsStayOpenUntilTheyAreClosed() async throws {
        let sessions = WarmSessions(provider, services: services)
        shop.state.withLock { $0.openFailure = Failure(.transient, "not yet") }
        #expect(try await run([entity("one")], changes, over: sessions).exitCode == 3)
        // What could not be opened once is tried again by the next run.
        shop.state.withLock { $0.openFailure = nil }
        for text in ["one", "two", "three"] { #expect(try await run([entity(text)], changes, over: sessions).counts.set == 1) }
        #expect(shop.state.withLock { $0.mostSessions } == 1 && shop.state.withLock { $0.openSessions } == 1)
        await sessions.close()
        #expect(shop.state.withLock { $0.openSessions } == 0)
        #expect(try await run([entity("four")], changes, over: sessions).counts.set == 1)
    }

    @Test func aSourceIsLetGoAsSoonAsAllIsSent() async throws {
        let sessions = WarmSessions(provider, services: services, isForSeveralRuns: false)
        #expect(try await run([entity("one")], changes, over: sessions).counts.set == 1)
        #expect(shop.state.withLock { $0.openSessions } == 0)
        // It opens again where it must.
        #expect(try await run([entity("two")], changes, over: sessions).counts.set == 1)
        #expect(shop.state.withLock { $0.mostSessions } == 1)
        await sessions.close()
    }

    @Test func sessionsAreOpenedAgainAsTheRunThatNeedsThemWantsIt() async throws {
        let sessions = WarmSessions(provider, services: services)
        shop.state.withLock { $0.openFailure = Failure(.transient, "not yet") }
        #expect(try await run([entity("one")], changes, over: sessions).exitCode == 3)
        let shop = shop
        let report = try await run([entity("one")], changes, over: sessions, retries: RetryPolicy(attempts: 3)) { _ in
            shop.state.withLock { $0.openFailure = nil }
        }
        #expect(report.exitCode == 0 && report.counts.set == 1)
        await sessions.close()
    }

    /// Of one service, or of what happened to single entities, a run says nothing of channels that others are for.
    @Test func aChannelThatSelectsNothingIsToldWhereItShould() async throws {
        func notices(_ part: EnginePart, of names: [String]) async throws -> [String] {
            let channels = try names.map { name in
                Channel(
                    name: name, filter: ChannelFilter(include: .init(services: [try NamePattern(name)])),
                    updateDescriptions: true)
            }
            let configuration = Configuration(
                catalog: .folder("/none"), services: services, journalPath: folder + "/journal.sqlite", channels: channels)
            return try await Engine(configuration, provider: provider, part: part).plan(
                [[entity("a")]].async, into: try await RunStore(draftOn: nil)
            ).notices.filter { $0.contains("selects nothing") }
        }
        #expect(try await notices(EnginePart(), of: ["shop"]).isEmpty)
        #expect(try await notices(EnginePart(), of: ["shop", "lake"]).map { $0.prefix(14) } == ["channel 'lake'"])
        #expect(try await notices(EnginePart(services: ["shop"]), of: ["shop", "lake"]).isEmpty)
        #expect(try await notices(EnginePart(services: ["lake"]), of: ["shop", "lake"]).map { $0.prefix(14) } == ["channel 'lake'"])
        #expect(try await notices(EnginePart(isOfChanges: true), of: ["shop", "lake"]).isEmpty)
    }
}
