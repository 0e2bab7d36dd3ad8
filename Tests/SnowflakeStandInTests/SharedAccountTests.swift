import Foundation
import RevmetaTestSupport
import Testing

/// One account for all sessions of all processes.
struct SharedAccountTests {
    @Test func sessionsOfSeveralProcessesWriteSideBySide() async throws {
        let shop = try Shop()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<6 {
                group.addTask {
                    try await OwnThread.run {
                        let own = (0..<20).map {
                            "CREATE TABLE SHOP.SALES.T_\(writer)_\($0) (A INT COMMENT 'by \(writer)')"
                        }
                        let answers = try shop.account.ask(own)
                        #expect(answers.allSatisfy { $0.failure == nil })
                    }
                }
            }
            try await group.waitForAll()
        }
        let count = "SELECT COUNT(*) FROM SHOP.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME LIKE 'T@_%' ESCAPE '@'"
        #expect(try shop.account.run(count).rows == [["120"]])
    }

    @Test func onlyOneOfTwoMakesAThing() async throws {
        let account = try SnowflakeStandIn()
        let codes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await OwnThread.run { try account.ask(["CREATE DATABASE ONE"])[0].failure?.code ?? 0 }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.sorted() == [0, 2002, 2002, 2002])
    }

    @Test func aLineThatWasCutOffNeverWas() throws {
        let shop = try Shop()
        let log = shop.account.folder + "/log"
        let whole = try Data(contentsOf: URL(filePath: log))
        try shop.account.run("COMMENT ON TABLE SHOP.SALES.ORDERS IS 'half'")
        let longer = try Data(contentsOf: URL(filePath: log))
        try longer.prefix(whole.count + 20).write(to: URL(filePath: log))
        let comment = "SELECT COMMENT FROM SHOP.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'ORDERS'"
        #expect(try shop.account.run(comment).rows == [[nil]])
        try shop.account.run("COMMENT ON TABLE SHOP.SALES.ORDERS IS 'whole'")
        #expect(try shop.account.run(comment).rows == [["whole"]])
    }

    @Test func statementsAreWrittenDownWithTheirTag() throws {
        let shop = try Shop()
        shop.account.forgetStatements()
        _ = try shop.account.ask(
            ["ALTER SESSION SET QUERY_TAG = 'run 1'", "COMMENT ON TABLE ORDERS IS 'tab\t, line\n, \\\\'", "NONSENSE"],
            connection: Shop.keys("ANALYST"))
        #expect(
            shop.account.statements.map { [$0.queryTag, $0.role, "\($0.code)", $0.text] } == [
                ["run 1", "ANALYST", "0", "ALTER SESSION SET QUERY_TAG = 'run 1'"],
                ["run 1", "ANALYST", "3001", "COMMENT ON TABLE ORDERS IS 'tab\t, line\n, \\\\'"],
                ["run 1", "ANALYST", "1003", "NONSENSE"],
            ])
        #expect(Set(shop.account.statements.map(\.session)).count == 1)
    }

    @Test(arguments: [
        (["PWD": "wrong"], "28000", 390_100), (["UID": "NOBODY"], "28000", 390_100),
        (["Role": "STRANGER2"], "08001", 390_189),
        (["UID": "ANNA", "PWD": "a;}b", "Role": "ACCOUNTADMIN"], "08001", 390_189),
        (["Authenticator": "OAUTH", "Token": "none"], "08001", 390_303),
        (["Authenticator": "SNOWFLAKE_JWT", "PRIV_KEY_FILE": "/dev/null"], "28000", 44),
        (["Server": ""], "HY000", 20_032),
    ])
    func whoMayNotIn(_ keys: [String: String], _ state: String, _ code: Int) throws {
        let shop = try Shop()
        let failure = try #require(throws: SnowflakeStandIn.Failure.self) {
            try shop.account.ask(["SELECT 1"], connection: keys)
        }
        #expect(failure.sqlState == state && failure.code == code)
    }

    @Test func tokensAndKeysLetIn() throws {
        let shop = try Shop()
        try shop.account.addToken("token-1", for: "ANNA")
        let who = "SELECT CURRENT_USER(), CURRENT_ROLE()"
        #expect(
            try shop.account.run(who, connection: ["UID": "", "Authenticator": "oauth", "Token": "token-1"]).rows == [
                ["ANNA", "ANALYST"]
            ])
        let key = shop.account.folder + "/key.pem"
        try "-----BEGIN ENCRYPTED PRIVATE KEY-----\n".write(toFile: key, atomically: true, encoding: .utf8)
        var keys = [
            "UID": "ANNA", "Authenticator": "SNOWFLAKE_JWT", "PRIV_KEY_FILE": key, "PRIV_KEY_FILE_PWD": "secret",
        ]
        #expect(throws: SnowflakeStandIn.Failure.self) { try shop.account.run(who, connection: keys) }
        try shop.account.run("ALTER USER ANNA SET RSA_PUBLIC_KEY = 'MIIB'")
        #expect(try shop.account.run(who, connection: keys).rows == [["ANNA", "ANALYST"]])
        keys["PRIV_KEY_FILE_PWD"] = ""
        #expect(throws: SnowflakeStandIn.Failure.self) { try shop.account.run(who, connection: keys) }
    }
}
