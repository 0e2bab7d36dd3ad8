internal import GRDB

/// The journal's tables, and how older journals become newer ones. Migrations are never edited once released.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try createFirstTables(in: $0) }
        migrator.registerMigration("2: templates") { try addTemplates(in: $0) }
        migrator.registerMigration("3: catalog cursor") { try createCatalogCursor(in: $0) }
        migrator.registerMigration("4: events") { try createEvents(in: $0) }
        migrator.registerMigration("5: schedules") { try createSchedules(in: $0) }
        migrator.registerMigration("6: indexes of runs") { try addIndexesOfRuns(in: $0) }
        migrator.registerMigration("7: values once") { try addTextsWithoutValues(in: $0) }
        migrator.registerMigration("8: reasons of runs") { try addReasonsOfRuns(in: $0) }
        return migrator
    }()

    /// The numbers that the changes of a run have: what `run << 32` leaves free.
    ///
    /// Why the run stands in the number: a run's changes lie side by side then, and need no index to be found or removed.
    static func changes(of run: Int64) -> ClosedRange<Int64> {
        (run << 32) + 1...(run << 32) + 0xFFFF_FFFF
    }

    /// Creates the tables of a plan, as they are now.
    static func createTables(in db: Database) throws {
        try createFirstTables(in: db)
        try addTemplates(in: db)
        try addTextsWithoutValues(in: db)
        try addReasonsOfRuns(in: db)
    }

    static func createFirstTables(in db: Database) throws {
        try db.execute(sql: """
            -- One execution, from its plan to its end.
            CREATE TABLE run (
                id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, since base remembers it
                started TEXT NOT NULL,           -- ISO 8601, UTC
                finished TEXT,                   -- NULL: going on, or ended without coming to say so
                trigger TEXT NOT NULL,           -- 'manual', 'schedule', 'api', 'changes', 'events', 'operations', 'saved plan', 'rollback of 12'
                person TEXT NOT NULL,            -- who started it, as the system names them
                version TEXT NOT NULL,           -- of revmeta
                channels TEXT,                   -- names as a JSON list: what it was limited to; NULL: all
                plan TEXT,                       -- hash of what it set out to send; NULL: it did not come so far, or had nothing
                state TEXT NOT NULL CHECK (state IN ('planning', 'executing', 'finished', 'failed', 'stopped')),
                report TEXT                      -- counts as JSON
            );

            -- Where one session of a run reached.
            CREATE TABLE scope (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                service TEXT NOT NULL,
                database TEXT,                   -- NULL: one session serves the whole service
                sent INTEGER NOT NULL DEFAULT 0  -- noted before each batch: statements up to this one may have been sent
            );
            CREATE UNIQUE INDEX scope_of_run ON scope (run, service, coalesce(database, ''));

            -- Each fact that a run set out to change, or had a reason not to. Written with the plan, never altered.
            -- No foreign keys and no index: a plan writes a row for each fact, and the number finds it.
            CREATE TABLE change (
                number INTEGER PRIMARY KEY,      -- run << 32, and then 1, 2, 3 in the order of sending within a scope
                scope INTEGER NOT NULL,
                path TEXT NOT NULL,              -- names joined by dots, quoted where needed
                attribute TEXT NOT NULL,
                entity TEXT NOT NULL,            -- kind in the catalog
                kind TEXT NOT NULL,              -- kind at the source
                channel TEXT NOT NULL,
                action TEXT NOT NULL,            -- 'set', 'overwrite', 'clear', 'restore', 'keep', 'skip', 'fail'
                before TEXT,                     -- what the source held; NULL: nothing
                value TEXT,                      -- what was wanted; NULL: nothing
                statement INTEGER,               -- number of the first change of the statement that carries it; NULL: none
                text TEXT,                       -- of that first change: the statement
                guard TEXT,                      -- of that first change: the statement's guard, if it has one
                reason TEXT                      -- why nothing is sent
            );

            -- How changes with neighbouring numbers ended. A change without an outcome whose statement may have been sent is
            -- an open intent: the next run settles it by what the source holds.
            CREATE TABLE outcome (
                first INTEGER PRIMARY KEY,       -- number of a change
                last INTEGER NOT NULL,           -- number of a change; ranges never overlap
                outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'skipped', 'conflict', 'failed', 'superseded')),
                reason TEXT,
                attempts INTEGER,                -- how often their statements were sent; NULL: settled by reading
                duration INTEGER                 -- microseconds from the first sending of their batch until it was done with
            );

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

            -- Facts that a run found at a source as revmeta had written them: how late somebody may have changed one since. Of
            -- runs that a later one of the same sources repeated, there is nothing.
            CREATE TABLE found (
                run INTEGER NOT NULL,
                scope INTEGER NOT NULL,
                facts BLOB NOT NULL              -- hashes of facts, eight bytes each
            );

            -- Changes with all that is known of them. Ask for a run by its numbers, BETWEEN (run << 32) AND ((run + 1) << 32).
            CREATE VIEW recorded AS
                SELECT change.number, scope.run, scope.service, scope.database, change.path, change.attribute, change.entity,
                    change.kind, change.channel, change.action, change.before, change.value, change.statement, change.text,
                    change.guard, coalesce(outcome.reason, change.reason) AS reason, outcome.outcome,
                    outcome.attempts, outcome.duration,
                    coalesce(change.statement <= scope.sent, 0) AS was_sent
                FROM change JOIN scope ON scope.id = change.scope
                LEFT JOIN outcome ON outcome.first = (SELECT max(first) FROM outcome WHERE first <= change.number)
                    AND outcome.last >= change.number;
            """)
    }

    /// A server begins runs by thousands, and each looks for those that died and for those that are too old.
    private static func addIndexesOfRuns(in db: Database) throws {
        try db.execute(sql: """
            CREATE INDEX executing_run ON run (id) WHERE state = 'executing';
            CREATE INDEX run_by_start ON run (started);
            """)
    }

    /// Facts that templates write have three bases: what was wanted, what was sent, and what the source held after.
    private static func addTemplates(in db: Database) throws {
        try db.execute(sql: """
            ALTER TABLE change ADD COLUMN parts TEXT;     -- of the first change of a template's statement: its parts, a JSON list
            ALTER TABLE change ADD COLUMN rendered TEXT;  -- hash of those; NULL: the connector planned the statement
            ALTER TABLE base ADD COLUMN rendered TEXT;    -- hash of what wrote it; NULL: the connector's own statement
            ALTER TABLE base ADD COLUMN held TEXT;        -- what the source held after a template's; NULL: nothing, or not read
            ALTER TABLE base ADD COLUMN is_read INTEGER NOT NULL DEFAULT 0;

            -- What the source held after a template's statement was applied, as far as it can be read.
            CREATE TABLE held (
                number INTEGER PRIMARY KEY,      -- of a change
                value TEXT                       -- NULL: nothing
            );
            """)
        try replaceRecorded(in: db, text: "change.text")
    }

    /// A statement's text, of a row of `change`.
    static let wholeText = """
        CASE WHEN change.value_at IS NULL THEN change.text
            ELSE substr(change.text, 1, change.value_at) || change.value || substr(change.text, change.value_at + 1) END
        """

    /// Most of a statement's text is the value, which stands beside it: once is enough, of what is written twice, into the log
    /// and then into the file.
    private static func addTextsWithoutValues(in db: Database) throws {
        try db.execute(sql: """
            -- After how many characters of the text the row's value stands, which is left out there; NULL: the text is whole.
            ALTER TABLE change ADD COLUMN value_at INTEGER;
            """)
        try replaceRecorded(in: db, text: wholeText)
    }

    private static func addReasonsOfRuns(in db: Database) throws {
        try db.execute(sql: """
            ALTER TABLE run ADD COLUMN reason TEXT;  -- why it did not do what it was to, a line for each reason; NULL: it did
            """)
    }

    /// Makes the view again, as two migrations do: no more to be edited than they are.
    ///
    /// - Parameter text: What a statement's text is, of a row of `change`.
    private static func replaceRecorded(in db: Database, text: String) throws {
        try db.execute(sql: """
            DROP VIEW recorded;
            CREATE VIEW recorded AS
                SELECT change.number, scope.run, scope.service, scope.database, change.path, change.attribute, change.entity,
                    change.kind, change.channel, change.action, change.before, change.value, change.statement,
                    \(text) AS text,
                    change.guard, coalesce(outcome.reason, change.reason) AS reason, outcome.outcome,
                    outcome.attempts, outcome.duration,
                    coalesce(change.statement <= scope.sent, 0) AS was_sent, change.parts, change.rendered
                FROM change JOIN scope ON scope.id = change.scope
                LEFT JOIN outcome ON outcome.first = (SELECT max(first) FROM outcome WHERE first <= change.number)
                    AND outcome.last >= change.number;
            """)
    }
}
