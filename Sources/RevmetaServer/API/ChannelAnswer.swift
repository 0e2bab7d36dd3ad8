internal import FoundationEssentials
internal import RevmetaEngine
internal import RevmetaModel

/// A channel, as a program is told of it: in the words of `revmeta.yaml`.
struct ChannelAnswer: Encodable {
    struct ScheduleAnswer: Encodable {
        var schedule: String
        var timeZone: String
        var catchUp: String
        /// In seconds.
        var jitter: Double
        /// The next of its times, ISO 8601, UTC.
        var next: String

        init(_ schedule: Schedule, now: Date) {
            self.schedule = "\(schedule.times)"
            timeZone = schedule.timeZone == .gmt ? "UTC" : schedule.timeZone.identifier
            catchUp = schedule.catchUp.rawValue
            jitter = schedule.jitter / .seconds(1)
            next = schedule.next(after: now).formatted(.iso8601)
        }
    }

    var name: String
    /// What it selects, one thing a line; empty: everything.
    var filter: [String]
    /// What the filter says and probably does not mean.
    var filterWarnings: [String]
    var updateDescriptions: Bool
    var updateOwners: Bool
    var updateTags: Bool
    /// How many templates of its own it has.
    var sqlTemplates: Int
    var onConflict: String
    var removals: String
    /// The service that is written to instead of the entities' own.
    var sinkService: String?
    /// Names of the services that it writes to.
    var services: [String]
    /// Absent: it does not run by itself.
    var schedule: ScheduleAnswer?

    init(_ channel: Channel, of configuration: Configuration, now: Date) {
        name = channel.name
        filter = channel.filter.summary
        filterWarnings = channel.filterWarnings
        updateDescriptions = channel.updateDescriptions
        updateOwners = channel.updateOwners
        updateTags = channel.updateTags
        sqlTemplates = channel.templates.count
        onConflict = channel.policies.onConflict.rawValue
        removals = channel.policies.removals.rawValue
        sinkService = channel.sinkService
        services = configuration.services(ofChannels: [channel.name]).map(\.name)
        schedule = channel.schedule.map { ScheduleAnswer($0, now: now) }
    }
}
