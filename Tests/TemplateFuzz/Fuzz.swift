import RevmetaFormat
import RevmetaPlugin
import RevmetaSQLText
import RevmetaStencil

struct Fuzz {
    private(set) var compiled = 0
    private(set) var rendered = 0
    private var random: Hostile
    private let dialects = Dialects.all.map { (dialect: $0, rules: SQLRules($0)) }
    private static let names = [
        "database", "schema", "table", "column", "description", "owner", "tag_key", "tag_value", "tags", "entity",
    ]

    init(seed: UInt64) {
        random = Hostile(seed: seed)
    }

    /// Tries one input; gives what is wrong.
    mutating func step() -> String? {
        let (dialect, rules) = dialects[Int.random(in: 0..<dialects.count, using: &random)]
        let isFormat = Int.random(in: 0..<8, using: &random) > 0
        let text = text(isFormat ? Self.format : Self.stencil)
        let template = TemplateText(
            text, dialect: dialect, names: Self.names, allowsRaw: false)
        do throws(Failure) {
            let made = try isFormat ? FormatEngine.compile(template, .trial) : StencilEngine.compile(template, .trial)
            compiled += 1
            return check(made, text, rules)
        } catch {
            return error.line > 0 && error.column > 0 && !error.message.isEmpty
                ? nil : "a problem without its place: \(error)\n\(text.debugDescription)"
        }
    }

    private mutating func check(_ template: any CompiledTemplate, _ text: String, _ rules: SQLRules) -> String? {
        let entity = entity()
        let plain = try? render(template, values(entity) { _ in "a" })
        for _ in 0..<2 {
            var random = self.random
            let values = values(entity) { isName in isName ? random.name() : random.text() }
            self.random = random
            guard let statements = try? render(template, values) else { continue }
            rendered += 1
            // Loops and conditions of stencil may look at values.
            if let plain, isAlike(text), plain.count != statements.count {
                return "\(statements.count) statements, not \(plain.count)\n\(text.debugDescription)\n\(statements)"
            }
            for statement in statements {
                var source = SQLSource()
                source.append(text: Array(statement.utf8), at: 0)
                do throws(SQLTextProblem) {
                    let layout = try SQLLayout(source, rules)
                    if layout.count == 1 { continue }
                    return "\(layout.count) statements in one\n\(text.debugDescription)\n\(statement.debugDescription)"
                } catch {
                    return "\(error.message)\n\(text.debugDescription)\n\(statement.debugDescription)"
                }
            }
        }
        return nil
    }

    /// Whether the template has no tags, so that values decide nothing.
    private func isAlike(_ text: String) -> Bool { !text.contains("{%") && !text.contains(" if ") }

    private func render(
        _ template: any CompiledTemplate, _ values: [String: VariableValue]
    ) throws(Failure) -> [String] {
        let change = Change(kind: "table", path: ["a"], attribute: "description", before: nil, value: nil)
        return try template.render(change, Variables(values), .trial)
    }

    /// JSON, which in some inputs is none any more.
    private mutating func entity() -> String {
        var bytes = Array(Self.entity.utf8)
        guard Int.random(in: 0..<4, using: &random) == 0 else { return Self.entity }
        bytes.insert(contentsOf: random.text().utf8, at: Int.random(in: 0...bytes.count, using: &random))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func values(_ entity: String, _ text: (_ isName: Bool) -> String) -> [String: VariableValue] {
        [
            "database": .name(text(true)), "schema": .name(text(true)), "table": .name(text(true)),
            "column": .name(text(true)), "owner": .name(text(true)), "tag_key": .name(text(true)),
            "description": .text(text(false)), "tag_value": .text(text(false)),
            "tags": .pairs([(text(false), text(false)), (text(false), text(false))]), "entity": .json(entity),
        ]
    }

    private mutating func text(_ pieces: [String]) -> String {
        let length = Int.random(in: 1...14, using: &random)
        return (0..<length).map { _ in
            switch Int.random(in: 0..<10, using: &random) {
            case 0: random.text()
            case 1...4: Self.sql[Int.random(in: 0..<Self.sql.count, using: &random)]
            default: pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
        }.joined()
    }

    private static let sql = [
        "COMMENT ON TABLE ", " IS ", ".", ";", "; ", " ", "\n", ", ", "'", "\"", "`", "[", "]", "N", "E", "X", "'a'",
        "\"b\"",
        "-- c\n", "/* d */", "$$", "$t$", " = ", "(", ")", "BEGIN ", "END", "CASE ", "DECLARE ", "'it''s'", "#", "//",
        "\\",
        "''", "\r", "_x", "END IF", " N", " E", "'", "'", "\"",
    ]
    private static let format = [
        "{table}", "{schema}", "{description}", " {table} ", " {description} ", "'{description}'", "\"{table}\"",
        "`{table}`",
        "[{column}]", "{tags}", "N{description}", "E'{description}'", "{owner|upper}", "{description|truncate:3}",
        "{description|default:'x'}", "{tag_value|identifier}", "{tag_key|literal}", "{description|plaintext}", "{{",
        "}}",
        "{", "}", "{tabel}", "{table|", "|", ":", "'{table|identifier}'", "{description|oneline}", "{entity}",
    ]
    private static let stencil = [
        "{{ table }}", "{{ description }}", " {{ schema }} ", "'{{ description }}'", "\"{{ table }}\"", "{{ tags }}",
        "{% if owner %}", "{% else %}", "{% elif table == \"a\" %}", "{% endif %}", "{% for c in entity.columns %}",
        "{{ c.name }}", "{% endfor %}", "{% empty %}", "{% for i in 1...9 %}", "{{ entity.tags.last.name }}", "{{",
        "}}",
        "{%", "%}", "{% if (", ") %}", "{{ owner|upper }}", "{{ description|truncate:3|identifier }}",
        "{{ tags.0.key }}",
        "{# c #}", "{{ table|", "|default:\"'\" }}", "{% break %}", "{%- if not table -%}", "{{ \"'\" }}",
        "{{ c if c else c }}",
        "{{ x|: }}", "{{ forloop.counter }}", "{{ entity.columns|join:\",\" }}", "{% for k, v in entity %}", "{{ v }}",
        "...",
        "{{ tags|split:\"\" }}", "{{ entity.name.first }}", "{{ 1e999 }}", "{{ inf }}", "{{ 123456789012 }}",
    ]
    private static let entity = #"""
        {"name":"o'\"`","tags":[],"columns":[{"name":"a'b"},{"name":"c\"d\\"}],
         "rows":12,"share":0.5,"ok":true,"none":null}
        """#
}
