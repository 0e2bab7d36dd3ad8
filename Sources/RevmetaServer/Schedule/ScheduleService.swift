internal import Foundation
public import Logging
public import RevmetaJournal
public import ServiceLifecycle
internal import Synchronization

/// Starts runs at their times, until the server ends.
///
/// What is decided stands in ``ScheduleState``; this waits, remembers and tells.
public final class ScheduleService: Service {
    /// The clock by which runs are due, and how to wait for it: tests bring their own.
    struct Clock: Sendable {
        var now: @Sendable () -> Date = { Date() }
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        /// A time from zero up to the one given.
        var draw: @Sendable (Duration) -> Duration = { .milliseconds(Int64.random(in: 0...Int64($0 / .milliseconds(1)))) }
    }

    /// The system's clock may be set at any time, and a machine may sleep: no wait is longer than this.
    private static let longestWait: TimeInterval = 60

    private let journal: Journal
    private let logger: Logger
    private let clock: Clock
    private let start: @Sendable (DueRun) async -> DueRun.End
    private let channels: Mutex<[ScheduledChannel]>
    private let ended = Mutex<[(DueRun, DueRun.End)]>([])
    /// Something is to be looked at before its time has come. One look is enough for all that asked for one.
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - journal: Where it is remembered how far schedules have come.
    ///   - start: Runs what is due and returns when that is over; meanwhile it is called for other channels. When the server
    ///     is shut down gracefully, it stops what can wait, and returns ``DueRun/End/cutOff``.
    public convenience init(
        _ channels: [ScheduledChannel], journal: Journal, logger: Logger,
        start: @escaping @Sendable (DueRun) async -> DueRun.End
    ) {
        self.init(channels, journal: journal, logger: logger, clock: Clock(), start: start)
    }

    init(
        _ channels: [ScheduledChannel], journal: Journal, logger: Logger, clock: Clock,
        start: @escaping @Sendable (DueRun) async -> DueRun.End
    ) {
        self.channels = Mutex(channels)
        self.journal = journal
        self.logger = logger
        self.clock = clock
        self.start = start
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes over the schedules of another configuration. What runs goes on.
    public func reload(_ channels: [ScheduledChannel]) {
        self.channels.withLock { $0 = channels }
        change.yield()
    }

    /// Starts what is due until the server is shut down, and waits for the end of what runs then. Once.
    public func run() async throws {
        var known = channels.withLock { $0 }, remembered = try await journal.schedules()
        var state = ScheduleState(known, remembered: remembered, now: clock.now(), draw: clock.draw)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { runs in
                var changes = changes.makeAsyncIterator(), isNew = true
                repeat {
                    isNew = takeOver(&state, &known) || isNew
                    let advance = state.advance(to: clock.now())
                    for note in advance.notes { logger.warning("\(note)") }
                    if isNew { announce(state) }
                    isNew = false
                    // Before it begins: a server that is killed meanwhile is to know that it did.
                    await remember(state, &remembered)
                    if let run = advance.run { runs.addTask { await self.start(run) } }
                } while await wait(until: state.wake, &changes)
            }
        } onGracefulShutdown: {
            self.change.finish()
        }
        _ = takeOver(&state, &known)
        await remember(state, &remembered)
    }

    private func start(_ run: DueRun) async {
        for channel in run.channels {
            logger.info("channel '\(channel.name)' is due", metadata: [
                "due": "\(channel.due.formatted(.iso8601))", "made_up": "\(channel.isMadeUp)",
            ])
        }
        let end = await start(run)
        ended.withLock { $0.append((run, end)) }
        change.yield()
    }

    /// Takes over what happened since the last look, and says whether there are other schedules now.
    private func takeOver(_ state: inout ScheduleState, _ known: inout [ScheduledChannel]) -> Bool {
        let channels = channels.withLock { $0 }
        let areOther = channels != known
        if areOther { state.reload(channels, now: clock.now()) }
        known = channels
        let ended = ended.withLock { ended in
            defer { ended = [] }
            return ended
        }
        for (run, end) in ended { state.end(run, end) }
        return areOther
    }

    private func announce(_ state: ScheduleState) {
        for (channel, start) in state.upcoming {
            logger.info("channel '\(channel)' is run next at \(start.formatted(.iso8601))")
        }
    }

    private func remember(_ state: ScheduleState, _ remembered: inout [ScheduleProgress]) async {
        let progress = state.progress
        guard progress != remembered else { return }
        do {
            try await journal.set(schedules: progress)
            remembered = progress
        } catch {
            // Runs are more than the memory of them: at worst one is made up for that need not be.
            logger.error("how far the schedules have come cannot be written to the journal: \(error)")
        }
    }

    /// Waits for a time or a change; false: the server is being shut down.
    private func wait(until time: Date?, _ changes: inout AsyncStream<Void>.Iterator) async -> Bool {
        let left = min(time.map { $0.timeIntervalSince(clock.now()) } ?? Self.longestWait, Self.longestWait)
        let sleeper = Task { [clock, change] in
            // Never for nothing: clocks do not agree to the microsecond.
            guard (try? await clock.sleep(.seconds(max(left, 0.001)))) != nil else { return }
            change.yield()
        }
        defer { sleeper.cancel() }
        return await changes.next() != nil
    }
}
