import Foundation
import RevmetaModel
import Testing

@testable import RevmetaCatalog

@Suite struct CatalogFolderTests {
    private static let expected: [CatalogEntity] = {
        let orders = ["shop", "public", "orders"]
        let pii = TagLabel(tagFQN: "PII.Sensitive", labelType: "Manual")
        func column(_ names: [String], _ description: String?, _ tags: CatalogList<TagLabel>) -> CatalogEntity {
            CatalogEntity(
                service: "pg.main", serviceType: "Postgres", kind: .column, path: EntityPath(orders + names),
                tableType: "Regular", description: CatalogText(description), tags: tags)
        }
        var shipTo = column(["ship_to"], nil, .known([pii]))
        shipTo.displayName = "Ship to"
        return [
            CatalogEntity(
                service: "pg.main", serviceType: "Postgres", kind: .database, path: EntityPath(["shop"]),
                displayName: "Shop", description: .present("Everything the shop sells."),
                owners: .known([OwnerReference(kind: .team, name: "commerce")]),
                tags: .known([TagLabel(tagFQN: "Tier.Tier1", labelType: "Manual")])),
            CatalogEntity(service: "lake", serviceType: "Snowflake", kind: .database, path: EntityPath(["raw.events"])),
            CatalogEntity(
                service: "pg.main", serviceType: "Postgres", kind: .schema, path: EntityPath(["shop", "public"]),
                owners: .known([OwnerReference(kind: .team, name: "commerce", isInherited: true)])),
            CatalogEntity(
                service: "pg.main", serviceType: "Postgres", kind: .table, path: EntityPath(orders),
                tableType: "Regular", description: .present("One row an order. — “paid”"),
                owners: .known([
                    OwnerReference(kind: .user, name: "jane.doe"),
                    OwnerReference(kind: .team, name: "commerce", isInherited: true),
                ]),
                tags: .known([pii, TagLabel(tagFQN: "Sales.Order", source: "Glossary", labelType: "Manual")])),
            column(["id"], "The number on the invoice.", .known([])),
            shipTo,
            column(["ship_to", "street"], nil, .notAsked),
            column(["ship_to", "street", "house.number"], "Digits \u{0} and letters.", .notAsked),
            column(["a::b>c\""], "Kept: __reserved__colon__", .notAsked),
            CatalogEntity(
                service: "lake", serviceType: "Snowflake", kind: .table,
                path: EntityPath(["raw.events", "web", "page\"views"]), tableType: "View",
                owners: .known([OwnerReference(kind: .user, name: "max", email: "max@example.com")]), tags: .notAsked, isDeleted: true),
            CatalogEntity(
                service: "lake", serviceType: "Snowflake", kind: .table, path: EntityPath(["db", "web", "loose"]),
                owners: .notAsked, tags: .notAsked),
            CatalogEntity(
                service: "pg.main", serviceType: "Postgres", kind: .procedure,
                path: EntityPath(["shop", "public", "close_day"])),
        ]
    }()

    @Test(arguments: ["list-answers", "arrays", "lines"])
    func readsEveryShape(name: String) async throws {
        let folder = try CatalogFolder.fixture(name)
        #expect(folder.services == [
            CatalogService(name: "pg.main", serviceType: "Postgres", connection: ["type": Secret("Postgres")]),
            CatalogService(name: "lake", serviceType: "Snowflake"),
        ])
        let entities = try await folder.allBatches().flatMap(\.self)
        #expect(entities.count == Self.expected.count)
        for (entity, expected) in zip(entities, Self.expected) { #expect(entity == expected) }
    }

    @Test func batchesEndAtATablesEnd() async throws {
        let folder = try CatalogFolder.fixture("lines")
        let batches = try await folder.allBatches(of: 4)
        #expect(batches.map(\.count) == [9, 3])
        #expect(try await folder.allBatches(of: 1).map(\.count) == [1, 1, 1, 6, 1, 1, 1])
        #expect(batches.flatMap(\.self) == Self.expected)
    }

    @Test func eachIterationStartsAnew() async throws {
        let batches = try CatalogFolder.fixture("arrays").batches(of: 2)
        var interrupted = batches.makeAsyncIterator()
        _ = try await interrupted.next()
        var first: [[CatalogEntity]] = []
        var second: [[CatalogEntity]] = []
        for try await batch in batches { first.append(batch) }
        for try await batch in batches { second.append(batch) }
        #expect(first == second)
        #expect(first.flatMap(\.self) == Self.expected)
        #expect(try await interrupted.next() == first[1])
    }

    @Test func aFolderMayHoldOneFileAlone() async throws {
        let folder = try TemporaryFolder(["users.jsonl": ""])
        #expect(try await folder.entities().isEmpty)

        let tables = try TemporaryFolder(["tables.json": "[{\"fullyQualifiedName\":\"s.d.c.t\"}]"])
        let entities = try await tables.entities().flatMap(\.self)
        #expect(entities == [
            CatalogEntity(
                service: "s", kind: .table, path: EntityPath(["d", "c", "t"]), owners: .notAsked, tags: .notAsked)
        ])
    }
}
