import Foundation
import RevmetaODBC
import RevmetaPlugin
import Synchronization
import Testing

/// Results, errors, batches, transactions.
struct StatementTests {
    @Test(arguments: Driver.all)
    func thereMayBeNoRowsOrMany(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE numbers (n int)")
        #expect(try connection.rows("SELECT n FROM numbers").values == [])
        let all = (1...5000).map { "(\($0))" }.joined(separator: ", ")
        try connection.run("INSERT INTO numbers VALUES \(all)")
        let rows = try connection.rows("SELECT n FROM numbers ORDER BY n")
        #expect(rows.count == 5000)
        #expect(rows.values.last == ["5000"])
    }

    /// ODBC calls that SQL_NO_DATA, which is no error.
    @Test(arguments: Driver.all)
    func aStatementThatChangesNoRowIsFine(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE numbers (n int)")
        try connection.run("DELETE FROM numbers WHERE n = 1")
        try connection.run("UPDATE numbers SET n = 2 WHERE n = 1")
    }

    @Test(arguments: Driver.all)
    func anErrorSaysWhatIsWrong(_ driver: Driver) throws {
        let connection = try driver.connect()
        let error = try #require(throws: ODBCError.self) { try connection.rows("SELECT * FROM nowhere_at_all") }
        #expect(error.sqlState.utf8.count == 5)
        #expect(error.sentence.contains("nowhere_at_all"))
        #expect(!error.sentence.hasPrefix("["))
        #expect(!error.sentence.contains("\n"))
        // The connection is none the worse for it.
        #expect(!error.isOfConnection)
        #expect(try connection.rows("SELECT 1").values == [["1"]])
    }

    @Test(arguments: Driver.servers)
    func whoMustActFollowsFromTheSQLState(_ driver: Driver) throws {
        let connection = try driver.connect()
        let missing = try #require(throws: ODBCError.self) { try connection.rows("SELECT * FROM nowhere_at_all") }
        #expect(missing.status == .notFound)
        #expect(missing.failure(of: "reading").status == .notFound)
        let syntax = try #require(throws: ODBCError.self) { try connection.run("SELEKT 1") }
        #expect(syntax.status == .failed)
    }

    @Test(arguments: Driver.all)
    func aTransactionIsKeptOrNot(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE numbers (n int)")
        try connection.setAutocommit(false)
        try connection.run("INSERT INTO numbers VALUES (1)")
        try connection.rollback()
        try connection.run("INSERT INTO numbers VALUES (2)")
        try connection.commit()
        try connection.setAutocommit(true)
        try connection.run("INSERT INTO numbers VALUES (3)")
        #expect(try connection.rows("SELECT n FROM numbers ORDER BY n").values == [["2"], ["3"]])
    }

    @Test(arguments: Driver.servers)
    func aBatchGivesEachResult(_ driver: Driver) throws {
        let connection = try driver.connect()
        let batch = try connection.batch(
            "CREATE TABLE numbers (n int); INSERT INTO numbers VALUES (1); SELECT n FROM numbers; SELECT n + 1 FROM numbers")
        #expect(batch.error == nil)
        #expect(batch.results.map { $0?.values } == [nil, nil, [["1"]], [["2"]]])
    }

    /// Where the error is told differs; that it is told, and that later statements did not run, does not.
    @Test(arguments: Driver.servers)
    func aBatchEndsWithItsFirstError(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE numbers (n int)")
        let batch = try connection.batch(
            "INSERT INTO numbers VALUES (1); INSERT INTO nowhere_at_all VALUES (2); INSERT INTO numbers VALUES (3)")
        #expect(try #require(batch.error).sentence.contains("nowhere_at_all"))
        #expect(batch.results.count <= 1)
        let kept = try connection.rows("SELECT n FROM numbers").values
        // PostgreSQL takes a text for one transaction, MariaDB each statement by itself.
        #expect(kept == (driver == .mariaDB ? [["1"]] : []))
    }

    /// Snowflake and PostgreSQL agree on this statement.
    @Test(arguments: [Driver.postgresUnicode, .postgresByPath, .postgresANSI])
    func commentsAreWritten(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE orders (id int)")
        try connection.run("COMMENT ON TABLE \"orders\" IS 'Größe; it''s 😀'")
        try connection.run("COMMENT ON COLUMN \"orders\".\"id\" IS 'the key'")
        let rows = try connection.rows(
            "SELECT obj_description('orders'::regclass, 'pg_class'), col_description('orders'::regclass, 1)")
        #expect(rows.values == [["Größe; it's 😀", "the key"]])
    }

    @Test(arguments: Driver.servers)
    func aStatementIsCancelledFromAnotherThread(_ driver: Driver) throws {
        let connection = try driver.connect()
        // Until it is under way there is nothing to cancel, so it is cancelled until it has ended.
        let hasEnded = Flag(), isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while !hasEnded.isSet {
                connection.cancel()
                Thread.sleep(forTimeInterval: 0.02)
            }
            isDone.signal()
        }
        let sleep = driver == .mariaDB ? "SELECT SLEEP(600)" : "SELECT pg_sleep(600)"
        var ended = "not cancelled"
        do throws(ODBCError) {
            // MariaDB lets a SLEEP that was cut short return 1.
            let rows = try connection.rows(sleep)
            if rows.values == [["1"]] { ended = "cancelled" }
        } catch {
            ended = "cancelled"
        }
        hasEnded.set()
        // What it cancels last is not the next statement.
        isDone.wait()
        #expect(ended == "cancelled")
        #expect(try connection.rows("SELECT 1").values == [["1"]])
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
