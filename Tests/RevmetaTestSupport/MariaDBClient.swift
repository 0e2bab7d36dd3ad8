import CLibmariadb

/// A plain connection for a test's own statements; closed with its last reference.
public final class MariaDBClient {
    private let mysql: UnsafeMutablePointer<MYSQL>

    public init(_ server: MariaDBServer, database: String? = nil, user: String = "root") throws {
        guard let mysql = mysql_init(nil) else { fatalError("libmariadb is out of memory") }
        self.mysql = mysql
        mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        let flags = UInt(CLIENT_MULTI_STATEMENTS)
        guard mysql_real_connect(mysql, nil, user, nil, database, 0, server.socket, flags) != nil else { throw problem }
    }

    deinit {
        mysql_close(mysql)
    }

    /// Runs SQL, of one statement or several, and gives the last one's rows.
    @discardableResult
    public func run(_ sql: String) throws -> [[String?]] {
        guard mysql_real_query(mysql, sql, UInt(sql.utf8.count)) == 0 else { throw problem }
        while true {
            let rows = try rows()
            switch mysql_next_result(mysql) {
            case 0: continue
            case -1: return rows
            default: throw problem
            }
        }
    }

    private func rows() throws -> [[String?]] {
        guard let result = mysql_store_result(mysql) else {
            guard mysql_field_count(mysql) == 0 else { throw problem }
            return []
        }
        defer { mysql_free_result(result) }
        let columns = Int(mysql_num_fields(result))
        var rows: [[String?]] = []
        while let row = mysql_fetch_row(result), let lengths = mysql_fetch_lengths(result) {
            rows.append((0..<columns).map { column in
                row[column].map {
                    String(decoding: UnsafeRawBufferPointer(start: $0, count: Int(lengths[column])), as: UTF8.self)
                }
            })
        }
        return rows
    }

    private var problem: ServerProblem {
        ServerProblem(description: "\(mysql_errno(mysql)) \(String(cString: mysql_error(mysql)))")
    }
}
