import RevmetaPlugin
import Testing

@Suite struct SQLTests {
    private func sql(_ dialect: Dialect = Dialect(name: "postgresql"), _ build: (inout SQL) -> Void) -> String {
        var sql = SQL(dialect)
        build(&sql)
        return sql.text
    }

    private static var backslashes: Dialect {
        var dialect = Dialect(name: "mysql", identifierQuote: "`")
        dialect.hasBackslashEscapes = true
        return dialect
    }

    @Test func buildsAStatement() {
        let text = sql {
            $0.raw("COMMENT ON FUNCTION ")
            $0.name(["public", "re\"fund"])
            $0.verbatim("(integer, text)")
            $0.raw(" IS ")
            $0.literal("it's")
        }
        #expect(text == #"COMMENT ON FUNCTION "public"."re""fund"(integer, text) IS 'it''s'"#)
    }

    @Test func takesOverWhatAnotherBuilt() {
        var table = SQL(Dialect(name: "postgresql"))
        table.name(["public", "re\"fund"])
        #expect(sql { $0.raw("COMMENT ON TABLE "); $0.append(table) } == #"COMMENT ON TABLE "public"."re""fund""#)
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), (#"""#, #""""""#), (#"a"b"c"#, #""a""b""c""#), ("a.b", #""a.b""#),
        ("it's", #""it's""#), (#"back\slash"#, #""back\slash""#), ("naïve 雪 🌱", #""naïve 雪 🌱""#),
        // A quote and the mark combined with it are one Character; the quote ends the name all the same.
        ("x\"\u{301}; DROP", "\"x\"\"\u{301}; DROP\""), ("\"\u{200D}", "\"\"\"\u{200D}\""),
        ("a\r\n\"", "\"a\r\n\"\"\""),
    ])
    func quotesNames(name: String, quoted: String) {
        // As scalars, since a combining mark must not hide a missing quote from the comparison.
        #expect(Array(sql { $0.name(name) }.unicodeScalars) == Array(quoted.unicodeScalars))
    }

    @Test func quotesNamesAsTheDialectDoes() {
        var brackets = Dialect(name: "mssql")
        brackets.identifierOpen = "["
        brackets.identifierClose = "]"
        #expect(sql(brackets) { $0.name("a]b[c") } == "[a]]b[c]")
        #expect(sql(Self.backslashes) { $0.name("a`b\\") } == "`a``b\\`")
        #expect(sql(Dialect(name: "text", identifierQuote: nil)) { $0.name(["a", "b\"c"]) } == "a.b\"c")
        #expect(sql { $0.name([String]()) } == "")
    }

    @Test(arguments: [
        ("plain", "'plain'"), ("", "''"), ("'", "''''"), ("a'b'c", "'a''b''c'"), (#"back\slash"#, #"'back\slash'"#),
        (#"\'"#, #"'\'''"#), ("\"", "'\"'"), ("$$; --", "'$$; --'"), ("line\nbreak", "'line\nbreak'"),
        ("x'\u{301}; DROP", "'x''\u{301}; DROP'"), ("'\u{20E3}", "'''\u{20E3}'"), ("e\u{301}", "'e\u{301}'"),
    ])
    func quotesLiterals(value: String, quoted: String) {
        #expect(Array(sql { $0.literal(value) }.unicodeScalars) == Array(quoted.unicodeScalars))
    }

    @Test(arguments: [
        (#"back\slash"#, #"'back\\slash'"#), (#"\'"#, #"'\\'''"#), (#"\"#, #"'\\'"#), ("it's", "'it''s'"),
        ("\\\u{301}", "'\\\\\u{301}'"), ("e\u{301}\\", "'e\u{301}\\\\'"),
    ])
    func doublesBackslashesWhereTheyEscape(value: String, quoted: String) {
        #expect(Array(sql(Self.backslashes) { $0.literal(value) }.unicodeScalars) == Array(quoted.unicodeScalars))
    }

    @Test func absentIsNULLAndEmptyIsNot() {
        #expect(sql { $0.literal(nil) } == "NULL")
        #expect(sql { $0.literal("NULL") } == "'NULL'")
        #expect(sql { $0.literal("") } == "''")
    }

    @Test func literalsHaveTheirPrefix() {
        var national = Dialect(name: "mssql")
        national.literalOpen = "N'"
        #expect(sql(national) { $0.literal("N'x'") } == "N'N''x'''")
    }

    @Test func quotesOfSeveralBytesAreDoubledWhole() {
        var guillemets = Dialect(name: "text")
        guillemets.literalOpen = "«"
        guillemets.literalClose = "»"
        // U+00BC shares its first byte with the closing mark.
        #expect(sql(guillemets) { $0.literal("a»b¼«") } == "«a»»b¼«»")
    }

    @Test func longTextsStayWhole() {
        let long = String(repeating: "it's 雪 ", count: 20_000)
        #expect(sql { $0.literal(long) } == "'" + long.replacing("'", with: "''") + "'")
    }

    @Test(arguments: [
        ("it's", #"'it\'s'"#), (#"\'"#, #"'\\\''"#), ("a\r\nb", #"'a\r\nb'"#), ("`", "'`'"), ("plain", "'plain'"),
    ])
    func escapesQuotesWhereTheyAreNotDoubled(value: String, quoted: String) {
        var dialect = Self.backslashes
        dialect.hasEscapedQuotes = true
        #expect(sql(dialect) { $0.literal(value) } == quoted)
    }

    @Test func namesAreEscapedOnlyWhereTheDialectEscapesThem() {
        var dialect = Self.backslashes
        dialect.hasEscapedQuotes = true
        #expect(sql(dialect) { $0.name(#"a`b\c"#) } == #"`a``b\c`"#)
        dialect.hasEscapedIdentifiers = true
        #expect(sql(dialect) { $0.name(#"a`b\c"#) } == #"`a\`b\\c`"#)
        dialect.hasEscapedQuotes = false
        #expect(sql(dialect) { $0.name(#"a`b\c"#) } == #"`a``b\\c`"#)
    }
}
