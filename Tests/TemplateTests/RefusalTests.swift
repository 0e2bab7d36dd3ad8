import RevmetaPlugin
import Testing

/// What cannot be placed with certainty does not compile, and the error says where and why.
@Suite struct RefusalTests {
    /// A template, and how the error begins, with its line and column.
    private func refusal(_ text: String, _ dialect: Dialect = Dialects.postgres) -> String {
        do {
            _ = try format(text, dialect)
            return "compiles"
        } catch let failure as Failure {
            return "\(failure.line):\(failure.column) \(failure.message)"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("COMMENT ON TABLE {tabel} IS 'x'",
            "1:19 expected a variable that is known here, found \"tabel\": did you mean {table}? Known here: column,"),
        ("é\n  {nonsense}", "2:4 expected a variable that is known here, found \"nonsense\". Known here: column,"),
        ("a {table", "1:9 expected } or | after {table, found the template's end"),
        ("a {table!r}", "1:9 expected } or | after {table, found \"!\""),
        ("a {}", "1:4 expected a variable's name after {, found \"}\". Write {{ for a brace"),
        ("a } b", "1:3 expected }} for a brace in the text, found a single }"),
        ("{table|uper}", "1:8 expected a filter, found \"uper\": did you mean upper? Filters are default,"),
        ("{table|}", "1:8 expected a filter, found \"}\". Filters are default,"),
        ("{table|raw}", "1:8 expected a filter that the configuration allows, found \"raw\""),
        ("{table|truncate}", "1:16 expected : and a value, as in truncate:40, found \"}\""),
        ("{table|truncate:0}", "1:17 expected a whole number from 1 on"),
        ("{table|default:x}", "1:16 expected a text in quotes, as in default:'nobody', found \"x\""),
        ("{table|default:'x}", "1:16 expected ' to close what begins here"),
        ("{table|literal|upper}", "1:16 expected } after a filter that says how the value is spelled"),
        ("SELECT 1", "1:1 expected a template that uses a variable, found none"),
        ("", "1:1 expected a template that uses a variable, found none"),
        ("-- {table}", "1:4 expected no value inside a comment"),
        ("/* /* */ {table} */", "1:10 expected no value inside a comment"),
        ("a $x$ {table} $x$", "1:7 expected no value between dollar quotes"),
        ("a $x$ {table", "1:13 expected } or | after {table"),
        ("{schema}_x {table}", "1:1 expected a space or a sign between the value and \"_x\""),
        ("x_{schema}", "1:3 expected a space or a sign between the value and \"x_\""),
        ("{schema}{table}", "1:9 expected something between two values"),
        ("'a'{table}", "1:4 expected a space or a sign between the value and \"'\""),
        ("{table}'a'", "1:1 expected a space or a sign between the value and \"'\""),
        ("`{owner}@gmail.com`", "1:2 expected a space or a sign between the value and \"`\""),
        ("@{table}", "1:2 expected a space or a sign between the value and \"@\""),
        ("U&{table}", "1:3 expected a space or a sign between the value and \"&\""),
        ("{table} U&'a'", "1:11 expected a literal without the prefix U&"),
        ("{table} U&\"a\"", "1:11 expected a name without the prefix U&"),
        ("xN{table}", "1:3 expected a space or a sign between the value and \"xN\""),
        ("'a'N{table}", "1:5 expected a space or a sign between the value and \"N\""),
        ("{table} IS'x'", "1:11 expected a space between \"IS\" and the literal"),
        ("{table} X'{table}'", "1:11 expected no value inside a literal of bits or bytes"),
        ("E'a'\n {table}", "2:2 expected no literal or value right after a literal with a prefix"),
        ("E'a' -- b\n '{table}'", "2:2 expected no literal or value right after a literal with a prefix"),
        ("E{table} /* */ 'b'", "1:16 expected no literal or value right after a literal with a prefix"),
        (#"E'\{table}'"#, "1:3 expected a character after the backslash"),
        ("{table} 'a", "1:9 expected ' to close what begins here"), ("{table} \"a", "1:9 expected \" to close what"),
        ("{table} /* a", "1:9 expected */ to close the comment"),
        ("{table} $$ a", "1:9 expected $$ to close what begins here"),
        ("{table} -- a\\\n b", "1:13 expected no backslash at the end of a comment's line"),
        ("1$$ {table} $$", "1:5 expected no value between dollar quotes"),
        ("{table} -- a\rb", "1:13 expected a line feed after the carriage return"),
    ])
    func inPostgreSQL(_ text: String, _ message: String) {
        let refusal = refusal(text)
        #expect(refusal.hasPrefix(message), "\(refusal)")
    }

    @Test func whatOtherDialectsReadOtherwise() {
        for (dialect, text, message) in [
            (Dialects.mysql, #"'\{table}'"#, "1:2 expected a character after the backslash"),
            (Dialects.mysql, "# {table}", "1:3 expected no value inside a comment"),
            (Dialects.mysql, "{table} --x", "1:9 expected a space after --"),
            (Dialects.mysql, "{table} /*!50000 x */", "1:9 expected a plain comment"),
            (Dialects.mysql, "E'{table}'", "1:2 expected a space between \"E\" and the literal"),
            (Dialects.mysql, "x\"{table}\"", "1:3 expected no value inside a literal of bits"),
            (Dialects.snowflake, "// {table}", "1:4 expected no value inside a comment"),
            (Dialects.bigquery, "'''{table}'''", "1:3 expected a space after the closing quote"),
            (Dialects.bigquery, "r'{table}'", "1:2 expected a space between \"r\" and the literal"),
            (Dialects.databricks, "{table} 'it''s'", "1:13 expected a space after the closing quote"),
            (Dialects.sqlServer, "[a]{table}", "1:4 expected a space or a sign between the value and \"]\""),
            (Dialects.oracle, "q'[{table}]'", "1:2 expected a space between \"q\" and the literal"),
        ] {
            let refusal = refusal(text, dialect)
            #expect(refusal.hasPrefix(message), "\(dialect.name): \(refusal)")
        }
    }
}
