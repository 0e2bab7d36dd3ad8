import Foundation
import RevmetaODBC
import RevmetaTestSupport

/// A driver that is installed here, with a source of its own to reach by it.
enum Driver: String, CaseIterable {
    /// UTF-16, by name.
    case postgresUnicode
    /// The same library by its path.
    case postgresByPath
    /// Bytes: its manager's conversions must stay out of the way.
    case postgresANSI
    case mariaDB
    /// A driver without wide functions.
    case sqlite

    static let all = allCases
    static let servers = allCases.filter { $0 != .sqlite }

    /// Connects to a new database.
    func connect() throws -> Connection {
        try Connection(string(), loginTimeout: 600)
    }

    func string() throws -> ConnectionString {
        switch self {
        case .postgresUnicode: try Self.postgres(driver: "PostgreSQL Unicode")
        case .postgresANSI: try Self.postgres(driver: "PostgreSQL ANSI")
        case .postgresByPath: try Self.postgres(driver: Self.path("psqlodbcw.so"))
        case .mariaDB: try Self.mariaDB()
        case .sqlite: Self.sqlite()
        }
    }

    static func postgres(driver: String, _ database: PostgresDatabase? = nil) throws -> ConnectionString {
        let database = try database ?? PostgresServer.shared.get().createDatabase()
        var string = ConnectionString(driver: driver)
        string.append("Server", database.server.folder)
        string.append("Port", "\(database.server.port)")
        string.append("Database", database.name)
        string.append("UID", "postgres")
        return string
    }

    private static func mariaDB() throws -> ConnectionString {
        let database = try MariaDBServer.shared.get().createDatabase()
        var string = ConnectionString(driver: "MariaDB Unicode")
        string.append("Server", "127.0.0.1")
        string.append("Port", "\(database.server.port)")
        string.append("Database", database.name)
        string.append("UID", "root")
        // Several statements in one text; backslashes as the other sources have them.
        string.append("Option", "67108864")
        string.append("INITSTMT", "SET sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'")
        return string
    }

    private static func sqlite() -> ConnectionString {
        var string = ConnectionString(driver: "SQLite3")
        string.append("Database", ":memory:")
        return string
    }

    /// Where Debian puts a driver.
    private static func path(_ library: String) throws -> String {
        let root = "/usr/lib"
        let folders = try FileManager.default.contentsOfDirectory(atPath: root).filter { $0.hasSuffix("-linux-gnu") }
        return folders.map { "\(root)/\($0)/odbc/\(library)" }.first { FileManager.default.fileExists(atPath: $0) } ?? library
    }
}

/// A literal, for sources that take a backslash for itself.
func literal(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
}
