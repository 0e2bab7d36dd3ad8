import RevmetaModel
import Testing

@testable import RevmetaEngine

/// Finding a text in a statement.
@Suite struct LiteralTests {
    @Test(arguments: [
        ("COMMENT ON TABLE t IS 'Orders'", "Orders", true), ("COMMENT ON TABLE t IS 'It''s'", "It's", true),
        (#"COMMENT ON TABLE t IS 'a\\b''c'"#, #"a\b'c"#, true), (#"COMMENT ON TABLE t IS 'a\b'"#, #"a\b"#, true),
        ("COMMENT ON TABLE t IS 'See Orders'", "Orders", false), ("COMMENT ON TABLE t IS 'See ''Orders'' '", "Orders", false),
        ("COMMENT ON TABLE t IS '''Orders'''", "Orders", false), (#"COMMENT ON TABLE t IS 'see \'Orders\''"#, "Orders", false),
        ("COMMENT ON TABLE t IS 'orders'", "Orders", false), ("COMMENT ON TABLE Orders IS NULL", "Orders", false),
        ("COMMENT ON TABLE t IS 'e\u{301}'", "\u{E9}", false),
    ])
    func aWholeLiteralIsFound(statement: String, text: String, isThere: Bool) {
        #expect(statement.holdsLiteral(of: text, Dialect(name: "sql")) == isThere)
    }
}
