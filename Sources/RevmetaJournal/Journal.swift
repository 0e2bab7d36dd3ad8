internal import FoundationEssentials
internal import GRDB
internal import Synchronization

/// What revmeta planned, wrote and remembers, in one SQLite file.
public final class Journal: Sendable {
    let database: any DatabaseWriter
    private let lock: JournalLock?
    /// It is only read here, and another process ran with it when it was opened.
    let isInUse: Bool
    /// Nil: it is only read.
    let logWriteOut: LogWriteOut?
    let eventKeeper = EventKeeper()
    /// Numbers of the runs of this process that are not over. What one of them has sent without an outcome is no open intent:
    /// the outcome will come.
    let goingOn = Mutex<Set<Int64>>([])

    /// Opens a journal to run with; makes it if there is none. One process at a time.
    public init(forRunsAt path: String) throws(JournalError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw JournalError("the journal's folder \(folder) cannot be made: choose another journal.path, or make it")
        }
        lock = try JournalLock(journal: path)
        isInUse = false
        logWriteOut = LogWriteOut(of: path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            // Of a new journal. Larger pages than usual: a plan is written once, in order, and read back in order.
            try db.execute(sql: "PRAGMA page_size = 16384")
            // In pages: a run of tens of thousands of changes should not wait for a checkpoint in its middle.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4096")
        }
        database = try Self.readable(path) {
            // A pool, so that what is remembered is read while a piece of the plan is written.
            let database = try DatabasePool(path: path, configuration: configuration)
            try Self.refuseNewer(path, database)
            try Self.refuseForeign(path, database)
            try Schema.migrator.migrate(database)
            return database
        }
    }

    /// Opens a journal to read what it remembers; nil if there is none yet. Any number of processes at a time.
    public init?(forReadingAt path: String) throws(JournalError) {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        if try Self.isOlder(path) { _ = try Journal(forRunsAt: path) }
        lock = nil
        isInUse = JournalLock.isHeld(journal: path)
        logWriteOut = nil
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let begun: DatabaseQueue? = try Self.readable(path) {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try Self.refuseNewer(path, database)
            // A first run that was killed before it made the tables left nothing to remember.
            return try database.read { try $0.tableExists("run") } ? database : nil
        }
        guard let begun else { return nil }
        database = begun
    }

    /// Closes the journal's file, so that all of it stands in that one. Nothing can be asked of it afterwards.
    public func close() throws {
        // Whoever closes last moves what is in the log into the file, which those who only read cannot.
        (database as? DatabasePool)?.releaseMemory()
        try database.close()
        logWriteOut?.close()
    }

    private static func readable<Opened>(_ path: String, _ open: () throws -> Opened) throws(JournalError) -> Opened {
        do {
            return try open()
        } catch let error as JournalError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT {
            throw JournalError(
                "the journal \(path) is damaged, or no journal at all: move it away to begin a new one, but what revmeta "
                    + "wrote before is then no longer known to be its own")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            throw JournalError(
                "the journal \(path) may not be written to: let this user write to the file and to its folder, or choose another "
                    + "journal.path")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            throw JournalError(
                "the journal \(path) cannot be opened: expected a file that this user may read and write, in a folder where it "
                    + "may make files")
        } catch let error as DatabaseError {
            throw JournalError("the journal \(path) cannot be opened: \(error.message ?? error.description)")
        } catch {
            throw JournalError("the journal \(path) cannot be opened: \(error)")
        }
    }

    /// Whether an older revmeta wrote the journal, so that its tables are to be brought up to date before they are read.
    private static func isOlder(_ path: String) throws(JournalError) -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try readable(path) {
            try DatabaseQueue(path: path, configuration: configuration).read { db in
                try db.tableExists("run") && !Schema.migrator.hasCompletedMigrations(db)
            }
        }
    }

    private static func refuseNewer(_ path: String, _ database: any DatabaseWriter) throws {
        guard try database.read({ try Schema.migrator.hasBeenSuperseded($0) }) else { return }
        throw JournalError("the journal \(path) was written by a newer revmeta: use that one")
    }

    /// Another program's database is not to be filled with our tables.
    private static func refuseForeign(_ path: String, _ database: any DatabaseWriter) throws {
        let isForeign = try database.read { db in
            try !db.tableExists("grdb_migrations")
                && Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table')") ?? false
        }
        guard isForeign else { return }
        throw JournalError(
            "\(path) is another program's SQLite database, and no journal of revmeta: choose another journal.path")
    }
}
