@testable import RevmetaEngine
import RevmetaModel
import Testing

@Suite struct UnmatchedChannelsTests {
    private func unmatched(_ channels: [Channel], services: [String] = ["shop", "lake"]) -> UnmatchedChannels {
        UnmatchedChannels(
            Configuration(
                catalog: .folder("/none"), services: services.map { ServiceDefinition(name: $0, type: "Memory") },
                journalPath: "/none", channels: channels),
            EnginePart())
    }

    private func notice(_ entities: [CatalogEntity], _ change: (inout ChannelFilter) throws -> Void) rethrows -> String? {
        var filter = ChannelFilter()
        try change(&filter)
        var unmatched = unmatched([Channel(name: "c", filter: filter, updateDescriptions: true)])
        for entity in entities { unmatched.look(at: entity, selecting: []) }
        #expect(!unmatched.isEmpty && unmatched.notices.count == 1)
        let (head, tail) = ("channel 'c' selects nothing: ", "; 'revmeta channels test c' tries its filter")
        return unmatched.notices.first.flatMap { text in
            text.hasPrefix(head) && text.hasSuffix(tail) ? String(text.dropFirst(head.count).dropLast(tail.count)) : nil
        }
    }

    private func table(_ path: String, type: String? = "Regular", isDeleted: Bool = false) -> CatalogEntity {
        CatalogEntity(
            service: "shop", kind: .table, path: EntityPath(path)!, tableType: type, isDeleted: isDeleted)
    }

    private let schema = CatalogEntity(service: "shop", kind: .schema, path: EntityPath("d.public")!)

    @Test func itIsToldWhereTheFilterTakesNothingAny() throws {
        let entities = [schema, table("d.public.orders"), table("d.public.items", type: "View"), table("d.sales.orders")]
        #expect(try notice(entities) { $0.include.services = [try NamePattern("lake")] }
            == "its filter takes none of the services that it comes to: 'shop'")
        #expect(try notice(entities) { $0.include.databases = [try NamePattern("e")] }
            == "its filter takes none of the databases that it comes to: 'd'")
        #expect(try notice(entities) { $0.exclude.schemas = [try NamePattern("*")] }
            == "its filter takes none of the schemas that it comes to: 'public', 'sales'")
        #expect(try notice(entities) { $0.include.tables = [try NamePattern("oders")] }
            == "its filter takes none of the tables that it comes to: 'orders', 'items'")
        #expect(notice(entities) { $0.kinds = [.procedure] }
            == "its filter takes none of the kinds that it comes to: 'schema', 'table'")
        // Of another service there may be some: that is no reason.
        let lake = CatalogEntity(service: "lake", kind: .procedure, path: EntityPath("d.s.p")!)
        #expect(try notice(entities + [lake]) {
            $0.include.services = [try NamePattern("shop")]
            $0.kinds = [.procedure]
        } == "its filter takes none of the kinds that it comes to: 'schema', 'table'")
        #expect(notice(entities) { $0 = ChannelFilter(tableTypes: ["Regullar"]) }
            == "its filter takes none of the table types that it comes to: 'Regular', 'View'")
        #expect(notice(entities) { $0.condition = .never } == "none of the 4 entities that it looks at is as its filter asks")
        #expect(notice([schema]) { $0.condition = .never } == "the one entity that it looks at is not as its filter asks")
        #expect(notice(entities) { $0.entities = [] } == "the catalog has none of the entities that it names")
    }

    /// A schema comes less far than a table, and says nothing about the names of tables.
    @Test func whoComesFarthestIsTheReason() throws {
        #expect(try notice([schema, table("d.public.orders")]) {
            $0.include.schemas = [try NamePattern("public")]
            $0.include.tables = [try NamePattern("x")]
        } == "its filter takes none of the tables that it comes to: 'orders'")
        #expect(try notice([table("d.sales.orders"), table("d.public.orders")]) {
            $0.include.schemas = [try NamePattern("public")]
            $0.condition = .never
        } == "the one entity that it looks at is not as its filter asks")
        #expect(try notice([schema]) { $0.include.tables = [try NamePattern("x")] } == "nothing that it looks at has a table")
    }

    @Test func nothingIsNothing() {
        #expect(notice([]) { _ in }
            == "the catalog tells of nothing that it could select: are the service, databases and schemas spelt as they are there?")
        #expect(notice([table("d.s.t", isDeleted: true)]) { _ in } == "all that it looks at is deleted in the catalog")
    }

    @Test func aChannelMayHaveNowhereToWriteTo() throws {
        #expect(try notice([table("d.s.t")]) { $0.include.services = [try NamePattern("x*")] }
            == "its filter takes none of the services that the configuration defines")
    }

    @Test func fiveValuesAreShown() throws {
        #expect(try notice((1...7).map { table("d.s.t\($0)") }) { $0.include.tables = [try NamePattern("x")] }
            == "its filter takes none of the tables that it comes to: 't1', 't2', 't3', 't4', 't5' and others")
    }

    @Test func whatSelectsOnceIsFine() {
        var unmatched = unmatched(["a", "b"].map { Channel(name: $0) })
        unmatched.look(at: schema, selecting: [1])
        unmatched.look(at: table("d.s.t"), selecting: [])
        #expect(unmatched.notices.count == 1 && unmatched.notices[0].hasPrefix("channel 'a' selects nothing: "))
        unmatched.look(at: schema, selecting: [0])
        #expect(unmatched.isEmpty && unmatched.notices.isEmpty)
    }
}
