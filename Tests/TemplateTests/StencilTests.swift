import RevmetaPlugin
import RevmetaStencil
import Testing

/// Conditions, loops and the whole entity, with outputs placed as the engine format places them.
@Suite struct StencilTests {
    private static let entity = #"""
        {"name":"orders","displayName":"","tags":[{"tagFQN":"PII.Sensitive","labelType":"Manual"}],
         "owners":[{"name":"ann"},{"name":"bob \"b\""}],"extension":{"costCenter":"CC-1'00","rows":12,"share":0.5},
         "columns":[{"name":"id","tags":[]},
                    {"name":"e\u00e9\ud83c\udf31","tags":[{"tagFQN":"PII.Email"}]}],"domains":[]}
        """#

    private func stencil(
        _ text: String, _ dialect: Dialect = Dialects.postgres, _ changed: [String: VariableValue] = [:],
        allowsRaw: Bool = false
    ) throws -> [String] {
        var values = variables(changed)
        values["entity"] = .json(Self.entity)
        let template = try StencilEngine.compile(
            TemplateText(text, dialect: dialect, names: values.keys.sorted(), allowsRaw: allowsRaw), .trial)
        return try template.render(Variables(values))
    }

    private func problem(_ text: String, _ dialect: Dialect = Dialects.postgres) -> String {
        do {
            return "gives \(try stencil(text, dialect))"
        } catch let failure as Failure {
            return "\(failure.line):\(failure.column) \(failure.message)"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("COMMENT ON TABLE {{ schema }}.{{ table }} IS {{ description }};",
            [#"COMMENT ON TABLE "sales"."orders" IS 'It''s all'"#]),
        (#"x "{{ schema }}_a" '{{ owner }}: {{ description }}' N{{ description }}"#,
            [#"x "sales_a" 'ann: It''s all' N'It''s all'"#]),
        ("{% if owner == \"ann\" and not entity.domains %}a {{ owner }}{% else %}b{% endif %}", [#"a "ann""#]),
        ("{% ifnot entity.columns %}a{% elif entity.extension.rows > 11 %}{{ entity.extension.rows }}{% endif %}",
        ["'12'"]),
        ("{% for column in entity.columns %}c {{ column.name|identifier }} {{ column.name }};{% endfor %}",
            [#"c "id" 'id'"#, #"c "eé🌱" 'eé🌱'"#]),
        ("x '{% for o in entity.owners %}{{ o.name }}{% if not forloop.last %}, {% endif %}{% endfor %}'",
            [#"x 'ann, bob "b"'"#]),
        ("{% for c in entity.columns where c.tags %}{{ c.name|identifier }}{% empty %}none{% endfor %}", [#""eé🌱""#]),
        ("{% for c in entity.domains %}{{ c }}{% empty %}none{% endfor %}", ["none"]),
        ("{% for k, v in entity.extension %}{{ k|identifier }} = {{ v }};{% endfor %}",
            [#""costCenter" = 'CC-1''00'"#, #""rows" = '12'"#, #""share" = '0.5'"#]),
        ("{% for i in 1...3 %}{% if i == 3 %}{% break %}{% endif %}{{ i }},{% endfor %} {{ table }}",
        ["'1','2', \"orders\""]),
        ("SET TAGS {{ tags }} '{{ tags }}'",
        ["SET TAGS ('PII' = 'Sensitive', 'env' = 'prod') 'PII=Sensitive, env=prod'"]),
        ("{% for tag in tags %}{{ tag.key }}: {{ tag.value }}; {% endfor %}", ["'PII': 'Sensitive'", "'env': 'prod'"]),
        ("{{ tags|join:\", \" }} {{ tags.count }} {{ tags.last.key }}", ["'PII=Sensitive, env=prod' '2' 'env'"]),
        ("{{ entity.displayName }} {{ entity.nothing.at.all }} '{{ entity.displayName }}'", ["NULL NULL ''"]),
        ("{{ entity.displayName|default:entity.name|upper }} {{ description|truncate:4|lower }}", ["'ORDERS' 'it''s'"]),
        ("{{ \"it's; \" }} {{ description if owner == \"bob\" else owner }} {{ table if true }}",
        [#"'it''s; ' "ann" "orders""#]),
        ("{{ table }}\n  {%- if owner %} AND {%- endif -%}\n{# '{{ #} {{ owner }}", [#""orders" AND "ann""#]),
        ("{% if owner == 'nobody' %}{{ table }}{% endif %}", []),
        ("{{ description|split:\" \"|join:\"-\" }} {{ entity.domains.last.name }}", ["'It''s-all' NULL"]),
    ])
    func renders(_ text: String, _ statements: [String]) throws {
        #expect(try stencil(text, Dialects.postgres, ["description": .text("It's all")]) == statements)
    }

    @Test func aRawOutputNeedsTheConfigurationsLeave() throws {
        #expect(try stencil("x_{{ schema|raw }}", allowsRaw: true) == ["x_sales"])
        #expect(problem("x_{{ schema|raw }}").hasPrefix("1:13 expected a filter that the configuration allows"))
    }

    @Test(arguments: [
        ("a {{ tabel }}",
        "1:6 expected a variable that is known here, found \"tabel\": did you mean table? Known here: column,"),
        ("a\n {% if tabel %}{% endif %}", "2:8 expected a variable that is known here, found \"tabel\""),
        ("{% for c in entity.columns %}{% endfor %}{{ c }}",
        "1:45 expected a variable that is known here, found \"c\""),
        ("{{ table|uper }}", "1:10 expected a filter, found \"uper\": did you mean upper?"),
        ("{{ table|:x }}", "1:10 expected a filter, found \":\". Filters"), ("{{ table| }}",
        "1:11 expected a filter, found its end"),
        ("{{ table|truncate }}", "1:10 expected a value for the filter truncate, as in truncate:40"),
        ("{{ table|upper:3 }}", "1:10 expected no value for the filter upper"),
        ("{{ table|literal|upper }}", "1:10 expected \"literal\" as the last filter"),
        ("{{ table.name }}", "1:4 expected \"table\" alone, found \"table.name\": it is a text and has no parts"),
        ("{{ }}", "1:4 expected a variable or a text in quotes, found its end"),
        ("{{ table ; }}", "1:10 expected a variable, a filter or a condition, found \";\""),
        ("{{ table", "1:1 expected }} to close what begins here"), ("{% if",
        "1:1 expected %} to close what begins here"),
        ("{% if table %}", "1:1 expected {% endif %} for the tag that begins here"),
        ("{{ table }}{% endif %}", "1:12 expected no {% endif %}, found {% endif %}"),
        ("{% for a in tags %}{% endif %}", "1:20 expected {% endfor %}, found {% endif %}"),
        ("{% for in in tags %}{% endfor %}", "1:8 expected a new name for what the loop goes through"),
        ("{% for a in 1...100000 %}{% endfor %}", "1:13 expected a list or a range of whole numbers below 10,000"),
        ("{% include \"/etc/passwd\" %}",
        "1:4 expected a template in one piece, found \"include\": no other file is read"),
        ("{% extends \"a\" %}", "1:4 expected a template in one piece"), ("{% now %}",
        "1:4 expected a tag that gives the same"),
        ("{% revmeta 0 %}", "1:4 expected if, ifnot, elif"), ("{% else %}",
        "1:1 expected {% else %} once after {% if %}"),
        ("{% break %}", "1:1 expected {% break %} inside a loop"), ("SELECT 1",
        "1:1 expected a template that uses a variable"),
        ("{% if table and %}{% endif %}", "1:17 expected a variable or a text in quotes, found its end"),
        ("{% if (table %}{% endif %}", "1:14 expected ), found its end"),
        ("{{ table|default:\"x }}", "1:1 expected }} to close what begins here"),
        // Where an output stands is known when the statements are.
        ("\n-- {{ table }}", "2:4 expected no value inside a comment"), ("a{{ table }}",
        "1:2 expected a space or a sign"),
        ("'{% if table %}' {{ table }}{% endif %}", "gives [\"\\'\\' \\\"orders\\\"\"]"),
        ("'{% ifnot table %}'{% endif %} {{ table }}", "1:1 expected ' to close what begins here"),
        ("{{ entity }}", "1:1 expected a text in {{ entity }}, found a list or an object"),
        ("{{ entity.columns|upper }}", "1:1 expected a text in {{|upper}}, found a list or an object"),
    ])
    func refuses(_ text: String, _ message: String) {
        let problem = problem(text)
        #expect(problem.hasPrefix(message), "\(problem)")
    }

    @Test func aValueIsNeverRead() throws {
        let hostile = "{{ owner }}{% if %}'\u{1}recorder{#"
        #expect(try stencil("{{ description }} '{{ description }}'", Dialects.postgres, ["description": .text(hostile)])
            == ["'{{ owner }}{% if %}''\u{1}recorder{#' '{{ owner }}{% if %}''\u{1}recorder{#'"])
    }

    @Test func whatGrowsWithoutAnEndIsStopped() {
        let loops = (1...2).map { "{% for a\($0) in 1...9999 %}" }.joined()
        let text = loops + "{{ description }}" + String(repeating: "{% endfor %}", count: 2)
        #expect(problem(text).hasPrefix("0:0 expected at most 100000 texts, outputs and turns of loops for one change"))
    }

    @Test func usesSaysWhatIsUsed() throws {
        let template = try StencilEngine.compile(
            TemplateText(
                "{% for c in entity.columns where c.name == column %}{{ c.name }}{% endfor %}{{ table|default:owner }}",
                dialect: Dialects.postgres, names: ["entity", "column", "table", "owner", "description"]), .trial)
        #expect(template.names == ["entity", "column", "table", "owner"])
    }
}
