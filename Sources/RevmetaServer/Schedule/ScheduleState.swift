import Foundation
import RevmetaJournal
import RevmetaModel

/// Which channels are due, and when to look again: a value, without clock or journal.
struct ScheduleState: Sendable {
    /// What a look at the clock brings.
    struct Advance: Equatable {
        /// Nil: nothing is due.
        var run: DueRun?
        var notes: [ScheduleNote] = []
    }

    private struct Entry {
        var schedule: Schedule
        /// Up to when its times are dealt with.
        var handled: Date
        /// The first time after that.
        var next: Date
        /// When its run begins: that time with its jitter.
        var start: Date
        /// The time of a run that an earlier server did not bring to its end, still to be made up for.
        var unfinished: Date?
    }

    /// A run that began.
    private struct Running {
        var due: Date
        /// Whether it makes up for one that was cut off: that is done once, lest a run that brings the server down does so
        /// for ever.
        var isRepeated: Bool
    }

    /// How late a run may begin and still be in time.
    private static let tolerance: TimeInterval = 120
    /// How far a clock may be put back and its times still count as dealt with.
    private static let mostPutBack: TimeInterval = 3600

    private var order: [String] = []
    private var entries: [String: Entry] = [:]
    /// By channel; also of those that the configuration has no more.
    private var running: [String: Running] = [:]
    /// The times of runs that this server has cut off, by channel: another one makes up for them.
    private var cutOff: [String: Date] = [:]
    /// A part of a jitter, at random.
    private let draw: @Sendable (Duration) -> Duration

    /// - Parameters:
    ///   - remembered: What the journal knows of an earlier server's.
    ///   - draw: A time from zero up to the one given.
    init(
        _ channels: [ScheduledChannel], remembered: [ScheduleProgress], now: Date,
        draw: @escaping @Sendable (Duration) -> Duration
    ) {
        self.draw = draw
        let remembered = Dictionary(remembered.map { ($0.channel, $0) }) { first, _ in first }
        for channel in channels {
            let progress = remembered[channel.name].flatMap { $0.schedule == channel.schedule.description ? $0 : nil }
            add(channel, handled: progress?.handled ?? now, unfinished: progress?.unfinished)
        }
    }

    /// Takes over another configuration: schedules with other times or another zone begin now, those that are gone are
    /// forgotten, and all others go on.
    mutating func reload(_ channels: [ScheduledChannel], now: Date) {
        let before = entries
        order = []
        entries = [:]
        for channel in channels {
            guard let entry = before[channel.name], entry.schedule.description == channel.schedule.description else {
                add(channel, handled: now)
                continue
            }
            if entry.schedule == channel.schedule {
                // With the jitter that was drawn.
                order.append(channel.name)
                entries[channel.name] = entry
            } else {
                add(channel, handled: entry.handled, unfinished: entry.unfinished)
            }
        }
    }

    /// What is due now. A run that it brings counts as begun.
    mutating func advance(to now: Date) -> Advance {
        var advance = Advance(), channels: [DueRun.Channel] = []
        for name in order {
            if let channel = due(name, now, &advance.notes) { channels.append(channel) }
        }
        if !channels.isEmpty { advance.run = DueRun(channels: channels) }
        return advance
    }

    /// Notes that a run is over.
    mutating func end(_ run: DueRun, _ end: DueRun.End) {
        for channel in run.channels {
            running[channel.name] = nil
            if end == .cutOff { cutOff[channel.name] = channel.due }
        }
    }

    /// When something is due next; nil: never.
    var wake: Date? { entries.values.map(\.start).min() }

    /// When each channel runs next, in the configuration's order.
    var upcoming: [(channel: String, start: Date)] {
        order.compactMap { name in entries[name].map { (name, $0.start) } }
    }

    /// What the journal has to remember.
    var progress: [ScheduleProgress] {
        order.compactMap { name in
            guard let entry = entries[name] else { return nil }
            let begun = running[name].flatMap { $0.isRepeated ? nil : $0.due }
            return ScheduleProgress(
                channel: name, schedule: entry.schedule.description, handled: entry.handled,
                unfinished: begun ?? cutOff[name] ?? entry.unfinished)
        }
    }

    private mutating func due(_ name: String, _ now: Date, _ notes: inout [ScheduleNote]) -> DueRun.Channel? {
        guard let entry = entries[name] else { return nil }
        let ahead = entry.handled.timeIntervalSince(now)
        if ahead > Self.mostPutBack {
            notes.append(.clockWasAhead(channel: name, by: .seconds(Int64(ahead))))
            handle(name, upTo: now)
        }
        if let unfinished = entry.unfinished, running[name] == nil {
            entries[name]?.unfinished = nil
            if entry.schedule.catchUp == .once {
                // What is due besides is done with it.
                handle(name, upTo: max(now, entry.handled))
                return begin(name, due: unfinished, isMadeUp: true, isRepeated: true)
            }
            notes.append(.missed(channel: name, due: unfinished))
        }
        guard let entry = entries[name], entry.start <= now else { return nil }
        if let running = running[name] {
            notes.append(.stillRunning(channel: name, due: entry.next, since: running.due))
            handle(name, upTo: now)
            return nil
        }
        let latest = entry.next + entry.schedule.jitter.seconds + Self.tolerance
        guard latest < now else {
            handle(name, upTo: now)
            return begin(name, due: entry.next, isMadeUp: false, isRepeated: false)
        }
        guard entry.schedule.catchUp == .skip else {
            handle(name, upTo: now)
            return begin(name, due: entry.next, isMadeUp: true, isRepeated: false)
        }
        notes.append(.missed(channel: name, due: entry.next))
        // Of the times that have passed, the last may still be in time.
        handle(name, upTo: now - entry.schedule.jitter.seconds - Self.tolerance - 0.001)
        guard let last = entries[name], last.start <= now else { return nil }
        handle(name, upTo: now)
        return begin(name, due: last.next, isMadeUp: false, isRepeated: false)
    }

    private mutating func begin(_ name: String, due: Date, isMadeUp: Bool, isRepeated: Bool) -> DueRun.Channel {
        running[name] = Running(due: due, isRepeated: isRepeated)
        cutOff[name] = nil
        return DueRun.Channel(name: name, due: due, isMadeUp: isMadeUp)
    }

    private mutating func add(_ channel: ScheduledChannel, handled: Date, unfinished: Date? = nil) {
        order.append(channel.name)
        entries[channel.name] = entry(channel.schedule, handled: handled, unfinished: unfinished)
    }

    /// Notes up to when the times of a channel are dealt with, and finds its next one.
    private mutating func handle(_ name: String, upTo handled: Date) {
        guard let entry = entries[name] else { return }
        entries[name] = self.entry(entry.schedule, handled: handled, unfinished: entry.unfinished)
    }

    private func entry(_ schedule: Schedule, handled: Date, unfinished: Date?) -> Entry {
        let next = schedule.next(after: handled)
        return Entry(
            schedule: schedule, handled: handled, next: next, start: start(schedule, next), unfinished: unfinished)
    }

    /// When the run for a time begins: at the same moment for all channels of one schedule.
    private func start(_ schedule: Schedule, _ due: Date) -> Date {
        guard schedule.jitter > .zero else { return due }
        let other = entries.values.first { $0.schedule == schedule && $0.next == due }
        return other?.start ?? due + draw(schedule.jitter).seconds
    }
}

extension Duration {
    fileprivate var seconds: TimeInterval { self / .seconds(1) }
}
