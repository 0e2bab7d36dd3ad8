import Foundation
import RevmetaFormat
import RevmetaPlugin
import RevmetaStencil
import RevmetaTestSupport
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

    @Test(arguments: [("Format", FormatEngine.self as any TemplateEngine.Type, 7), ("Stencil", StencilEngine.self, 2)])
    func examplesGiveWhatStandsThere(name: String, engine: any TemplateEngine.Type, count: Int) throws {
        let examples = try Self.examples(name)
        try #require(examples.count == count)
        for example in examples {
            let template = try engine.compile(
                TemplateText(example.template, dialect: example.dialect, names: Self.values.keys.sorted()), .trial)
            #expect(try template.render(Variables(Self.values)).joined(separator: ";\n") == example.statements)
        }
    }

    /// The recipes for PostgreSQL do at a server what they are for.
    @Test func recipesRun() throws {
        let recipes = try Self.examples("Format").suffix(3).map(\.template)
        let client = try PostgresServer.shared.get().createDatabase().connect()
        try client.run(
            """
            CREATE SCHEMA governance; CREATE SCHEMA sales; CREATE TABLE sales.orders (total int);
            CREATE TABLE governance.tag (entity text, key text, value text, PRIMARY KEY (entity, key))
            """)
        func run(_ recipe: Int, _ tag: String) throws {
            let values = Self.values.merging(["tag_value": .text(tag)]) { $1 }
            for statement in try format(Array(recipes)[recipe], Dialects.postgres, values) { try client.run(statement) }
        }
        let tags = "SELECT entity, key, value FROM governance.tag"
        try run(0, "Email")
        try run(0, "it's")
        #expect(try client.run(tags) == [["shop.sales.orders", "PII", "it's"]])
        try run(1, "it's")
        #expect(try client.run(tags) == [])
        // As far as a server without the provider goes.
        do {
            try run(2, "it's")
            Issue.record("a server without security labels took one")
        } catch let problem as ServerProblem {
            #expect(problem.description.contains("security label provider \"anon\" is not loaded"))
        }
    }

    private static func examples(_ name: String) throws -> [(dialect: Dialect, template: String, statements: String)] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Plugins/\(name)/README.md"), encoding: .utf8)
        return try text.components(separatedBy: "<!-- example: ").dropFirst().map { example in
            let dialect = try #require(Dialects.all.first { example.hasPrefix($0.name + " -->") })
            let blocks = example.components(separatedBy: "```sql\n").dropFirst().map {
                $0.components(separatedBy: "\n```")[0]
            }
            try #require(blocks.count >= 2)
            return (dialect, blocks[0], blocks[1])
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
