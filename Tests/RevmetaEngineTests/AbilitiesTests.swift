import RevmetaModel
import Testing

@testable import RevmetaEngine

@Suite struct AbilitiesTests {
    private static let own = Attribute.tag("PII")

    private func ability(_ kind: SourceKind, _ attribute: Attribute, _ support: Ability.Support, note: String? = nil) -> Ability {
        Ability(kind: kind, attribute: attribute, support: support, note: note)
    }

    @Test func whatIsNotNamedIsUnsupported() {
        let abilities = Abilities([ability("table", .description, .full)])
        #expect(abilities.ability(.description, of: "table").support == .full)
        #expect(abilities.ability(.owner, of: "table").support == .unsupported)
        #expect(abilities.ability(.description, of: "view").support == .unsupported)
        #expect(abilities.ability(Self.own, of: "table").support == .unsupported)
        #expect(abilities.supportsSomewhere(.description) && !abilities.supportsSomewhere(.owner))
    }

    @Test func whatIsNamedLastCounts() {
        let abilities = Abilities([
            ability("table", .description, .full), ability("view", .description, .unsupported),
            ability("table", .description, .unsupported, note: "not any more"),
        ])
        #expect(abilities.ability(.description, of: "table").note == "not any more")
        #expect(!abilities.supportsSomewhere(.description))
    }

    @Test(arguments: [true, false]) func aTagsOwnAbilityStandsBeforeThatOfAllTags(ownIsFirst: Bool) {
        let named = [ability("table", Self.own, .unsupported), ability("table", .anyTag, .full, note: "all but one")]
        let abilities = Abilities(ownIsFirst ? named : named.reversed())
        #expect(abilities.ability(Self.own, of: "table").support == .unsupported)
        #expect(abilities.ability(.tag("Tier"), of: "table").support == .full)
        #expect(abilities.supportsSomewhere(.anyTag) && !abilities.supportsSomewhere(Self.own))
        #expect(abilities.tagNote == "all but one")
    }
}
