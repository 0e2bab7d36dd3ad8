import Foundation
import RevmetaODBC
import RevmetaTestSupport
import Testing

/// The stand-in as a driver: through the layer that the connector uses.
struct DriverTests {
    @Test func textsOfAnyLengthComeThrough() throws {
        let shop = try Shop()
        let connection = try shop.connect(["Database": "SHOP", "Schema": "SALES"])
        let texts = [
            "", "ä€😀'\\\"\n\t", String(repeating: "😀x", count: 20_000), String(repeating: "ä", count: 4_095), "\u{1}",
        ]
        for text in texts {
            let literal = text.replacing("\\", with: "\\\\").replacing("'", with: "''")
            try connection.run("COMMENT ON TABLE ORDERS IS '\(literal)'")
            let rows = try connection.rows(
                "SELECT COMMENT, 'next' FROM SHOP.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'ORDERS'")
            #expect(rows.values == [[text.isEmpty ? nil : text, "next"]])
        }
    }

    @Test func theDriverIsFoundByTheVendorsName() throws {
        let account = try SnowflakeStandIn()
        let who = try account.run("SELECT CURRENT_USER()", connection: ["Driver": "SnowflakeDSIIDriver"])
        #expect(who.rows == [["ADMIN"]])
    }

    @Test func refusalsCarryTheirCode() throws {
        let shop = try Shop()
        let connection = try shop.connect()
        let error = try #require(throws: ODBCError.self) { try connection.rows("COMENT ON TABLE T IS 'x'") }
        #expect(error.records.map(\.sqlState) == ["42000"])
        #expect(error.records.map(\.vendorCode) == [1003])
        #expect(error.sentence.contains("syntax error line 1 at position 0 unexpected 'COMENT'"))
        #expect(try connection.rows("SELECT 1").values == [["1"]])
        #expect(shop.account.statements.suffix(2).map(\.code) == [1003, 0])
    }

    @Test func severalStatementsInOneText() throws {
        let shop = try Shop()
        let connection = try shop.connect(["Database": "SHOP", "Schema": "SALES"])
        let text = "SELECT 1 AS A; COMMENT ON TABLE ORDERS IS 'a;b'; SELECT 2 AS B"
        let refused = try #require(throws: ODBCError.self) { try connection.results(of: text) }
        #expect(refused.records.first?.vendorCode == 8)
        try connection.run("ALTER SESSION SET MULTI_STATEMENT_COUNT = 0")
        let results = try connection.results(of: text)
        #expect(results.map { $0?.columns } == [["A"], ["status"], ["B"]])
        let half = try connection.batch("SELECT 1 AS A; NONSENSE; SELECT 2 AS B")
        #expect(half.results.count == 1 && half.error?.records.first?.vendorCode == 1003)
        #expect(shop.account.statements.suffix(2).map(\.text) == ["SELECT 1 AS A", "NONSENSE"])
    }

    @Test func aStatementThatStallsIsCancelled() async throws {
        let shop = try Shop()
        let connection = try shop.connect(["Database": "SHOP", "Schema": "SALES"])
        try shop.account.plan(.stall, containing: "COMMENT ON")
        Thread {
            while shop.account.faultsLeft > 0 { sched_yield() }
            connection.cancel()
        }.start()
        let error = try await OwnThread.run { () -> ODBCError? in
            do throws(ODBCError) { try connection.run("COMMENT ON TABLE ORDERS IS 'x'") } catch { return error }
            return nil
        }
        #expect(error?.records.first?.vendorCode == 604)
        #expect(
            try shop.account.run("SELECT COMMENT FROM SHOP.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'ORDERS'").rows
                == [[nil]])
    }

    @Test func connectingStallsUntilItsTimeout() throws {
        let shop = try Shop()
        try shop.account.plan(.stall, containing: "CONNECT")
        let error = try #require(throws: ODBCError.self) { try shop.connect(loginTimeout: 1) }
        #expect(error.records.first?.sqlState == "HYT00")
        #expect(try shop.connect().rows("SELECT 1").values == [["1"]])
    }

    @Test(arguments: [(SnowflakeStandIn.Fault.drop, nil as String?), (.lose, "x")])
    func aLostConnection(_ fault: SnowflakeStandIn.Fault, _ comment: String?) throws {
        let shop = try Shop()
        let connection = try shop.connect(["Database": "SHOP", "Schema": "SALES"])
        try shop.account.plan(fault, containing: "COMMENT ON")
        let error = try #require(throws: ODBCError.self) { try connection.run("COMMENT ON TABLE ORDERS IS 'x'") }
        #expect(error.isOfConnection)
        #expect(throws: ODBCError.self) { try connection.run("SELECT 1") }
        let kept = try shop.account.run(
            "SELECT COMMENT FROM SHOP.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'ORDERS'")
        #expect(kept.rows == [[comment]])
    }

    @Test func theNthStatementFails() throws {
        let shop = try Shop()
        let connection = try shop.connect(["Database": "SHOP", "Schema": "SALES"])
        try shop.account.plan(
            .fail(code: 625, sqlState: "57014", message: "lock"), containing: "COMMENT", after: 2, times: 2)
        let codes = (0..<6).map { number -> Int32 in
            do throws(ODBCError) { try connection.run("COMMENT ON TABLE ORDERS IS '\(number)'") } catch {
                return Int32(error.records.first?.vendorCode ?? -1)
            }
            return 0
        }
        #expect(codes == [0, 0, 625, 625, 0, 0])
        try shop.account.plan(.rateLimit)
        let limited = try #require(throws: ODBCError.self) { try connection.run("SELECT 1") }
        #expect(limited.sentence.contains("429 Too Many Requests"))
        #expect(shop.account.statements.suffix(1).map(\.code) == [4])
    }
}
