import RevmetaPlugin
import Testing

@testable import RevmetaPostgres

@Suite struct StatementShapeTests {
    @Test(arguments: [
        (#"COMMENT ON TABLE "s"."t" IS 'a; b'' -- $$ /* "'"#, StatementShape.comment),
        (#"COMMENT ON COLUMN "a;b"."--"."$" IS NULL"#, .comment),
        (#"ALTER TABLE "s"."t" OWNER TO "r""#, .single),
        ("comment on table t is 'x'", .single),
        ("COMMENT ON TABLE t IS 'x';", .several),
        (#"COMMENT ON TABLE t IS E'it\'s; '"#, .several),
        ("COMMENT ON TABLE t IS U&'x'", .several),
        ("COMMENT ON TABLE t IS $$x; y$$", .several),
        ("COMMENT ON TABLE t IS 'x' -- y", .several),
        ("COMMENT ON /* ' */ TABLE t IS 'x'", .several),
        ("COMMENT ON TABLE t IS 'open", .several),
        ("COMMENT ON TABLE t IS '", .several),
        ("COMMENT ON TABLE t IS 'a''", .several),
        ("COMMENT ON TABLE t IS ''", .comment),
        ("COMMENT ON TABLE t IS 'a'''", .comment),
        ("", .single),
        ("SELECT 1; SELECT 2", .several),
    ])
    func aTextTellsHowItIsSent(text: String, shape: StatementShape) {
        #expect(StatementShape(text) == shape)
    }

    /// A template's statement may be about anything, and depend on what was planned before it.
    @Test func whatATemplateWroteIsNoComment() {
        let text = #"COMMENT ON TABLE "s"."t" IS 'x'"#
        #expect(StatementShape(Statement(text: text, changes: [0])) == .comment)
        #expect(StatementShape(Statement(text: text, changes: [0], parts: [text])) == .single)
        #expect(StatementShape(Statement(text: "\(text);\n\(text)", changes: [0], parts: [text, text])) == .several)
    }
}
