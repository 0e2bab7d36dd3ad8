internal import FoundationEssentials
internal import GRDB
public import RevmetaEngine
internal import Synchronization

/// A plan and what becomes of it: in the journal for a run, in a temporary file for a plan that is only shown.
public final class RunStore: PlanJournal {
    /// The run's number; 0 for a plan that is only shown.
    public let run: Int64
    let store: any DatabaseWriter
    let journal: Journal?
    let state: Mutex<State>
    let hash = Mutex(PlanHash())
    /// Hashes of the facts that have a row in `change`. Why not a unique index: it cost as much as all the rest of
    /// keeping a plan.
    let facts = Mutex<Set<Int>>([])

    /// What is known of the plan without asking SQLite.
    struct State {
        /// The last number given to a change.
        var change: Int64
        /// Where statements go, in the order in which the first of each was planned.
        var scopes: [PlanScope] = []
        /// The rows of `scope`.
        var scopeRows: [PlanScope: Int64] = [:]
        var recent: RecentPieces
        var openIntents: OpenIntents
        /// How often it was noted that statements are sent.
        var sendings = 0
        /// How many changes were applied.
        var applied: Int64 = 0
        /// Whether something is not ours any more once it is applied.
        var forgets = false
    }

    /// Begins a run.
    /// - Parameters:
    ///   - person: Who started it.
    ///   - version: Of revmeta.
    ///   - channels: Names of the channels that the run is limited to; nil: all.
    ///   - memory: How much of the plan is kept in memory too, in bytes.
    public init(
        beginIn journal: Journal, trigger: String = "manual", person: String, version: String, channels: [String]? = nil,
        memory: Int = 8 << 20
    ) async throws {
        self.journal = journal
        store = journal.database
        let (run, openIntents) = try await store.write { db in
            let openIntents = try OpenIntents(except: journal.goingOn.withLock { $0 }, in: db)
            let channels = try channels.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
            try db.execute(
                sql: """
                    INSERT INTO run (started, trigger, person, version, channels, state) VALUES (?, ?, ?, ?, ?, 'planning')
                    """,
                arguments: [Date().formatted(.iso8601), trigger, person, version, channels])
            let run = db.lastInsertedRowID
            journal.goingOn.withLock { _ = $0.insert(run) }
            return (run, openIntents)
        }
        self.run = run
        state = Mutex(State(
            change: Schema.changes(of: run).lowerBound - 1, recent: RecentPieces(bytes: memory), openIntents: openIntents))
    }

    /// Begins a plan that is only shown. It reads what a journal remembers and leaves no trace in it.
    public init(draftOn journal: Journal?) async throws {
        self.journal = journal
        // An empty name is SQLite's for a temporary file that nobody else sees and that goes away by itself.
        let draft = try DatabaseQueue(path: "")
        store = draft
        try await draft.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
            try Schema.createTables(in: db)
        }
        run = 0
        let openIntents = try await journal?.database.read { db in
            try OpenIntents(except: journal?.goingOn.withLock { $0 } ?? [], in: db)
        } ?? .none
        state = Mutex(State(change: 0, recent: RecentPieces(bytes: 0), openIntents: openIntents))
    }

    deinit {
        isOver()
    }

    /// Whatever became of it: nobody will note outcomes any more.
    func isOver() {
        journal?.goingOn.withLock { _ = $0.remove(run) }
    }

    var isDraft: Bool { run == 0 }

    public var label: String? { isDraft ? nil : "run \(run)" }

    /// Runs a read on where the plan is kept.
    func readStore(_ body: (Database) throws -> Void) throws {
        try store.read(body)
    }
}
