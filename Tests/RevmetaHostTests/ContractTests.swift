import RevmetaEngine
import RevmetaModel
import Testing

@testable import RevmetaHost

/// Running plugins that break the contract: each breach is a failure with a sentence, and the host goes on.
@Suite struct ContractTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
        try folder.install("misbehaving")
    }

    private func open(breaking breach: String, log: PluginLog = .none) async throws -> any ConnectorSession {
        try await folder.host(PluginFolder.worker, log: log)
            .open(PluginFolder.service(of: "misbehaving", ["breach": breach]), database: nil)
    }

    private func sentence(_ what: String) -> Failure {
        Failure(
            .invalid, "the plugin org.example.misbehaving broke its contract: it \(what). Report this to its author")
    }

    private static let tables = ["a", "b"].map { Entity(kind: .table, path: EntityPath(["shop", "public", $0])) }
    private static let changes = tables.map {
        Change(kind: "table", path: $0.path, attribute: .description, before: nil, value: "x")
    }
    private static let statements = [0, 1].map { Statement(text: "DO", changes: [$0]) }

    @Test func withoutABreachAllIsWell() async throws {
        let session = try await open(breaking: "nothing")
        #expect(try await session.abilities() == [Ability(kind: "table", attribute: .description, support: .full)])
        #expect(try await session.read(Self.tables, attributes: [.description]) == [
            Fact(entity: 0, attribute: 0, kind: "table", value: .known("value"))
        ])
        #expect(try await session.plan(Self.changes).statements == Self.statements)
        #expect(try await session.check(Self.changes).isEmpty)
        await session.close()
    }

    @Test(arguments: [
        ("OK without a session", "said that it opened a session but gave none"),
        ("no reason", "gave the status 4 (denied) without a reason"),
        ("cancelled by nobody", "gave the status 7 (cancelled) without a reason"),
        ("unknown status", "gave the status 77, which does not exist"),
        ("negative status", "gave the status -1, which does not exist"),
        ("message not UTF-8", "gave a message that is not UTF-8"),
        ("reason without a message", "gave a reason without a message"),
        ("small reason", "gave a reason of 8 bytes, where 56 are expected"),
        ("NULL reason", "gave the status 3 (configuration) without a reason"),
    ])
    func open(breach: String, what: String) async {
        await #expect(throws: sentence(what)) { try await open(breaking: breach) }
    }

    @Test func aLogLineIsMendedInsteadOfRefused() async throws {
        let log = LogLines()
        try await open(breaking: "nothing", log: log.log(level: .debug)).close()
        #expect(log.all == ["warning: log line that is not UTF-8: \u{FFFD}"])
    }

    @Test(arguments: [
        ("ability without a kind", "emitted an ability without a kind or attribute"),
        ("unknown support", "emitted an ability of 'description' of a table with a value that is not known"),
    ])
    func abilities(breach: String, what: String) async throws {
        let session = try await open(breaking: breach)
        await #expect(throws: sentence(what)) { try await session.abilities() }
        await session.close()
    }

    @Test(arguments: [
        ("entity out of range", "emitted a fact for entity 2 of 2 and attribute 0 of 1, which nobody asked for"),
        (
            "huge entity",
            "emitted a fact for entity 18446744073709551615 of 2 and attribute 0 of 1, which nobody asked for"
        ),
        ("attribute out of range", "emitted a fact for entity 0 of 2 and attribute 1 of 1, which nobody asked for"),
        ("kind not UTF-8", "gave a kind that is not UTF-8"),
        ("value not UTF-8", "gave a value that is not UTF-8"),
        ("problem not UTF-8", "gave a problem that is not UTF-8"),
        ("fact without a kind", "emitted a fact without a kind"),
        ("fact twice", "emitted the fact for entity 0 and attribute 0 twice"),
        ("small stride", "emitted facts of 8 bytes each, where 64 are expected"),
        ("facts without their list", "emitted 1 facts without their list"),
        ("huge count", "emitted 18446744073709551615 facts without their list"),
        ("huge text", "gave a value of 18446744073709551615 bytes"),
    ])
    func read(breach: String, what: String) async throws {
        let session = try await open(breaking: breach)
        // The second call fails alike: one breach costs one call.
        for _ in 1...2 {
            await #expect(throws: sentence(what)) {
                try await session.read(Self.tables, attributes: [.description])
            }
        }
        #expect(try await session.check(Self.changes).isEmpty)
        await session.close()
    }

    @Test(arguments: [
        ("change in none", "planned the change of description of shop.public.b 0 times instead of once"),
        ("change in two", "planned the change of description of shop.public.a 2 times instead of once"),
        ("change twice in a statement", "planned the change of description of shop.public.a 2 times instead of once"),
        ("refused and planned", "planned the change of description of shop.public.a 2 times instead of once"),
        ("refused a stranger", "refused a change that it was not given"),
        ("statement for a stranger", "emitted a statement for a change that it was not given"),
        ("statement for a huge stranger", "emitted a statement for a change that it was not given"),
        ("statement for nothing", "emitted a statement without a text or without changes"),
        ("statement without a text", "emitted a statement without a text or without changes"),
        ("statement not UTF-8", "gave a statement that is not UTF-8"),
    ])
    func plan(breach: String, what: String) async throws {
        let session = try await open(breaking: breach)
        await #expect(throws: sentence(what)) { try await session.plan(Self.changes) }
        await session.close()
    }

    @Test(arguments: [
        ("refused a stranger", "refused a change that it was not given"),
        ("refused a huge stranger", "refused a change that it was not given"),
        ("refused without a reason", "gave the status 4 (denied) without a reason"),
    ])
    func check(breach: String, what: String) async throws {
        let session = try await open(breaking: breach)
        await #expect(throws: sentence(what)) { try await session.check(Self.changes) }
        await session.close()
    }

    @Test(arguments: [
        ("outcome of a stranger", "told the outcome of statement 2 of 2"),
        ("outcome of a huge stranger", "told the outcome of statement 18446744073709551615 of 2"),
        ("outcome missing", "did not tell the outcome of statement 1 of 2"),
        ("outcome without a reason", "gave the status 9 (failed) without a reason"),
        ("unknown outcome", "gave the status 55, which does not exist"),
        ("outcome not UTF-8", "gave a message that is not UTF-8"),
    ])
    func execute(breach: String, what: String) async throws {
        let session = try await open(breaking: breach)
        let execution = await session.execute(Self.statements, of: Self.changes)
        #expect(execution == Execution(outcomes: [.applied, nil], failure: sentence(what)))
        await session.close()
    }

    @Test func anOutcomeToldTwiceIsNotBelieved() async throws {
        let session = try await open(breaking: "outcome twice")
        let execution = await session.execute(Self.statements, of: Self.changes)
        #expect(execution == Execution(
            outcomes: [nil, nil], failure: sentence("told the outcome of statement 0 twice")))
        await session.close()
    }
}
