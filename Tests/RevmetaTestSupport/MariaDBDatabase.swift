/// A database of a test's own.
public struct MariaDBDatabase: Sendable {
    public let server: MariaDBServer
    public let name: String

    /// Runs SQL, of one statement or several, and gives the last one's rows.
    @discardableResult
    public func query(_ sql: String, as user: String = "root") throws -> [[String?]] {
        try connect(as: user).run(sql)
    }

    /// Opens a connection that stays open.
    public func connect(as user: String = "root") throws -> MariaDBClient {
        try MariaDBClient(server, database: name, user: user)
    }

    /// The connection settings of a connector.
    public func settings(as user: String) -> [String: String] {
        ["hostPort": server.socket, "username": user]
    }
}
