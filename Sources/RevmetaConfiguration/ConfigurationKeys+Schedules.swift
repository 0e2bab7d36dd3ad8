import Foundation
import RevmetaModel

extension Schedule.CatchUp: JSONRepresentable {}

/// What a channel, or the whole file, says of times; what it does not say is left to the other.
struct ReadSchedule: Sendable {
    enum Times: Sendable {
        case at(CronExpression)
        case none
    }

    var times: Times?
    var timeZone: TimeZone?
    var catchUp: Schedule.CatchUp?
    var jitter: Duration?

    /// The schedule of a channel in a file that says this for all.
    func schedule(in file: ReadSchedule) -> Schedule? {
        guard case .at(let times) = times ?? file.times else { return nil }
        return Schedule(
            times: times, timeZone: timeZone ?? file.timeZone ?? .gmt, catchUp: catchUp ?? file.catchUp ?? .once,
            jitter: jitter ?? file.jitter ?? .zero)
    }
}

// When channels run by themselves.
extension ConfigurationKeys {
    static let schedule: Key<ReadSchedule> = schedule(
        "When 'revmeta serve' runs the channels that say nothing else: @hourly, @daily, @weekly, @monthly, @yearly, or five "
            + "fields as cron has them (minute, hour, day of month, month, day of week: 30 2 * * MON-FRI). Without it, or with "
            + "none: never by itself.")

    static let channelSchedule: Key<ReadSchedule> = schedule(
        "When 'revmeta serve' runs this channel, in the words of the file's own schedule; none: never by itself. Without it: "
            + "as the file's own says.")

    private static func schedule(_ documentation: String) -> Key<ReadSchedule> {
        .group(
            Key(optional: "schedule", times.map(Optional.some), otherwise: nil, documentation),
            Key(
                optional: "timeZone", Reader<TimeZone>.timeZone.map(Optional.some), otherwise: nil,
                "Whose clock the schedule goes by, as the tz database names it: Europe/Berlin. Without it: UTC."),
            Key(
                optional: "catchUp", Reader<Schedule.CatchUp>.choice().map(Optional.some), otherwise: nil,
                "When times passed while 'revmeta serve' was down: one run makes up for them (once), or the next time is "
                    + "waited for (skip). Without it: once."),
            Key(
                optional: "jitter", Reader<Duration>.duration(atLeast: .zero, atMost: (.seconds(86_400), "1d")).map(Optional.some),
                otherwise: nil,
                "Up to how long after its time a run begins, at random (5m), so that many servers do not all begin at once. "
                    + "Without it: at its time.")
        ) { _, _, fields in
            guard let (times, timeZone, catchUp, jitter) = fields.complete else { return nil }
            return ReadSchedule(times: times, timeZone: timeZone, catchUp: catchUp, jitter: jitter)
        }
    }

    private static let times = Reader<ReadSchedule.Times>(schema: Reader<CronExpression>.times.schema) { element, reading in
        if case .text("none") = element.content { return ReadSchedule.Times.none }
        return Reader<CronExpression>.times.read(element, reading).map { .at($0) }
    }
}
