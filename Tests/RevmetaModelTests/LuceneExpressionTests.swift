import RevmetaModel
import Testing

@Suite struct LuceneExpressionTests {
    @Test(arguments: [
        ("", ["": true, "a": false]), ("abc", ["abc": true, "xabc": false, "abcx": false]), ("a|bc|", ["a": true, "bc": true, "": true, "b": false]),
        ("a?b*c+", ["c": true, "abbcc": true, "ab": false, "aac": false]), ("(ab){2}", ["abab": true, "ab": false, "ababab": false]),
        ("a{2,}", ["a": false, "aa": true, "aaaaa": true]), ("a{1,2}b{0}c{0,1}", ["a": true, "aac": true, "aaac": false, "ab": false]),
        ("[a-c_]+", ["abc_": true, "d": false]), ("[^a-c]", ["d": true, "a": false, "": false]), ("[]x]", ["]": true, "x": true]),
        ("[a\\]\\d-]+", ["a]9-": true, "b": false]), ("\"a.b\"c", ["a.bc": true, "axbc": false]), ("x@", ["x": true, "xyz\n": true]),
        ("#|a", ["a": true, "": false]), ("a\\.b\\\\", ["a.b\\": true, "axb\\": false]), ("^a$/", ["^a$/": true, "a": false]),
        ("\\d+\\w\\s\\D", ["12_ x": true, "1_ 2": false]), (".", ["x": true, "e\u{301}": false, "😀": true, "": false]), ("..", ["e\u{301}": true]),
        ("((a|b)*c)*d", ["abcacd": true, "d": true, "abd": false]), ("()", ["": true]), ("*a", ["*a": true]),
    ])
    func wholeValues(expression: String, answers: [String: Bool]) throws {
        let lucene = try LuceneExpression(expression, ignoresCase: false)
        for (value, isMatch) in answers { #expect(lucene.matches(value) == isMatch, "\(expression) on '\(value)'") }
    }

    @Test(arguments: [("Dim_.*", "dIM_x"), ("[A-C]+", "aBc"), ("[^a]", "B"), ("ÜBER", "über"), ("\"Ab\"", "aB")])
    func caseCanBeIgnored(expression: String, value: String) throws {
        #expect(try LuceneExpression(expression, ignoresCase: true).matches(value))
        #expect(try LuceneExpression("[^a]", ignoresCase: true).matches("A") == false)
    }

    @Test(arguments: [
        "a(", "a)", "[a", "[]", "\"a", "a\\", "a{", "a{x}", "a{2,1}", "a{-1}", "a{1,2,3}", "[b-a]", "~a", "a&b", "<1-9>", "a{99999}",
        "((a{100}){100}){100}", "a{5000}{5000}", String(repeating: "(", count: 100_000), "a" + String(repeating: "*", count: 100_000),
        "[\\D]",
    ])
    func whatCannotBeEvaluatedIsRefused(expression: String) {
        let error = #expect(throws: LuceneExpression.Invalid.self) { try LuceneExpression(expression, ignoresCase: false) }
        #expect((error?.what.count ?? 0) > 20)
    }

    /// Many ways to match take no longer than one.
    @Test(arguments: ["(a*)*b", "(a|aa)+", "(a|a)*(a|a)*(a|a)*b", "(.*a){20}b", "((a?){30}a{30})*c"])
    func nothingHangs(expression: String) throws {
        let value = String(repeating: "a", count: 2_000)
        #expect(try LuceneExpression(expression, ignoresCase: true).matches(value + "c") == expression.hasSuffix("c"))
    }
}
