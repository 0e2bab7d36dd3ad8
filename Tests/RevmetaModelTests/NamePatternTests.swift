import RevmetaModel
import Testing

@Suite struct NamePatternTests {
    @Test(arguments: [
        ("orders", "orders", true), ("orders", "Orders", false), ("orders", "orders2", false),
        ("sales_*", "sales_eu", true), ("sales_*", "sales_", true), ("sales_*", "xsales_eu", false),
        ("*", "", true), ("*", "anything.at all", true), ("?", "é", true), ("?", "", false), ("a?c", "abc", true),
        ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "zx", true), ("[]]", "]", true),
        ("\\*", "*", true), ("\\*", "a", false), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
        ("/^tmp_/", "tmp_1", true), ("/^tmp_/", "a_tmp_1", false), ("/TMP/i", "x_tmp", true), ("/tmp$/", "x_tmp", true),
    ])
    func matches(pattern: String, name: String, expected: Bool) throws {
        #expect(try NamePattern(pattern).matches(name) == expected)
    }

    @Test(arguments: [
        ("", "empty"), ("/", "regular expression"), ("//", "regular expression"), ("/abc", "expected /…/"),
        ("/(/", "regular expression"), ("a\\", "backslash"), ("[a", "without its ]"), ("[z-a]", "backwards"),
    ])
    func saysWhatIsWrong(pattern: String, complaint: String) {
        let error = #expect(throws: NamePattern.Invalid.self) { try NamePattern(pattern) }
        #expect(error?.description.contains(complaint) == true)
    }

    @Test func aPatternOfManyStarsStaysFast() throws {
        let pattern = try NamePattern(String(repeating: "*a", count: 40) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 4000)))
    }
}
