internal import GRDB

/// The journal's tables, and how older journals become newer ones. Migrations are never edited once released.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try createTables(in: $0) }
        return migrator
    }()

    /// Creates the tables of a plan.
    static func createTables(in db: Database) throws {
        try db.execute(sql: """
            -- One execution, from its plan to its end.
            CREATE TABLE run (
                id INTEGER PRIMARY KEY,
                started TEXT NOT NULL,           -- ISO 8601, UTC
                finished TEXT,                   -- NULL: going on, or ended without coming to say so
                trigger TEXT NOT NULL,           -- 'manual'
                person TEXT NOT NULL,            -- who started it, as the system names them
                version TEXT NOT NULL,           -- of revmeta
                state TEXT NOT NULL CHECK (state IN ('planning', 'executing', 'finished', 'failed', 'stopped')),
                report TEXT                      -- counts as JSON
            );

            -- What is sent to a source. Numbers rise in the order of sending within a scope.
            CREATE TABLE statement (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                service TEXT NOT NULL,
                database TEXT,                   -- NULL: one session serves the whole service
                text TEXT NOT NULL,
                guard TEXT,
                first_change INTEGER NOT NULL,   -- the changes it carries have neighbouring numbers
                last_change INTEGER NOT NULL,
                PRIMARY KEY (run, number)
            ) WITHOUT ROWID;

            -- How far a run came with sending, noted before each batch: statements up to this one may have been sent.
            CREATE TABLE sent (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                service TEXT NOT NULL,
                database TEXT NOT NULL,          -- '' where one session serves the whole service
                through INTEGER NOT NULL,
                PRIMARY KEY (run, service, database)
            ) WITHOUT ROWID;

            -- Each fact that a run set out to change, or had a reason not to. A change without an outcome whose
            -- statement may have been sent is an open intent: the next run settles it by what the source holds.
            CREATE TABLE change (
                number INTEGER PRIMARY KEY,
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                service TEXT NOT NULL,
                path TEXT NOT NULL,              -- names joined by dots, quoted where needed
                attribute TEXT NOT NULL,
                entity TEXT NOT NULL,            -- kind in the catalog
                kind TEXT NOT NULL,              -- kind at the source
                channel TEXT NOT NULL,
                action TEXT NOT NULL,            -- 'set', 'overwrite', 'clear', 'keep', 'skip', 'fail'
                before TEXT,                     -- what the source held; NULL: nothing
                value TEXT,                      -- what was wanted; NULL: nothing
                statement INTEGER,               -- NULL: nothing is sent
                outcome TEXT,                    -- 'applied', 'skipped', 'conflict', 'failed', 'superseded'; NULL: open, or not sent
                reason TEXT
            );
            CREATE UNIQUE INDEX change_fact ON change (run, service, path, entity, attribute);

            -- What revmeta wrote last, of each fact it ever wrote and did not clear: the third value of the diff.
            CREATE TABLE base (
                service TEXT NOT NULL,
                path TEXT NOT NULL,
                entity TEXT NOT NULL,            -- kind in the catalog: a table and a procedure may share a path
                attribute TEXT NOT NULL,
                value TEXT NOT NULL,
                run INTEGER NOT NULL,
                PRIMARY KEY (service, path, entity, attribute)
            ) WITHOUT ROWID;
            """)
    }
}
