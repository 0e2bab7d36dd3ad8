public import FoundationEssentials
internal import GRDB

/// How far the schedule of a channel has come.
public struct ScheduleProgress: Sendable, Equatable {
    public var channel: String
    /// The schedule's times and zone, as text: after a change of them it begins anew.
    public var schedule: String
    /// Up to when its times are dealt with.
    public var handled: Date
    /// The time whose run began and did not come to its end; nil: there is none.
    public var unfinished: Date?

    public init(channel: String, schedule: String, handled: Date, unfinished: Date? = nil) {
        self.channel = channel
        self.schedule = schedule
        self.handled = handled
        self.unfinished = unfinished
    }
}

extension Journal {
    /// How far schedules have come, by the names of their channels.
    public func schedules() async throws -> [ScheduleProgress] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT channel, schedule, handled, unfinished FROM schedule ORDER BY channel").map { row in
                ScheduleProgress(
                    channel: row[0], schedule: row[1], handled: Date(milliseconds: row[2]),
                    unfinished: (row[3] as Int64?).map(Date.init(milliseconds:)))
            }
        }
    }

    /// Remembers how far schedules have come, and forgets all others.
    public func set(schedules: [ScheduleProgress]) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM schedule")
            let insert = try db.cachedStatement(
                sql: "INSERT INTO schedule (channel, schedule, handled, unfinished) VALUES (?, ?, ?, ?)")
            for schedule in schedules {
                try insert.execute(arguments: [
                    schedule.channel, schedule.schedule, schedule.handled.milliseconds, schedule.unfinished?.milliseconds,
                ])
            }
        }
    }
}

extension Date {
    fileprivate init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// Rounded down: rounded up, a moment could come to be a time that is still to come.
    fileprivate var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }
}

extension Schema {
    static func createSchedules(in db: Database) throws {
        try db.execute(sql: """
            -- How far the schedules of 'revmeta serve' have come: what was missed while it was down is known by it.
            CREATE TABLE schedule (
                channel TEXT PRIMARY KEY,        -- its name
                schedule TEXT NOT NULL,          -- times and zone: after a change of them it begins anew
                handled INTEGER NOT NULL,        -- milliseconds since 1970: times up to this one are dealt with
                unfinished INTEGER               -- milliseconds since 1970: the time whose run began and has not ended
            ) WITHOUT ROWID;
            """)
    }
}
