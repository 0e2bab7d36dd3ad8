import Foundation
import RevmetaFormat
import RevmetaPlugin
import RevmetaStencil
import Testing

/// No value changes a statement's shape, and each comes back whole, as a parser says that is none of this project's.
@Suite struct InjectionTests {
    private struct Case: Encodable {
        var dialect: String
        var hostile: String
        var harmless: String
        var values: [String: String]
    }

    static let dialects = [
        Dialects.postgres, Dialects.mysql, Dialects.mysqlWithoutEscapes, Dialects.snowflake, Dialects.bigquery,
        Dialects.databricks, Dialects.sqlServer,
    ]
    private static let casesOfEach = 250

    @Test func noValueChangesAStatementsShape() async throws {
        var random = Hostile(seed: 20_261_125)
        var cases: [Case] = []
        for dialect in Self.dialects {
            let quotes = "\(dialect.identifierOpen ?? "")…\(dialect.identifierClose ?? "")"
            for engine in [format, stencil] {
                let template = try engine(Self.template(quotes), dialect)
                for _ in 0..<Self.casesOfEach {
                    let values = Self.values(&random, dialect)
                    cases.append(
                        Case(
                            dialect: dialect.name, hostile: try Self.statement(template, values),
                            harmless: try Self.statement(template, Self.markers(of: values)),
                            values: values))
                }
            }
        }
        let verdicts = try await Self.verdicts(cases)
        try #require(verdicts.count == cases.count)
        for (verdict, one) in zip(verdicts, cases) where verdict != "same" {
            Issue.record("\(one.dialect): \(verdict)\n\(one.hostile.debugDescription)")
        }
    }

    /// The check can fail: values that were only put between quotes change the shape.
    @Test func aStatementWithoutEscapesIsFound() async throws {
        let verdicts = try await Self.verdicts([
            Case(
                dialect: "postgresql", hostile: "SELECT 'a', 'b'", harmless: "SELECT 'qz1zq'",
                values: ["qz1zq": "a', 'b"]),
            Case(dialect: "mysql", hostile: "SELECT 'a\\nb'", harmless: "SELECT 'qz1zq'", values: ["qz1zq": "a\\nb"]),
            Case(dialect: "mysql", hostile: "SELECT 'a'; DROP x", harmless: "SELECT 'qz1zq'", values: ["qz1zq": "a"]),
            Case(dialect: "bigquery", hostile: "SELECT `a\\`b`", harmless: "SELECT `qz1zq`", values: ["qz1zq": "a`b"]),
        ])
        #expect(verdicts.count == 4)
        #expect(verdicts[0] == "another shape")
        #expect(verdicts[1].hasPrefix("Literal holds"))
        #expect(verdicts[2] != "same")
        #expect(verdicts[3] == "same")
    }

    /// Every context that there is, each variable in several.
    private static func template(_ quotes: String) -> String {
        let open = quotes.prefix(1), close = quotes.suffix(1)
        return """
            SELECT <description>, '<description>', 'o: <owner>. <description>.', N'<tag_value>', <tag_value|literal>,
              <owner|literal> AS <column>, t.\(open)<tag_key>\(close), '<table><schema>',
              <tag_value|identifier> /* it's */
            FROM <schema>.\(open)<table>\(close) AS t WHERE t.\(open)p_<column>\(close) = (<description>) -- it's
            """
    }

    private static func values(_ random: inout Hostile, _ dialect: Dialect) -> [String: String] {
        var values: [String: String] = [:]
        for number in 1...7 {
            // A dot inside backquotes separates names in BigQuery, so the engine refuses it; SQL Server takes a name
            // that begins with # for a temporary table's, quoted or not.
            let isText = number == 6
            let value = !isText ? random.name(isHeld: { $0 != "." && $0 != "#" }) : random.text()
            values["qz\(number)zq"] = value
        }
        return values
    }

    /// Each value is its own marker.
    private static func markers(of values: [String: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: values.keys.map { ($0, $0) })
    }

    private static func statement(_ template: any CompiledTemplate, _ values: [String: String]) throws -> String {
        let all: [String: VariableValue] = [
            "schema": .name(values["qz1zq"]), "table": .name(values["qz2zq"]), "column": .name(values["qz3zq"]),
            "tag_key": .name(values["qz4zq"]), "owner": .name(values["qz5zq"]), "description": .text(values["qz6zq"]),
            "tag_value": .text(values["qz7zq"]),
        ]
        let statements = try template.render(Variables(all))
        try #require(statements.count == 1)
        return statements[0]
    }

    private func format(_ text: String, _ dialect: Dialect) throws -> any CompiledTemplate {
        let text = text.replacing("<", with: "{").replacing(">", with: "}")
        return try FormatEngine.compile(TemplateText(text, dialect: dialect, names: variables().keys.sorted()), .trial)
    }

    private func stencil(_ text: String, _ dialect: Dialect) throws -> any CompiledTemplate {
        let text = text.replacing("<", with: "{{ ").replacing(">", with: " }}")
        return try StencilEngine.compile(TemplateText(text, dialect: dialect, names: variables().keys.sorted()), .trial)
    }

    /// One process for all cases.
    private static func verdicts(_ cases: [Case]) async throws -> [String] {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let python = try await Program(root.path + "/Scripts/sqlglot-venv.sh", []).output("")
        let encoder = JSONEncoder()
        let lines = try cases.map { String(decoding: try encoder.encode($0), as: UTF8.self) }.joined(separator: "\n")
        let script = here.path + "/same-shape.py"
        let output = try await Program(python.trimmingCharacters(in: .newlines), [script]).output(lines + "\n")
        return try output.split(separator: "\n").map { try JSONDecoder().decode(String.self, from: Data($0.utf8)) }
    }
}
