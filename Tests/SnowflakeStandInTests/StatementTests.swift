import Foundation
import RevmetaTestSupport
import Testing

/// What the stand-in accepts and refuses, as `statements.txt` has it.
struct StatementTests {
    @Test(arguments: [nil, "address"])
    func acceptsWhatIsDocumentedAndRefusesTheRest(_ sanitizer: String?) throws {
        let cases = try Self.cases()
        #expect(cases.count > 350)
        let answers = try SnowflakeStandIn(sanitizer: sanitizer).ask(cases.map(\.statement))
        for (expected, answer) in zip(cases, answers) {
            let found = answer.failure.map { "\($0.code)/\($0.sqlState)" } ?? "ok"
            #expect(
                found == expected.answer,
                "line \(expected.line): \(expected.statement): \(answer.failure?.message ?? "")")
        }
    }

    @Test func refusedStatementsChangeNothing() throws {
        let cases = try Self.cases()
        let (all, accepted) = (try SnowflakeStandIn(), try SnowflakeStandIn())
        _ = try all.ask(cases.map(\.statement))
        _ = try accepted.ask(cases.filter { $0.answer == "ok" }.map(\.statement))
        let questions = [
            "SELECT TABLE_NAME, TABLE_OWNER, COMMENT FROM SHOP.INFORMATION_SCHEMA.TABLES ORDER BY 1",
            "SELECT TABLE_NAME, COLUMN_NAME, COMMENT FROM SHOP.INFORMATION_SCHEMA.COLUMNS ORDER BY 1, 2",
            "SHOW GRANTS TO ROLE ANALYST",
            "SELECT TAG_NAME, TAG_VALUE, OBJECT_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES ORDER BY 1, 2, 3",
        ]
        for account in [all, accepted] { try account.set(.accountUsageAsOf, "now") }
        #expect(try all.ask(questions) == accepted.ask(questions))
    }

    struct Case {
        var line: Int
        var answer: String
        var statement: String
    }

    static func cases() throws -> [Case] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "statements.txt")
        let lines = try String(contentsOf: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            guard !line.isEmpty, !line.hasPrefix("#"), let space = line.firstIndex(of: " ") else { return nil }
            let statement = line[space...].drop { $0 == " " }
            return Case(line: index + 1, answer: String(line[..<space]), statement: String(statement))
        }
    }
}
