import CLibpq

/// A plain connection for a test's own statements; closed with its last reference.
public final class PostgresClient {
    private let pgconn: OpaquePointer

    public init(_ server: PostgresServer, database: String, role: String = "postgres") throws {
        let parameters =
            "host=\(server.folder) port=\(server.port) dbname=\(database) user=\(role) client_encoding=UTF8"
        guard let pgconn = PQconnectdb(parameters) else { fatalError("libpq is out of memory") }
        self.pgconn = pgconn
        guard PQstatus(pgconn) == CONNECTION_OK else { throw problem }
        PQsetNoticeReceiver(pgconn, { _, _ in }, nil)
    }

    deinit {
        PQfinish(pgconn)
    }

    /// Runs SQL, of one statement or several, and gives the last one's rows.
    @discardableResult
    public func run(_ sql: String) throws -> [[String?]] {
        guard let result = PQexec(pgconn, sql) else { throw problem }
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw problem }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) != 0 ? nil : String(cString: PQgetvalue(result, row, column))
            }
        }
    }

    private var problem: ServerProblem {
        ServerProblem(description: String(cString: PQerrorMessage(pgconn)))
    }
}
