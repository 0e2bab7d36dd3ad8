import Foundation
import RevmetaTestSupport
import RevmetaTestWaiting

// What the database itself says.
extension Shop {
    @discardableResult
    func query(_ sql: String) throws -> [[String?]] {
        try database.query(sql)
    }

    /// Every comment on the shop's own objects, by PostgreSQL's description of the object: `column id of table orders`.
    func comments(in database: PostgresDatabase? = nil) throws -> [String: String] {
        let rows = try (database ?? self.database).query(
            """
            SELECT pg_describe_object(classoid, objoid, objsubid), description FROM pg_description WHERE objoid >= 16384
            UNION ALL SELECT 'database', description FROM pg_shdescription s JOIN pg_database d ON d.oid = s.objoid
              WHERE s.classoid = 'pg_database'::regclass AND d.datname = current_database()
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0]!, $0[1]!) })
    }

    /// The owner of each of the shop's own objects, in the same way.
    func owners() throws -> [String: String] {
        let rows = try query(
            """
            SELECT 'database', pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()
            UNION ALL SELECT pg_describe_object('pg_namespace'::regclass, oid, 0), pg_get_userbyid(nspowner)
              FROM pg_namespace WHERE oid >= 16384
            UNION ALL SELECT pg_describe_object('pg_class'::regclass, oid, 0), pg_get_userbyid(relowner)
              FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f')
            UNION ALL SELECT pg_describe_object('pg_proc'::regclass, oid, 0), pg_get_userbyid(proowner)
              FROM pg_proc WHERE oid >= 16384
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0]!, $0[1]!) })
    }

    /// The version of every row that a comment or an owner stands in, and how many rows were ever written.
    func traces() async throws -> [[String?]] {
        try await waitUntilNobodyIsConnected()
        return try query(
            """
            SELECT tableoid::regclass::text, objoid, objsubid, xmin FROM pg_description
            UNION ALL SELECT 'pg_shdescription', s.objoid, 0, s.xmin FROM pg_shdescription s
              JOIN pg_database d ON d.oid = s.objoid WHERE d.datname = current_database()
            UNION ALL SELECT 'pg_class', oid, 0, xmin FROM pg_class
            UNION ALL SELECT 'pg_namespace', oid, 0, xmin FROM pg_namespace
            UNION ALL SELECT 'pg_proc', oid, 0, xmin FROM pg_proc
            UNION ALL SELECT 'pg_database', oid, 0, xmin FROM pg_database WHERE datname = current_database()
            UNION ALL SELECT relname, relid, (n_tup_ins + n_tup_upd + n_tup_del)::int, '0' FROM pg_stat_sys_tables
              WHERE relname IN ('pg_description', 'pg_class', 'pg_namespace', 'pg_proc')
            ORDER BY 1, 2, 3
            """)
    }

    /// Returns once the program's sessions have ended. Their counts are complete, and their locks gone, only then.
    func waitUntilNobodyIsConnected() async throws {
        let connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database.name)' AND usename <> 'postgres'"
        try await eventually("nobody is connected") { try query(connected) == [["0"]] }
    }

    /// Returns once the program waits for a lock, and for nothing else: another connection of its may still be at work.
    func waitUntilItWaits() async throws {
        var times = 0
        try await eventually("the program waits for a lock") {
            times = try isWaiting() ? times + 1 : 0
            return times == 3
        }
    }

    /// Whether the program waits for a lock, and has nothing else run.
    func isWaiting() throws -> Bool {
        try query(
            """
            SELECT count(*) > 0 AND bool_and(wait_event_type IS NOT DISTINCT FROM 'Lock') FROM pg_stat_activity
            WHERE datname = '\(database.name)' AND usename = 'metadata_writer' AND state = 'active'
            """) == [["t"]]
    }
}
