@testable import RevmetaEngine
import RevmetaModel
import Testing

/// Which tags a source should have of what the catalog knows.
@Suite struct TagSelectionTests {
    private func entity(_ tags: [TagLabel], kind: EntityKind = .table) -> CatalogEntity {
        var entity = CatalogEntity(
            service: "shop", kind: kind, path: EntityPath(kind == .column ? "d.s.t.c" : "d.s.t")!, tags: .known(tags))
        entity.document = SearchDocument(
            [.certification: ["Certification.Gold"], .domainFullyQualifiedName: ["Company.\"Real Estate\""]],
            properties: [SearchDocument.Property(name: "costCenter", values: ["CC-1", "CC-2"])])
        return entity
    }

    private let labels = [
        TagLabel(tagFQN: "PII.Sensitive"), TagLabel(tagFQN: "Tier.Tier1"), TagLabel(tagFQN: "Terms.Order.Line", source: "Glossary"),
        TagLabel(tagFQN: "Level.A.\"B.C\""), TagLabel(tagFQN: "loose"),
    ]

    private func wanted(
        _ entity: CatalogEntity, _ policies: TagPolicies, serviceType: String? = "Snowflake"
    ) -> [String: String]? {
        TagSelection().wanted(of: entity, serviceType: serviceType, policies).map { facts in
            Dictionary(uniqueKeysWithValues: facts.map { attribute, value in
                switch value {
                case .present(let text): (attribute.rawValue, text)
                case .refused(let reason): (attribute.rawValue, "! " + reason)
                case .unknown, .absent: (attribute.rawValue, "?")
                }
            })
        }
    }

    @Test(arguments: [
        ([], [:]), ([.classification], ["tag.PII": "Sensitive", "tag.Level": "A.B.C"]), ([.glossary], ["tag.Terms": "Order.Line"]),
        ([.tier], ["tag.Tier": "Tier1"]), ([.certification], ["tag.Certification": "Gold"]),
        ([.domain], ["tag.Domain": "Company.Real Estate"]), ([.tier, .glossary], ["tag.Tier": "Tier1", "tag.Terms": "Order.Line"]),
    ] as [([TagSource], [String: String])])
    func sources(sources: [TagSource], tags: [String: String]) {
        #expect(wanted(entity(labels), TagPolicies(sources: Set(sources))) == tags)
    }

    @Test func whatIsToldOfTablesIsNotToldOfColumns() {
        let all = TagPolicies(sources: Set(TagSource.allCases), onAmbiguous: .first)
        #expect(wanted(entity([labels[0]], kind: .column), all) == ["tag.PII": "Sensitive"])
        #expect(wanted(entity([labels[0]]), all)?.count == 4)
    }

    @Test func whatTheCatalogDoesNotTellIsNotConcludedFrom() {
        var entity = entity(labels)
        entity.tags = .notAsked
        #expect(wanted(entity, TagPolicies()) == nil)
        #expect(wanted(entity, TagPolicies(sources: [.domain])) != nil)
        entity.document = SearchDocument([:], untold: [.domainFullyQualifiedName, .certification], properties: nil)
        for source in [TagSource.domain, .certification, .property] {
            #expect(wanted(entity, TagPolicies(sources: [source])) == nil)
        }
    }

    @Test func severalValuesForOneKey() {
        let entity = entity([TagLabel(tagFQN: "PII.Z"), TagLabel(tagFQN: "PII.A"), TagLabel(tagFQN: "PII.Z")])
        #expect(wanted(entity, TagPolicies())?["tag.PII"]?.hasPrefix("! the catalog has several values for the tag 'PII': Z, A") == true)
        #expect(wanted(entity, TagPolicies(onAmbiguous: .first)) == ["tag.PII": "Z"])
        #expect(wanted(entity, TagPolicies(onAmbiguous: .join, joiner: "; ")) == ["tag.PII": "A; Z"])
        #expect(wanted(self.entity([]), TagPolicies(sources: [.property], onAmbiguous: .join)) == ["tag.costCenter": "CC-1,CC-2"])
    }

    @Test func rulesRenameAndDrop() throws {
        func rule(_ pattern: String, _ types: Set<String> = [], key: String? = nil, value: String? = nil) throws -> TagRule {
            let pattern = try NamePattern(pattern)
            guard key != nil || value != nil else { return TagRule(pattern, serviceTypes: types, .drop) }
            return TagRule(pattern, serviceTypes: types, .rename(
                key: try key.map { try CaptureTemplate($0, of: pattern) }, value: try value.map { try CaptureTemplate($0, of: pattern) }))
        }
        func tags(_ rules: TagRule..., at type: String? = "Snowflake") -> [String: String]? {
            wanted(entity(labels), TagPolicies(onAmbiguous: .join, rules: rules), serviceType: type)
        }
        #expect(tags(try rule("PII.*", key: "class", value: "pii_$1")) == ["tag.class": "pii_Sensitive", "tag.Level": "A.B.C"])
        #expect(tags(try rule("PII.*")) == ["tag.Level": "A.B.C"])
        #expect(tags(try rule("PII.*", ["mysql"])) == ["tag.PII": "Sensitive", "tag.Level": "A.B.C"])
        #expect(tags(try rule("PII.*", ["SNOWFLAKE"]), try rule("*.*", key: "$1", value: "x")) == ["tag.Level": "x"])
        #expect(tags(try rule("PII.*", ["Mysql"]), at: nil)?.count == 2)
        #expect(tags(try rule("/^(.*?)[.](.*)$/", key: "all", value: "$1=$2")) == ["tag.all": "Level=A.B.C,PII=Sensitive"])
        #expect(throws: NamePattern.Invalid.self) { try rule("PII.*", value: "$2") }
    }
}
