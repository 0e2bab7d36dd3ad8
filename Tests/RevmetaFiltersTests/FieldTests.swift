import RevmetaFilters
import Testing

/// Every field, in every spelling it has or had, asked by every clause that asks for a value.
@Suite struct FieldTests {
    static let cases = FilterCase.read("fields.txt")
    private static let all = ["fact_orders", "dim_customer", "scratch_pad", "untold", "public"]

    @Test(arguments: cases)
    func clauses(_ one: FilterCase) async throws {
        let parts = one.filter.split(separator: " = ", maxSplits: 1).map(String.init)
        try #require(parts.count == 2)
        let (field, value) = (parts[0], parts[1])
        var clauses = [
            #"{"term":{"\#(field)":"\#(value)"}}"#, #"{"term":{"\#(field)":{"value":"\#(value)"}}}"#,
            #"{"terms":{"\#(field)":["no such","\#(value)"]}}"#, #"{"wildcard":{"\#(field)":{"value":"\#(Self.blurred(value))"}}}"#,
            #"{"wildcard":{"\#(field)":"\#(value)*"}}"#, #"{"prefix":{"\#(field)":"\#(value)"}}"#,
            #"{"regexp":{"\#(field)":{"value":"\#(Self.literal(value))"}}}"#,
        ]
        if value == "any" { clauses = [#"{"exists":{"field":"\#(field)"}}"#] }
        let others = Self.all.filter { !one.matches.contains($0) && !one.matches.contains($0 + "?") }
        for clause in clauses {
            try await one.expect("{\"query\":\(clause)}")
            let turned = FilterCase(
                line: one.line, filter: clause, matches: others + one.matches.filter { $0.hasSuffix("?") })
            try await turned.expect(#"{"query":{"bool":{"must_not":[\#(clause)]}}}"#)
        }
    }

    @Test func thereAreCases() {
        #expect(Self.cases.count > 100)
    }

    /// A text with one of its letters as a wildcard.
    private static func blurred(_ text: String) -> String {
        text.prefix(text.count * 2 / 3) + "?" + text.dropFirst(text.count * 2 / 3 + 1)
    }

    /// A text as a regular expression of Lucene's, inside JSON.
    private static func literal(_ text: String) -> String {
        text.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == " " ? String($0) : "\\\\\($0)" }.joined()
    }
}
