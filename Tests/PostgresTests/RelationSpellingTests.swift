import RevmetaPlugin
import Testing

@testable import RevmetaPostgres

@Suite struct RelationSpellingTests {
    /// What was spelled for the column before is of use only if schema and table are the same, byte for byte.
    @Test func eachColumnHasItsOwnRelation() {
        var relation = RelationSpelling()
        let columns: [([String], String)] = [
            (["d", "shop", "orders", "id"], #""shop"."orders"."id""#),
            (["d", "shop", "orders", "e\"mail"], #""shop"."orders"."e""mail""#),
            (["d", "sales", "orders", "id"], #""sales"."orders"."id""#),
            (["d", "sales", "lines", "id"], #""sales"."lines"."id""#),
            (["d", "a\"b", "c.d", "id"], #""a""b"."c.d"."id""#),
            (["d", "a", "caf\u{E9}", "id"], "\"a\".\"caf\u{E9}\".\"id\""),
            (["d", "a", "cafe\u{301}", "id"], "\"a\".\"cafe\u{301}\".\"id\""),
            (["d", "shop", "orders", "id"], #""shop"."orders"."id""#),
        ]
        for (path, expected) in columns {
            let sql = relation.comment(onColumn: path)
            // As bytes: two spellings of é are one text to a comparison, and two tables to a server.
            #expect(Array(sql.text.utf8) == Array("COMMENT ON COLUMN \(expected)".utf8))
        }
    }
}
