@testable import RevmetaEngine
import RevmetaModel
import Testing

@Suite struct FilterTests {
    private func patterns(_ texts: String...) -> [NamePattern] {
        texts.map { try! NamePattern($0) }
    }

    private func entity(_ kind: EntityKind, _ path: String, tableType: String? = nil, deleted: Bool = false) -> CatalogEntity {
        CatalogEntity(service: "shop", kind: kind, path: EntityPath(path)!, tableType: tableType, isDeleted: deleted)
    }

    @Test func anEmptyFilterSelectsEverythingThatIsNotDeleted() {
        let filter = ChannelFilter()
        #expect(filter.selects(entity(.database, "shop")))
        #expect(filter.selects(entity(.column, "shop.public.orders.id")))
        #expect(!filter.selects(entity(.table, "shop.public.orders", deleted: true)))
    }

    @Test func eachLevelNarrowsWhatIsBelowIt() {
        let filter = ChannelFilter(include: .init(schemas: patterns("public", "sales_*")))
        #expect(filter.selects(entity(.table, "shop.public.orders")))
        #expect(filter.selects(entity(.column, "shop.sales_eu.orders.id")))
        #expect(filter.selects(entity(.procedure, "shop.public.refund")))
        #expect(filter.selects(entity(.schema, "shop.public")))
        #expect(!filter.selects(entity(.schema, "shop.finance")))
        #expect(!filter.selects(entity(.table, "shop.finance.orders")))
    }

    @Test func aDatabaseOrSchemaIsSelectedOnlyIfNothingDeeperIsNamed() {
        let filter = ChannelFilter(include: .init(tables: patterns("orders")))
        #expect(!filter.selects(entity(.database, "shop")))
        #expect(!filter.selects(entity(.schema, "shop.public")))
        #expect(filter.selects(entity(.table, "shop.public.orders")))
        // Leaving some tables out is no wish about tables only.
        let excluding = ChannelFilter(exclude: .init(tables: patterns("/^tmp_/")))
        #expect(excluding.selects(entity(.schema, "shop.public")))
        #expect(!excluding.selects(entity(.column, "shop.public.tmp_1.id")))
    }

    @Test func kindsAndTableTypesNarrow() {
        let columns = ChannelFilter(kinds: [.column])
        #expect(columns.selects(entity(.column, "shop.public.orders.id")))
        #expect(!columns.selects(entity(.table, "shop.public.orders")))
        let views = ChannelFilter(tableTypes: ["view"])
        #expect(views.selects(entity(.table, "shop.public.v", tableType: "View")))
        #expect(views.selects(entity(.column, "shop.public.v.id", tableType: "View")))
        #expect(!views.selects(entity(.table, "shop.public.orders", tableType: "Regular")))
        #expect(!views.selects(entity(.table, "shop.public.orders")))
        #expect(!views.selects(entity(.schema, "shop.public")))
    }

    @Test func servicesAreMatchedToo() {
        #expect(!ChannelFilter(include: .init(services: patterns("other"))).selects(entity(.database, "shop")))
        #expect(!ChannelFilter(exclude: .init(services: patterns("sh*"))).selects(entity(.database, "shop")))
    }
}
