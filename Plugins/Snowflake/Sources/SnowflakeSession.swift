import RevmetaODBC
import RevmetaPlugin

/// One connection, its session pinned to what the connector's statements depend on. Belongs to one lane.
final class SnowflakeSession: LaneSession, @unchecked Sendable {  // used by its lane; cancel is any thread's
    /// Otherwise Snowflake would fold quoted names too, and take one table for another.
    static let pin = "ALTER SESSION SET QUOTED_IDENTIFIERS_IGNORE_CASE = FALSE"

    private let connection: Connection
    private(set) var isLost = false
    private var queryTag: String?

    init(_ settings: SnowflakeSettings) throws(Failure) {
        do throws(ODBCError) {
            connection = try Connection(settings.connection, loginTimeout: settings.connectTimeout)
        } catch {
            throw error.connectFailure(to: settings.account)
        }
        do throws(ODBCError) {
            try connection.run(Self.pin)
        } catch {
            connection.close()
            throw error.snowflakeFailure(of: Self.pin)
        }
    }

    func cancel() { connection.cancel() }

    func close() { connection.close() }

    /// Runs a statement for its effect.
    ///
    /// - Parameter tag: The statement's query tag; the session's is set only if it is another one.
    func run(_ statement: String, tag: String) throws(ODBCError) {
        try noticing { () throws(ODBCError) in
            try wear(tag)
            try connection.run(statement)
        }
    }

    /// Runs a query.
    func rows(_ query: String, tag: String) throws(ODBCError) -> Rows {
        try noticing { () throws(ODBCError) in
            try wear(tag)
            return try connection.rows(query)
        }
    }

    private func wear(_ tag: String) throws(ODBCError) {
        guard queryTag?.isExactly(tag) != true else { return }
        try connection.run("ALTER SESSION SET QUERY_TAG = \(literal(tag))")
        queryTag = tag
    }

    private func noticing<Value>(_ body: () throws(ODBCError) -> Value) throws(ODBCError) -> Value {
        do throws(ODBCError) {
            return try body()
        } catch {
            if error.endsSession { isLost = true }
            throw error
        }
    }
}
