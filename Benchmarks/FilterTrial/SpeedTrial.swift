import Foundation
import RevmetaConfiguration
import RevmetaEngine
import RevmetaFilters
import RevmetaModel

/// How many entities a filter decides about in a second, on one core.
enum SpeedTrial {
    /// As Collate's filter editor saves them, as JsonLogic, and as people write them.
    private static let filters: [(name: String, yaml: String)] = [
        ("service and schema",
         #"'{"query":{"bool":{"must":[{"bool":{"must":[{"term":{"service.displayName.keyword":"shop"}},{"term":{"databaseSchema.displayName.keyword":"public"}}]}}]}}}'"#),
        ("tags and status",
         #"'{"query":{"bool":{"must":[{"bool":{"must":[{"bool":{"should":[{"term":{"tags.tagFQN":"pii.sensitive"}},{"term":{"tags.tagFQN":"pii.nonsensitive"}}]}},{"term":{"descriptionStatus":"COMPLETE"}}]}}]}}}'"#),
        ("tier, wildcard and schemas",
         #"'{"query":{"bool":{"must":[{"bool":{"must_not":{"term":{"tier.tagFQN":"tier.tier5"}}}},{"wildcard":{"name.keyword":{"value":"*fact_*"}}},{"bool":{"must_not":[{"term":{"databaseSchema.name.keyword":"tmp"}},{"term":{"databaseSchema.name.keyword":"scratch"}}]}}]}}}'"#),
        ("custom property and regexp",
         #"'{"query":{"bool":{"must":[{"nested":{"path":"customPropertiesTyped","ignore_unmapped":true,"query":{"bool":{"must":[{"term":{"customPropertiesTyped.name":"costCenter"}},{"term":{"customPropertiesTyped.stringValue":"CC-100"}}]}}}},{"regexp":{"displayName.keyword":{"value":"dim_.*|fact_.*","case_insensitive":true}}},{"term":{"serviceType":"postgres"}}]}}}'"#),
        ("JsonLogic",
         #"'{"and":[{"==":[{"var":"service.name"},"shop"]},{"or":[{"some":[{"var":"tags"},{"==":[{"var":"tagFQN"},"PII.Sensitive"]}]},{"some":[{"var":"owners"},{"==":[{"var":"name"},"jane.doe"]}]}]}]}'"#),
        ("short form",
         "{ service: shop, schema: [public, 'sales_*'], any: [{ tag: 'PII.*' }, { owner: jane.doe }, { not: { tier: Tier5 } }] }"),
        ("short form, columns by their own tags",
         "{ schema: [public, 'sales_*'], tags: 'PII.*' }, columnsMatchOwnTags: true"),
    ]

    static func run() throws {
        let catalog = catalog(tables: 9_000, columns: 10)
        for filter in filters {
            let channel = try ConfigurationFile.parse(
                """
                catalog: { folder: x }
                services: { shop: { type: Postgres } }
                channels: [{ name: a, updateTags: true, filter: \(filter.yaml) }]
                """, file: "f", folder: "/", environment: [:]).channels[0]
            var selected = 0, best = Duration.seconds(3600)
            for _ in 0..<5 {
                selected = 0
                let elapsed = ContinuousClock().measure {
                    for entity in catalog where channel.selects(entity) == true { selected += 1 }
                }
                best = min(best, elapsed)
            }
            let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
            print("\(filter.name)\t\(Int(Double(catalog.count) / seconds))\t\(selected)\t\(catalog.count)")
        }
    }

    /// Tables that differ in what filters ask for, each with its columns.
    private static func catalog(tables: Int, columns: Int) -> [CatalogEntity] {
        var entities: [CatalogEntity] = []
        for number in 0..<tables {
            func one(_ texts: [String]) -> String { texts[(number / 3 + number * 7) % texts.count] }
            let schema = one(["public", "sales_eu", "tmp", "scratch"]), name = one(["fact_", "dim_", "raw_"]) + "table_\(number)"
            let tags = one(["PII.Sensitive", "PII.NonSensitive", "Level.A", ""]), owner = one(["jane.doe", "john.roe", "max"])
            var entity = CatalogEntity(service: "shop", kind: .table, path: EntityPath(["db", schema, name]))
            entity.document = SearchDocument(
                [
                    .name: [name], .displayName: [name], .serviceName: ["shop"], .serviceDisplayName: ["shop"],
                    .serviceType: ["Postgres"], .schemaName: [schema], .schemaDisplayName: [schema], .pathService: ["shop"],
                    .pathDatabase: ["db"], .pathSchema: [schema], .pathTable: [name], .tag: tags.isEmpty ? [] : [tags, "Terms.Order"],
                    .tier: [one(["Tier.Tier1", "Tier.Tier5"])], .ownerName: [owner], .ownerDisplayName: [owner],
                    .descriptionStatus: [one(["COMPLETE", "INCOMPLETE"])],
                ],
                properties: [
                    SearchDocument.Property(name: "steward", values: [owner]),
                    SearchDocument.Property(name: "costCenter", values: [one(["CC-100", "CC-200"])]),
                ])
            entities.append(entity)
            let document = entity.document
            for column in 0..<columns {
                var entity = CatalogEntity(
                    service: "shop", kind: .column, path: EntityPath(["db", schema, name, "column_\(column)"]),
                    tags: .known(column == 3 && !tags.isEmpty ? [TagLabel(tagFQN: tags)] : []))
                entity.document = document
                entities.append(entity)
            }
        }
        return entities
    }
}
