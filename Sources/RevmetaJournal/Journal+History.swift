internal import FoundationEssentials
internal import GRDB
public import RevmetaEngine
public import RevmetaModel
internal import Synchronization

/// One run, as the journal remembers it.
public struct RecordedRun: Sendable, Equatable {
    public var id: Int64
    /// ISO 8601, UTC.
    public var started: String
    /// Nil: going on, or ended without coming to say so.
    public var finished: String?
    /// `manual`.
    public var trigger: String
    /// Who started it, as the system names them.
    public var person: String
    /// Of revmeta.
    public var version: String
    /// `planning`, `executing`, `finished`, `failed` or `stopped`.
    public var state: String
    /// Names of the channels it was limited to; nil: all.
    public var channels: [String]?
    /// The hash of what it set out to send; nil: nothing, or it did not come so far.
    public var plan: String?
    /// Of a run that did not come to say: what its changes tell. Nil: it was only planned, or not even that.
    public var counts: RunReport.Counts?
    /// Why it did not do what it was to, a line for each reason; nil: it did, or did not come to say.
    public var reason: String?
}

/// Which runs to tell of: those with a change that matches everything that is given.
public struct HistoryFilter: Sendable {
    public var channels: [String]
    public var services: [String]
    /// A pattern for the whole path of an entity, its names joined by dots.
    public var entity: NamePattern?
    /// `applied`, `skipped`, `conflict` or `failed`.
    public var outcomes: [String]
    /// ISO 8601, or the beginning of it: a date.
    public var since: String?
    /// Only runs with a smaller number: those that come after it in a list.
    public var before: Int64?

    public init(
        channels: [String] = [], services: [String] = [], entity: NamePattern? = nil, outcomes: [String] = [],
        since: String? = nil, before: Int64? = nil
    ) {
        self.channels = channels
        self.services = services
        self.entity = entity
        self.outcomes = outcomes
        self.since = since
        self.before = before
    }

    fileprivate var asksForChanges: Bool {
        !(channels.isEmpty && services.isEmpty && outcomes.isEmpty && entity == nil)
    }
}

extension Journal {
    /// The runs that match, newest first.
    public func runs(_ filter: HistoryFilter = HistoryFilter(), limit: Int = 50) throws -> [RecordedRun] {
        try database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT * FROM run WHERE started >= ? AND id < ? ORDER BY id DESC",
                arguments: [filter.since ?? "", filter.before ?? .max])
            var runs: [RecordedRun] = []
            while runs.count < limit, let row = try rows.next() {
                if try !filter.asksForChanges || Self.hasMatch(row["id"], filter, in: db) { runs.append(try run(row, in: db)) }
            }
            return runs
        }
    }

    /// A run by its number; nil: there is none.
    public func run(_ id: Int64) throws -> RecordedRun? {
        try database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]).map { try run($0, in: db) }
        }
    }

    /// Visits what a run set out to change, or had a reason not to.
    public func list(_ run: Int64, _ visit: (ListedChange) throws -> Void) throws {
        try database.read { try RunStore.list(run, in: $0, visit) }
    }

    private func run(_ row: Row, in db: Database) throws -> RecordedRun {
        let id: Int64 = row["id"], state: String = row["state"]
        let report: String? = row["report"], channels: String? = row["channels"]
        // Of a run that goes on, here or in another process, nothing is to be concluded yet.
        let isOver = state != "planning" && !isInUse && !goingOn.withLock { $0.contains(id) }
        let counts = report.flatMap { try? JSONDecoder().decode(RunReport.Counts.self, from: Data($0.utf8)) }
        return RecordedRun(
            id: id, started: row["started"], finished: row["finished"], trigger: row["trigger"],
            person: row["person"], version: row["version"], state: state,
            channels: channels.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }, plan: row["plan"],
            counts: try counts ?? (isOver ? RunReport.Counts(ofChangesIn: id, db) : nil), reason: row["reason"])
    }

    private static func hasMatch(_ run: Int64, _ filter: HistoryFilter, in db: Database) throws -> Bool {
        let numbers = Schema.changes(of: run)
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: """
                SELECT channel, service, path, outcome, action FROM recorded WHERE number BETWEEN ? AND ?
                """),
            arguments: [numbers.lowerBound, numbers.upperBound])
        func matches(_ wanted: [String], _ found: String) -> Bool { wanted.isEmpty || wanted.contains(found) }
        while let row = try rows.next() {
            // What was left out when the plan was made has no outcome of its own: its action says what became of it.
            let outcome = row["outcome"] as String? ?? Self.outcome(ofAction: row["action"])
            if matches(filter.channels, row["channel"]), matches(filter.services, row["service"]),
                matches(filter.outcomes, outcome), filter.entity?.matches(row["path"]) ?? true
            {
                return true
            }
        }
        return false
    }

    private static func outcome(ofAction action: String) -> String {
        switch action {
        case "keep": "conflict"
        case "skip": "skipped"
        case "fail": "failed"
        default: "open"
        }
    }
}
