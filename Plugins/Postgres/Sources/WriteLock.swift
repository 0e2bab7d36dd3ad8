import RevmetaPlugin

/// The one lock that every writer of a database takes, so that two never write at once.
///
/// It belongs to the session: the server frees it when the connection ends, however it ends. A writer may have connections
/// beside its own, and the server may still run what came by one of them when the lock is free already. So each of these
/// holds a second lock, and the first is only had by who finds the second one free.
enum WriteLock {
    /// `revmeta` in ASCII.
    static let key = 0x72_65_76_6D_65_74_61
    private static let laneKey = key + 1

    /// Takes the lock. Gives why it is not to be had, if somebody else has it.
    static func take(_ connection: Connection, _ call: Call) throws(Failure) -> Failure? {
        let asked = query(
            """
            CASE WHEN NOT pg_try_advisory_lock(\(key)) THEN false
              WHEN pg_try_advisory_lock(\(laneKey)) THEN pg_advisory_unlock(\(laneKey))
              ELSE NOT pg_advisory_unlock(\(key)) END
            """, "lock", call)
        guard try !connection.rows(asked, call).isTrue(0, 0) else { return nil }
        return Failure(
            .transient, "another revmeta\(try holder(connection, call)) is writing to database \(connection.database); "
                + "wait for it to end, or end it")
    }

    /// Has a connection beside the one with the lock take part, if that has it still. ``hasJoined(_:)`` says whether it may.
    ///
    /// - Parameter holder: The server's process of the connection with the lock.
    static func joining(_ holder: Int32, _ call: Call) -> Query {
        query(
            """
            CASE WHEN NOT pg_try_advisory_lock_shared(\(laneKey)) THEN false
              WHEN EXISTS (
                SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                WHERE \(isHeld(key)) AND l.pid = \(holder)) THEN true
              ELSE NOT pg_advisory_unlock_shared(\(laneKey)) END
            """, "lane lock", call)
    }

    /// What the answer to ``joining(_:)`` says.
    static func hasJoined(_ rows: Rows) -> Bool {
        rows.isTrue(0, 0)
    }

    /// Of a row `l` of `pg_locks`: whether it says that somebody has one of the locks.
    private static func isHeld(_ keys: Int...) -> String {
        let low = keys.map { "\($0 & 0xFFFF_FFFF)" }.joined(separator: ", ")
        return "l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = \(key >> 32) AND l.objid IN (\(low))"
    }

    private static func query(_ question: String, _ name: String, _ call: Call) -> Query {
        Query(
            name: name, text: "SELECT \(question), set_config('application_name', $1, false)",
            // Who looks at pg_stat_activity or the server's log sees whose statements these are.
            parameters: [call.label.map { "revmeta \($0)" } ?? "revmeta"])
    }

    /// Who holds the lock: ` (pid 4711, since 2026-01-31 12:00:00+00)`.
    private static func holder(_ connection: Connection, _ call: Call) throws(Failure) -> String {
        let rows = try connection.rows(
            Query(
                name: "lock holder",
                text: """
                    SELECT l.pid, date_trunc('second', a.backend_start)
                    FROM pg_locks l
                    JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                    WHERE \(isHeld(key, laneKey))
                    ORDER BY l.objid
                    """),
            call)
        guard rows.count > 0, let pid = rows.text(0, 0) else { return "" }
        // The server shows when a session began only to its own role and to pg_read_all_stats.
        return " (pid \(pid)\(rows.text(0, 1).map { ", since \($0)" } ?? ""))"
    }
}
