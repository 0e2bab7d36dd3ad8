import RevmetaConfiguration
import RevmetaEngine
import RevmetaFilters
import RevmetaModel
import Testing

/// The same question in the search's language, in JsonLogic and in YAML has one answer, on a catalog that is drawn.
@Suite struct AgreementTests {
    /// What is asked, before any spelling of it.
    private indirect enum Question {
        case name(String), schema(String), service(String), tag(String), tier(String), owner(String), domain(String)
        case property(String, String)
        case anyOwner
        case all([Question]), any([Question]), not(Question)
    }

    private struct Dice {
        var state: UInt64

        mutating func roll(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }

        mutating func pick<Item>(_ items: [Item]) -> Item { items[roll(items.count)] }

        mutating func some(_ items: [String]) -> [String] { items.filter { _ in roll(3) == 0 } }
    }

    private static let names = ["orders", "carts", "fact_orders", "dim_customer", "übersicht"]
    private static let schemas = ["public", "tmp", "scratch"]
    private static let services = ["shop", "snow"]
    private static let tags = ["PII.Sensitive", "PII.NonSensitive", "Level.A.B"]
    private static let tiers = ["Tier.Tier1", "Tier.Tier5"]
    private static let owners = ["jane.doe", "data_platform"]
    private static let domains = ["finance", "marketing"]
    private static let values = ["CC-100", "CC-200"]

    private static func question(_ dice: inout Dice, depth: Int) -> Question {
        let kind = dice.roll(depth == 0 ? 9 : 14)
        func parts(_ dice: inout Dice) -> [Question] {
            (0...dice.roll(3)).map { _ in question(&dice, depth: depth - 1) }
        }
        return switch kind {
        case 0: .name(dice.pick(names))
        case 1: .schema(dice.pick(schemas))
        case 2: .service(dice.pick(services))
        case 3: .tag(dice.pick(tags))
        case 4: .tier(dice.pick(tiers))
        case 5: .owner(dice.pick(owners))
        case 6: .domain(dice.pick(domains))
        case 7: .property(dice.pick(["costCenter", "team"]), dice.pick(values))
        case 8: .anyOwner
        case 9, 10: .all(parts(&dice))
        case 11, 12: .any(parts(&dice))
        default: .not(question(&dice, depth: depth - 1))
        }
    }

    private static func entity(_ dice: inout Dice) -> CatalogEntity {
        let service = dice.pick(services), schema = dice.pick(schemas), name = dice.pick(names)
        var entity = CatalogEntity(service: service, kind: .table, path: EntityPath(["d", schema, name]))
        let owners = dice.some(owners), domains = dice.some(domains)
        var untold: Set<SearchField.Indexed> = []
        if dice.roll(5) == 0 { untold = [.ownerName, .ownerDisplayName, .ownerFullyQualifiedName] }
        if dice.roll(5) == 0 { untold.formUnion([.tag, .tier]) }
        if dice.roll(5) == 0 { untold.formUnion([.domainName, .domainDisplayName, .domainFullyQualifiedName]) }
        let properties: [SearchDocument.Property]? = dice.roll(5) == 0
            ? nil : ["costCenter", "team"].compactMap { dice.roll(2) == 0 ? .init(name: $0, values: [dice.pick(values)]) : nil }
        entity.document = SearchDocument(
            [
                .name: [name], .serviceName: [service], .schemaName: [schema], .databaseName: ["d"], .pathService: [service],
                .pathDatabase: ["d"], .pathSchema: [schema], .pathTable: [name], .tag: dice.some(tags), .tier: dice.some(tiers),
                .ownerName: owners, .ownerDisplayName: owners, .ownerFullyQualifiedName: owners,
                .domainName: domains, .domainDisplayName: domains, .domainFullyQualifiedName: domains,
            ], untold: untold, properties: properties)
        return entity
    }

    // MARK: Spellings

    private static func elasticsearch(_ question: Question) -> String {
        func term(_ field: String, _ value: String) -> String { #"{"term":{"\#(field)":"\#(value.lowercased())"}}"# }
        func list(_ questions: [Question]) -> String { "[" + questions.map(elasticsearch).joined(separator: ",") + "]" }
        return switch question {
        case .name(let value): term("name.keyword", value)
        case .schema(let value): term("databaseSchema.name.keyword", value)
        case .service(let value): term("service.name.keyword", value)
        case .tag(let value): term("tags.tagFQN", value)
        case .tier(let value): term("tier.tagFQN", value)
        case .owner(let value): term("owners.name.keyword", value)
        case .domain(let value): term("domains.name", value)
        case .property(let name, let value): term("extension.\(name).keyword", value)
        case .anyOwner: #"{"exists":{"field":"owners.name.keyword"}}"#
        case .all(let all): #"{"bool":{"must":\#(list(all))}}"#
        case .any(let any): #"{"bool":{"should":\#(list(any))}}"#
        case .not(let one): #"{"bool":{"must_not":[\#(elasticsearch(one))]}}"#
        }
    }

    private static func jsonLogic(_ question: Question) -> String {
        func equal(_ variable: String, _ value: String) -> String { #"{"==":[{"var":"\#(variable)"},"\#(value)"]}"# }
        func some(_ list: String, _ field: String, _ value: String) -> String {
            #"{"some":[{"var":"\#(list)"},\#(equal(field, value))]}"#
        }
        func list(_ questions: [Question]) -> String { "[" + questions.map(jsonLogic).joined(separator: ",") + "]" }
        return switch question {
        case .name(let value): equal("name", value)
        case .schema(let value): equal("databaseSchema.name", value)
        case .service(let value): equal("service.name", value)
        case .tag(let value): some("tags", "tagFQN", value)
        case .tier(let value): some("tier", "tagFQN", value)
        case .owner(let value): some("owners", "fullyQualifiedName", value)
        case .domain(let value): some("domains", "fullyQualifiedName", value)
        case .property(let name, let value): equal("extension.\(name)", value)
        case .anyOwner: #"{"!!":{"var":"owners"}}"#
        case .all(let all): #"{"and":\#(list(all))}"#
        case .any(let any): #"{"or":\#(list(any))}"#
        case .not(let one): #"{"!":\#(jsonLogic(one))}"#
        }
    }

    private static func yaml(_ question: Question) -> String {
        func list(_ questions: [Question]) -> String { "[" + questions.map(yaml).joined(separator: ", ") + "]" }
        return switch question {
        case .name(let value): "{ table: \(value) }"
        case .schema(let value): "{ schemas: [\(value)] }"
        case .service(let value): "{ service: '\(value)' }"
        case .tag(let value): "{ tag: \(value) }"
        case .tier(let value): "{ tiers: [none, \(value.dropFirst(5))] }"
        case .owner(let value): "{ owner: \(value) }"
        case .domain(let value): "{ domains: \(value) }"
        case .property(let name, let value): "{ property: { \(name): \(value) } }"
        case .anyOwner: "{ owners: '*' }"
        case .all(let all): "{ all: \(list(all)) }"
        case .any(let any): "{ any: \(list(any)) }"
        case .not(let one): "{ not: \(yaml(one)) }"
        }
    }

    private static func shortForm(_ question: Question) throws -> Condition {
        // As a clause: what a filter says of names at its top also decides about databases and schemas.
        try ConfigurationFile.parse(
            """
            catalog: { folder: x }
            services: { shop: { type: Postgres }, snow: { type: Snowflake } }
            channels: [{ name: a, updateTags: true, filter: { all: [\(yaml(question))] } }]
            """, file: "f", folder: "/", environment: [:]).channels[0].filter.condition
    }

    @Test(arguments: [2026, 7, 11, 42])
    func threeSpellingsHaveOneAnswer(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let entities = (0..<60).map { _ in Self.entity(&dice) }
        var answers: [Bool?: Int] = [:]
        for _ in 0..<250 {
            let question = Self.question(&dice, depth: 3)
            let search = try SavedFilter(#"{"query":\#(Self.elasticsearch(question))}"#).condition
            let logic = try SavedFilter(Self.jsonLogic(question)).condition
            let short = try Self.shortForm(question)
            for entity in entities {
                let document = try #require(entity.document)
                let answer = search.matches(document)
                #expect(logic.matches(document) == answer, "\(question) of \(entity)")
                #expect(short.matches(document) == answer, "\(question) of \(entity)")
                answers[answer, default: 0] += 1
            }
        }
        // All three answers, and none of them seldom.
        #expect(answers.count == 3 && answers.values.allSatisfy { $0 > 1000 })
    }
}
