internal import GRDB

extension Journal {
    /// Writes something that changes nothing: throws if the journal cannot be written, as on a disk that is full.
    public func probe() async throws {
        try await database.write { db in
            // A number of SQLite's header that nobody uses. Setting it is written even if it stays as it is.
            try db.execute(sql: "PRAGMA user_version = 0")
        }
    }
}
