import RevmetaModel
import Testing

@testable import RevmetaConfiguration

/// What a channel may say of templates.
@Suite struct TemplateKeysTests {
    private func channel(_ text: String) throws(ConfigurationProblems) -> Channel {
        try ConfigurationFile.parse(
            """
            catalog: { folder: c }
            services: {}
            channels:
              - name: all
                updateTags: true
            \(text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
            """, file: "revmeta.yaml", folder: "/x", environment: ["TOKEN": "hush"]
        ).channels[0]
    }

    @Test func oneTextAndAListTogether() throws {
        let channel = try channel("""
            sqlTemplate: COMMENT ON TABLE {table} IS {description}
            allowRaw: true
            sqlTemplates:
              - set: |
                  first {tag_value}
                  second
                clear: gone
                on: view
                of: tags
                serviceTypes: [Postgres, MySQL]
                engine: stencil
              - { set: "{owner}" }
            """)
        #expect(channel.templates == [
            ChannelTemplate(
                set: .init(
                    "COMMENT ON TABLE {table} IS {description}", place: "revmeta.yaml:6:18: channels[0].sqlTemplate"),
                allowsRaw: true),
            ChannelTemplate(
                set: .init("first {tag_value}\nsecond\n", place: "revmeta.yaml:9:14: channels[0].sqlTemplates[0].set"),
                clear: .init("gone", place: "revmeta.yaml:12:16: channels[0].sqlTemplates[0].clear"), on: .view, of: .tags,
                serviceTypes: ["Postgres", "MySQL"], engine: "stencil", allowsRaw: true),
            ChannelTemplate(
                set: .init("{owner}", place: "revmeta.yaml:17:16: channels[0].sqlTemplates[1].set"), allowsRaw: true),
        ])
        #expect(channel.templates[1].serves("mysql") && !channel.templates[1].serves("Oracle"))
    }

    @Test(arguments: [
        ("sqlTemplate: 'PUT ${TOKEN}'", true), ("sqlTemplates: [{ set: 'PUT ${TOKEN}' }]", true),
        ("sqlTemplate: &text PUT hush\nsqlTemplates: [{ set: *text }]", true), ("sqlTemplate: PUT $${TOKEN}", true),
        ("sqlTemplate: PUT hush", false),
    ])
    func whatMayHoldASecretIsPrivate(text: String, isPrivate: Bool) throws {
        #expect(try channel(text).templates.last?.set.isPrivate == isPrivate)
    }

    @Test func usuallyThereIsNone() throws {
        #expect(try channel("updateOwners: true").templates == [])
    }

    @Test(arguments: [
        ("sqlTemplate: ''", "expected a text, found an empty one"), ("sqlTemplates: []", "expected at least one template"),
        ("sqlTemplates: [{ clear: x }]", "the key 'set' is missing"),
        ("sqlTemplates: [{ set: x, on: tables }]", "expected database, schema, table, view, column or procedure"),
        ("sqlTemplates: [{ set: x, of: tag }]", "expected description, owner or tags"),
    ])
    func whatIsWrongIsTold(text: String, says: String) {
        let problems = #expect(throws: ConfigurationProblems.self) { try channel(text) }
        #expect(problems?.description.contains(says) == true, "\(problems?.description ?? "")")
    }
}
