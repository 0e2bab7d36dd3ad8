import RevmetaPlugin
import Testing

/// What stands around a place decides how its value is spelled.
@Suite struct PlacementTests {
    private func one(
        _ text: String, _ dialect: Dialect = Dialects.postgres, _ changed: [String: VariableValue] = [:],
        allowsRaw: Bool = false
    ) throws -> String {
        let statements = try format(text, dialect, changed, allowsRaw: allowsRaw)
        try #require(statements.count == 1)
        return statements[0]
    }

    @Test(arguments: [
        ("X {table}", #"X "it's ""a"" `b` [c] \d""#),
        (#"X "{table}""#, #"X "it's ""a"" `b` [c] \d""#),
        (#"X "t_{table}_x""#, #"X "t_it's ""a"" `b` [c] \d_x""#),
        ("X '{table}'", #"X 'it''s "a" `b` [c] \d'"#),
        ("X '{table}{table}'", #"X 'it''s "a" `b` [c] \dit''s "a" `b` [c] \d'"#),
        ("X E'{table}'", #"X E'it''s "a" `b` [c] \\d'"#),
        ("X E{table}", #"X E'it''s "a" `b` [c] \\d'"#),
        ("X n{table}", #"X n'it''s "a" `b` [c] \d'"#),
        ("X {table|literal}", #"X 'it''s "a" `b` [c] \d'"#),
        ("X '{table|identifier}'", #"X '"it''s ""a"" `b` [c] \d"'"#),
        ("X '''{table}'''", #"X '''it''s "a" `b` [c] \d'''"#),
        ("X a[1],({table}),b", #"X a[1],("it's ""a"" `b` [c] \d"),b"#),
    ])
    func inPostgreSQL(_ text: String, _ statement: String) throws {
        #expect(try one(text, Dialects.postgres, ["table": .name(#"it's "a" `b` [c] \d"#)]) == statement)
    }

    @Test(arguments: [
        ("X {table}", #"X `it's "a" ``b`` \d`"#), ("X '{table}'", #"X 'it''s "a" `b` \\d'"#),
        (#"X "{table}""#, #"X "it's ""a"" `b` \\d""#), ("X `{table}`", #"X `it's "a" ``b`` \d`"#),
        ("X _utf8mb4'{table}'", #"X _utf8mb4'it''s "a" `b` \\d'"#),
    ])
    func inMySQL(_ text: String, _ statement: String) throws {
        #expect(try one(text, Dialects.mysql, ["table": .name(#"it's "a" `b` \d"#)]) == statement)
    }

    @Test func inSQLServer() throws {
        let values: [String: VariableValue] = ["table": .name("it's [a] \"b\""), "description": .text("it's")]
        #expect(try one("X {table}, [{table}], '{table}'", Dialects.sqlServer, values)
            == #"X [it's [a]] "b"], [it's [a]] "b"], 'it''s [a] "b"'"#)
        #expect(try one("X {description}, N{description}, N'{description}'", Dialects.sqlServer, values)
            == "X N'it''s', N'it''s', N'it''s'")
    }

    @Test func absentIsNULLOutsideQuotesAndEmptyInside() throws {
        let none: [String: VariableValue] = ["description": .text(nil), "owner": .name(nil)]
        #expect(try one("X {description}, N{description}, '{description}', '{owner}'", Dialects.sqlServer, none)
            == "X NULL, NULL, '', ''")
        #expect(try one("X {description|default:'it''s'} {owner|default:'nobody'}", Dialects.postgres, none)
            == #"X 'it''s' "nobody""#)
        #expect(throws: Failure(.config, "{owner} is absent, and a name cannot be left out")) {
            try one("OWNER TO {owner}", Dialects.postgres, none)
        }
    }

    @Test func textsAroundAreKeptInALiteral() throws {
        #expect(try one("X 'owner: {owner}. {description}'", Dialects.postgres, ["description": .text("It's")])
            == "X 'owner: ann. It''s'")
        #expect(try one("X `{owner}@gmail.com`", Dialects.databricks, ["owner": .name("a`b")]) == "X `a``b@gmail.com`")
        #expect(try one("X '{tags}'") == "X 'PII=Sensitive, env=prod'")
    }

    @Test func listsAreSpelledByTheDialect() throws {
        let tags: [String: VariableValue] = ["tags": .pairs([("it's", #"a\b"#)])]
        #expect(try one("{tags}", Dialects.bigquery, tags) == #"[('it\'s', 'a\\b')]"#)
        #expect(try one("{tags}", Dialects.databricks, tags) == #"('it\'s' = 'a\\b')"#)
        #expect(try one("{tags|upper}", Dialects.postgres, tags) == #"('IT''S' = 'A\B')"#)
    }

    @Test func filtersChangeTheText() throws {
        let values: [String: VariableValue] = [
            "description": .text("**Bold**  and\n[link](https://example.org)"), "owner": .name("Ann"),
        ]
        #expect(try one("{description|oneline}", Dialects.postgres, values)
            == "'**Bold** and [link](https://example.org)'")
        #expect(try one("{description|plaintext|truncate:4}", Dialects.postgres, values) == "'Bold'")
        #expect(try one("{ owner | upper } '{owner|lower}'", Dialects.postgres, values) == #""ANN" 'ann'"#)
        #expect(try one("{description|truncate:3}", Dialects.postgres, ["description": .text("ae\u{301}e\u{301}x")])
            == "'ae\u{301}'")
        #expect(try one("{{{owner}}} '}}{{'") == #"{"ann"} '}{'"#)
    }

    @Test func aRawValueIsPlacedAsItIsWhereThatIsAllowed() throws {
        let values: [String: VariableValue] = ["description": .text("a') + f('b"), "owner": .name("ann")]
        #expect(try one("x_{owner|raw}_y f('{description|raw}')", Dialects.postgres, values, allowsRaw: true)
            == "x_ann_y f('a') + f('b')")
    }

    @Test(arguments: [
        ("COMMENT ON TABLE {table} IS {description}; ALTER TABLE {table} OWNER TO {owner} ;\n",
            [#"COMMENT ON TABLE "orders" IS 'All orders'"#, #"ALTER TABLE "orders" OWNER TO "ann""#]),
        ("; ;-- nothing; here\n/* ; */ {table};;", [#""orders""#]),
        ("a 'x;{table}'; b \"y;\" {table}; c $$;$$ $t$ ; $$ $t$; d -- ;\n e; f", [
            "a 'x;orders'", "b \"y;\" \"orders\"", "c $$;$$ $t$ ; $$ $t$", "d -- ;\n e", "f",
        ]),
        ("BEGIN; {table}; COMMIT", ["BEGIN", #""orders""#, "COMMIT"]),
        ("BEGIN TRANSACTION; {table}; END;", ["BEGIN TRANSACTION", #""orders""#, "END"]),
        ("IF 1=1 BEGIN a {table}; b; END ELSE BEGIN c; END; d",
            [#"IF 1=1 BEGIN a "orders"; b; END ELSE BEGIN c; END;"#, "d"]),
        ("BEGIN IF {table} THEN a; END IF; CASE WHEN b THEN c; END CASE; END; e",
            [#"BEGIN IF "orders" THEN a; END IF; CASE WHEN b THEN c; END CASE; END;"#, "e"]),
        ("BEGIN x := CASE {table} WHEN 1 THEN 2 END; END; e",
            [#"BEGIN x := CASE "orders" WHEN 1 THEN 2 END; END;"#, "e"]),
        ("SELECT CASE 1 WHEN 1 THEN {table} END; b", [#"SELECT CASE 1 WHEN 1 THEN "orders" END"#, "b"]),
        ("DECLARE @x int = 1; EXEC {table} @x;", [#"DECLARE @x int = 1; EXEC "orders" @x;"#]),
    ])
    func splitsAtStatementEnds(_ text: String, _ statements: [String]) throws {
        #expect(try format(text, Dialects.postgres) == statements)
    }

    @Test func namesThatCannotBeAreRefused() throws {
        let long = String(repeating: "x", count: 40)
        let values: [String: VariableValue] = ["schema": .name(long), "table": .name(long + long), "column": .name("")]
        #expect(throws: Failure(.config, "{table} makes a name of 80 bytes, and postgresql takes at most 63")) {
            try one("X {table}", Dialects.postgres, values)
        }
        #expect(throws: Failure(.config, "{schema} makes a name of 81 bytes, and postgresql takes at most 63")) {
            try one(#"X "{schema}_{schema}""#, Dialects.postgres, values)
        }
        #expect(try one(#"X "{schema}""#, Dialects.postgres, ["schema": .name(String(repeating: "\"", count: 63))])
            == "X \"" + String(repeating: "\"", count: 126) + "\"")
        #expect(throws: Failure(.config, "{column} is empty, and a name cannot be")) {
            try one("{column}", Dialects.postgres, values)
        }
        let dotted = #"{table} is "a.b": bigquery takes the dot in a name for the end of the name"#
        #expect(throws: Failure(.config, dotted)) {
            try one("`{schema}.{table}`", Dialects.bigquery, ["table": .name("a.b")])
        }
        #expect(throws: Failure(.config, "{tags} is a list, which a name cannot hold")) { try one(#""{tags}""#) }
    }

    @Test(arguments: ["{table}", "'{table}'", "\"{table}\"", "E'{table}'", "{table|literal}", "'{table|identifier}'"])
    func noStatementCarriesU0000(_ text: String) {
        #expect(throws: Failure(.config, "\(text.trimmed) holds the character U+0000, which no statement can carry")) {
            try one(text, Dialects.postgres, ["table": .name("a\0b")])
        }
    }
}

extension String {
    /// Without the quotes around it.
    fileprivate var trimmed: String { String(drop { $0 != "{" }.prefix { $0 != "}" }) + "}" }
}
