import Foundation
import RevmetaFormat
import RevmetaPlugin
import RevmetaStencil
import Testing

/// The examples of the engines' READMEs are rendered, and give what stands there.
@Suite struct ReadmeTests {
    private static let values: [String: VariableValue] = variables([
        "description": .text("It's all"), "tag_value": .text("Email"),
        "tags": .pairs([("PII", "Email"), ("env", "prod")]),
        "entity": .json(#"""
            {"owners":[{"name":"ann"},{"name":"bob"}],
             "columns":[{"name":"id","description":"The order's number"},{"name":"total","description":"With tax"},
                        {"name":"note","description":""}]}
            """#),
    ])

    @Test(arguments: [("Format", FormatEngine.self as any TemplateEngine.Type, 4), ("Stencil", StencilEngine.self, 2)])
    func examplesGiveWhatStandsThere(name: String, engine: any TemplateEngine.Type, count: Int) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Plugins/\(name)/README.md"), encoding: .utf8)
        let examples = text.components(separatedBy: "<!-- example: ").dropFirst()
        try #require(examples.count == count)
        for example in examples {
            let dialect = try #require(Dialects.all.first { example.hasPrefix($0.name + " -->") })
            let blocks = example.components(separatedBy: "```sql\n").dropFirst().map {
                $0.components(separatedBy: "\n```")[0]
            }
            try #require(blocks.count >= 2)
            let template = try engine.compile(
                TemplateText(blocks[0], dialect: dialect, names: Self.values.keys.sorted()), .trial)
            #expect(try template.render(Variables(Self.values)).joined(separator: ";\n") == blocks[1])
        }
    }

    /// What the README says of contexts, line by line.
    @Test(arguments: [
        ("{table}", #""orders""#), ("{description}", "'It''s all'"),
        ("'of {owner}: {description}'", "'of ann: It''s all'"), (#""{schema}_archive""#, #""sales_archive""#),
        ("N{description}", "N'It''s all'"), ("'{tags}'", "'PII=Email, env=prod'"),
    ])
    func contexts(_ text: String, _ statement: String) throws {
        #expect(try format(text, Dialects.postgres, Self.values) == [statement])
    }
}
