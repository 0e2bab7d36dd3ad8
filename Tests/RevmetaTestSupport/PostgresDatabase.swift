/// A database of a test's own.
public struct PostgresDatabase: Sendable {
    public let server: PostgresServer
    public let name: String

    /// Runs SQL, of one statement or several, and gives the last one's rows.
    @discardableResult
    public func query(_ sql: String, as role: String = "postgres") throws -> [[String?]] {
        try connect(as: role).run(sql)
    }

    /// Opens a connection that stays open.
    public func connect(as role: String = "postgres") throws -> PostgresClient {
        try PostgresClient(server, database: name, role: role)
    }

    /// The connection settings of a connector.
    public func settings(as role: String) -> [String: String] {
        ["hostPort": "\(server.folder):\(server.port)", "username": role, "database": name, "sslMode": "disable"]
    }
}
