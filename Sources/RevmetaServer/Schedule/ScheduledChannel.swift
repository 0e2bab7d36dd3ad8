public import RevmetaModel

/// A channel that runs by itself.
public struct ScheduledChannel: Sendable, Equatable {
    public var name: String
    public var schedule: Schedule

    public init(name: String, schedule: Schedule) {
        self.name = name
        self.schedule = schedule
    }
}

extension Configuration {
    /// Those of its channels that run by themselves.
    public var scheduledChannels: [ScheduledChannel] {
        channels.compactMap { channel in channel.schedule.map { ScheduledChannel(name: channel.name, schedule: $0) } }
    }
}
