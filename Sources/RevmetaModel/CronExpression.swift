/// The times of a schedule, as cron has them: `30 2 * * MON-FRI`, or a word such as `@daily`.
///
/// A time matches if its minute, hour, month and day do. If both day of month and day of week are restricted, either of
/// them is enough; a field that begins with `*` does not restrict. These are the rules of Vixie's cron, which Debian has.
public struct CronExpression: Sendable, Hashable {
    /// As it was written, with single blanks.
    public let text: String
    let minutes: CronField
    let hours: CronField
    let daysOfMonth: CronField
    let months: CronField
    /// 0 is Sunday.
    let daysOfWeek: CronField
}

/// One field of a cron expression: the numbers that it allows.
struct CronField: Sendable, Hashable {
    /// A bit for each number.
    var bits: UInt64 = 0
    /// Whether it begins with `*`, whatever step follows.
    var isWildcard = false

    func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

    /// The least number from this one on; nil: there is none.
    func first(from number: Int) -> Int? {
        guard number < 64 else { return nil }
        let rest = bits >> UInt64(number)
        return rest == 0 ? nil : number + rest.trailingZeroBitCount
    }
}

extension CronExpression {
    /// Whether it is about fixed times of day, which the change to and from daylight saving time may skip or repeat, and
    /// not about intervals, which go on through it.
    public var hasFixedTimes: Bool { !minutes.isWildcard && !hours.isWildcard }

    /// Whether it can mean this day at all.
    func matches(_ day: CivilDay) -> Bool {
        guard months.contains(day.month) else { return false }
        let inMonth = daysOfMonth.contains(day.day), inWeek = daysOfWeek.contains(day.weekday)
        return daysOfMonth.isWildcard || daysOfWeek.isWildcard ? inMonth && inWeek : inMonth || inWeek
    }
}

extension CronExpression: CustomStringConvertible {
    public var description: String { text }
}
