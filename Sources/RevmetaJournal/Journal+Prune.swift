internal import FoundationEssentials
internal import GRDB
internal import Synchronization

extension Journal {
    /// Removes the runs that began longer ago than a time, with all their changes. What was written last of each fact stays
    /// known, and so does a run with something still to be settled.
    ///
    /// - Parameter isThorough: Whether the file shrinks too, which takes as long as writing it anew.
    /// - Returns: How many were removed, and how many are left.
    @discardableResult
    public func prune(olderThan age: Duration, isThorough: Bool) async throws -> (removed: Int, left: Int) {
        let limit = Date(timeIntervalSinceNow: -(age / .seconds(1))).formatted(.iso8601)
        let old = try await database.read { db in
            try Int64.fetchAll(
                db, sql: "SELECT id FROM run WHERE started < ? AND state <> 'executing' ORDER BY id", arguments: [limit])
        }
        let goingOn = goingOn.withLock { $0 }
        for run in old where !goingOn.contains(run) {
            let numbers = Schema.changes(of: run)
            // One at a time: a kill leaves whole runs, or none of one.
            try await database.write { db in
                let bounds: StatementArguments = [numbers.lowerBound, numbers.upperBound]
                try db.execute(sql: "DELETE FROM outcome WHERE first BETWEEN ? AND ?", arguments: bounds)
                try db.execute(sql: "DELETE FROM held WHERE number BETWEEN ? AND ?", arguments: bounds)
                try db.execute(sql: "DELETE FROM change WHERE number BETWEEN ? AND ?", arguments: bounds)
                try db.execute(sql: "DELETE FROM found WHERE run = ?", arguments: [run])
                try db.execute(sql: "DELETE FROM scope WHERE run = ?", arguments: [run])
                try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run])
            }
        }
        if isThorough { try await database.vacuum() }
        let left = try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") ?? 0 }
        return (old.count, left)
    }
}
