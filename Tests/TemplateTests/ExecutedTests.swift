import RevmetaFormat
import RevmetaPlugin
import RevmetaStencil
import RevmetaTestSupport
import Testing

/// Hostile values are placed, sent to a real server, and come back as they were.
@Suite struct ExecutedTests {
    private static let cases = 200

    /// A template for both engines: `<` and `>` stand for their braces.
    private func both(_ text: String, _ dialect: Dialect) throws -> [any CompiledTemplate] {
        let names = variables().keys.sorted()
        let format = text.replacing("<", with: "{").replacing(">", with: "}")
        let stencil = text.replacing("<", with: "{{ ").replacing(">", with: " }}")
        return [
            try FormatEngine.compile(TemplateText(format, dialect: dialect, names: names), .trial),
            try StencilEngine.compile(TemplateText(stencil, dialect: dialect, names: names), .trial),
        ]
    }

    private func render(
        _ template: any CompiledTemplate, _ description: String, _ table: String, _ column: String
    ) throws -> [String] {
        try template.render(Variables(variables([
            "description": .text(description), "table": .name(table), "column": .name(column),
        ])))
    }

    @Test func onPostgreSQL() throws {
        let client = try PostgresServer.shared.get().createDatabase().connect()
        let templates = try both(
            """
            SELECT <description>, '<description>', E'<description>', E<description>, N'<description>', '<table>',
              'a <column> b', $$it's$$;
            CREATE TABLE <table> ("<column>" int, "c_<column>" int);
            COMMENT ON TABLE <table> IS <description>;
            COMMENT ON COLUMN "<table>".<column> IS E'x: <description>'
            """, Dialects.postgres)
        var random = Hostile(seed: 15)
        for _ in 0..<Self.cases {
            let text = random.text(), table = random.name(), column = random.name()
            for template in templates {
                let statements = try render(template, text, table, column)
                try #require(statements.count == 4)
                #expect(try client.run(statements[0])
                    == [[text, text, text, text, text, table, "a \(column) b", "it's"]])
                for statement in statements.dropFirst() { try client.run(statement) }
                #expect(try client.run(
                    """
                    SELECT relname, obj_description(c.oid), a.attname, col_description(c.oid, 1), b.attname
                    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
                      JOIN pg_attribute b ON b.attrelid = c.oid AND b.attnum = 2
                    WHERE relnamespace = 'public'::regnamespace
                    """) == [[table, text, column, "x: \(text)", "c_\(column)"]])
                try client.run(SQL(Dialects.postgres).dropping(table))
            }
        }
    }

    @Test(arguments: ["", "NO_BACKSLASH_ESCAPES"]) func onMariaDB(mode: String) throws {
        let dialect = mode.isEmpty ? Dialects.mysql : Dialects.mysqlWithoutEscapes
        let client = try MariaDBServer.shared.get().createDatabase().connect()
        try client.run("SET sql_mode = '\(mode)', NAMES utf8mb4")
        let templates = try both(
            """
            SELECT <description>, '<description>', "<description>", N'<table>', _utf8mb4'<description>', '<table>',
              'a <column> b', '' # it's
              ;
            CREATE TEMPORARY TABLE <table> (`<column>` int, `c_<column>` int COMMENT 'x');
            SHOW COLUMNS FROM `<table>`
            """, dialect)
        var random = Hostile(seed: 10)
        for _ in 0..<Self.cases {
            // MariaDB's names hold no characters beyond U+FFFF, and no blanks at their ends.
            let isHeld = { (scalar: Unicode.Scalar) in scalar.value < 0x10000 }
            let text = random.text()
            let table = random.name(isHeld: isHeld) + "t", column = random.name(isHeld: isHeld) + "c"
            for template in templates {
                let statements = try render(template, text, table, column)
                try #require(statements.count == 3)
                #expect(try client.run(statements[0]) == [[text, text, text, table, text, table, "a \(column) b", ""]])
                try client.run(statements[1])
                #expect(try client.run(statements[2]).map { $0[0] } == [column, "c_\(column)"])
                try client.run(SQL(dialect).dropping(table))
            }
        }
    }
}

extension SQL {
    fileprivate consuming func dropping(_ table: String) -> String {
        raw("DROP TABLE ")
        name(table)
        return text
    }
}
