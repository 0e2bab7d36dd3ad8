internal import GRDB

/// Up to when the changes of a catalog were taken over, and by which configuration.
public struct CatalogCursor: Sendable, Equatable {
    /// By the catalog's clock, in milliseconds since 1970.
    public var time: Int64
    /// A hash of the configuration: another one may select what nothing has happened to since.
    public var configuration: String

    public init(time: Int64, configuration: String) {
        self.time = time
        self.configuration = configuration
    }
}

extension Journal {
    /// The cursor of a catalog and the channels that a run is limited to; nil: there is none.
    public func cursor(of catalog: String, channels: [String]?) throws -> CatalogCursor? {
        try database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT time, configuration FROM catalog_cursor WHERE catalog = ? AND channels = ?",
                arguments: [catalog, Self.key(channels)]
            ).map { CatalogCursor(time: $0[0], configuration: $0[1]) }
        }
    }

    /// Remembers a cursor, or forgets it.
    public func set(_ cursor: CatalogCursor?, of catalog: String, channels: [String]?) async throws {
        try await database.write { db in
            guard let cursor else {
                return try db.execute(
                    sql: "DELETE FROM catalog_cursor WHERE catalog = ? AND channels = ?",
                    arguments: [catalog, Self.key(channels)])
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO catalog_cursor (catalog, channels, time, configuration) VALUES (?, ?, ?, ?)",
                arguments: [catalog, Self.key(channels), cursor.time, cursor.configuration])
        }
    }

    /// Names in no particular order; none: all channels.
    private static func key(_ channels: [String]?) -> String {
        channels.map { $0.sorted().joined(separator: "\n") } ?? ""
    }
}

extension Schema {
    static func createCatalogCursor(in db: Database) throws {
        try db.execute(sql: """
            -- Up to when the changes of a running catalog were taken over: 'revmeta run --changes' goes on there.
            CREATE TABLE catalog_cursor (
                catalog TEXT NOT NULL,           -- its address
                channels TEXT NOT NULL,          -- names, a line each: what the runs were limited to; '': all
                time INTEGER NOT NULL,           -- by the catalog's clock, milliseconds since 1970
                configuration TEXT NOT NULL,     -- hash of revmeta.yaml: after a change of it a full run is due
                PRIMARY KEY (catalog, channels)
            ) WITHOUT ROWID;
            """)
    }
}
