import Foundation
import Logging
import RevmetaJournal
import RevmetaModel
import ServiceLifecycle
import Synchronization
import Testing

@testable import RevmetaServer

/// The service with a clock of the test's: it moves when somebody waits for it, by as much as they wait.
@Suite(.timeLimit(.minutes(60))) final class ScheduleServiceTests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-serve-\(UUID().uuidString)").path
    private let journal: Journal
    private let now: Shared<Date>

    init() throws {
        journal = try Journal(forRunsAt: folder + "/journal.sqlite")
        now = Shared(try Date("2026-05-01T10:30:00Z", strategy: .iso8601))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func channel(_ name: String, _ times: String) throws -> ScheduledChannel {
        ScheduledChannel(name: name, schedule: Schedule(times: try CronExpression(times)))
    }

    private func clock(moves: Bool = true) -> ScheduleService.Clock {
        let now = now
        return ScheduleService.Clock(
            now: { now.value },
            sleep: { duration in
                guard moves else { return try await Task.sleep(for: .seconds(3600)) }
                now.change { $0 += duration / .seconds(1) }
            },
            draw: { $0 })
    }

    private func hours(_ runs: [DueRun]) -> [String] {
        runs.map { run in
            run.channels.map { "\($0.name) \($0.due.formatted(.iso8601.time(includingFractionalSeconds: false)))" }
                .joined(separator: ", ")
        }
    }

    @Test func runsAreStartedAtTheirTimesAndRemembered() async throws {
        let runs = Shared<[DueRun]>([]), group = Shared<ServiceGroup?>(nil)
        let service = ScheduleService(
            [try channel("a", "@hourly"), try channel("b", "0 11 * * *")], journal: journal, logger: Logger(label: "test"),
            clock: clock()
        ) { run in
            runs.change { $0.append(run) }
            if runs.value.count == 3 { await group.value?.triggerGracefulShutdown() }
            return .complete
        }
        try await serve(service, group)
        #expect(hours(runs.value).prefix(3) == ["a 11:00:00, b 11:00:00", "a 12:00:00", "a 13:00:00"])
        let progress = try await journal.schedules()
        #expect(progress.map(\.channel) == ["a", "b"])
        #expect(progress.map(\.unfinished) == [nil, nil])
        #expect(try #require(progress.first).handled >= Date("2026-05-01T13:00:00Z", strategy: .iso8601))
    }

    /// The journal knows of a run before it begins, and of one that a shutdown cut off after it ended.
    @Test func whatIsCutOffIsMadeUpForByTheNextServer() async throws {
        let group = Shared<ServiceGroup?>(nil), known = Shared<[ScheduleProgress]>([]), journal = journal
        try await serve(
            ScheduleService(
                [try channel("a", "@daily")], journal: journal, logger: Logger(label: "test"), clock: clock()
            ) { _ in
                let progress = try? await journal.schedules()
                known.change { $0 = progress ?? [] }
                await group.value?.triggerGracefulShutdown()
                try? await gracefulShutdown()
                return .cutOff
            }, group)
        let midnight = try Date("2026-05-02T00:00:00Z", strategy: .iso8601)
        #expect(known.value.map(\.unfinished) == [midnight])
        #expect(try await journal.schedules().map(\.unfinished) == [midnight])

        now.change { $0 += 600 }
        let runs = Shared<[DueRun]>([])
        try await serve(
            ScheduleService(
                [try channel("a", "@daily")], journal: journal, logger: Logger(label: "test"), clock: clock(moves: false)
            ) { run in
                runs.change { $0.append(run) }
                await group.value?.triggerGracefulShutdown()
                return .complete
            }, group)
        #expect(runs.value == [DueRun(channels: [DueRun.Channel(name: "a", due: midnight, isMadeUp: true)])])
        #expect(try await journal.schedules().map(\.unfinished) == [nil])
    }

    /// Without waiting for the time that was next.
    @Test func anotherConfigurationHoldsAtOnce() async throws {
        let group = Shared<ServiceGroup?>(nil), runs = Shared<[DueRun]>([]), slow = clock(moves: false)
        let waits = AsyncStream<Void>.makeStream()
        let now = now
        var clock = slow
        clock.sleep = { duration in
            waits.continuation.yield()
            // The next time of the new schedule, and no other, is reached.
            guard duration < .seconds(60) else { return try await Task.sleep(for: .seconds(3600)) }
            now.change { $0 += duration / .seconds(1) }
        }
        let service = ScheduleService(
            [try channel("a", "@yearly")], journal: journal, logger: Logger(label: "test"), clock: clock
        ) { run in
            runs.change { $0.append(run) }
            await group.value?.triggerGracefulShutdown()
            return .complete
        }
        let minutely = try channel("b", "* * * * *")
        now.change { $0 += 1 }
        async let served: Void = serve(service, group)
        for await _ in waits.stream { break }
        service.reload([minutely])
        try await served
        #expect(hours(runs.value) == ["b 10:31:00"])
        #expect(try await journal.schedules().map(\.channel) == ["b"])
    }

    @Test func aRunThatGoesOnDoesNotHoldUpOthers() async throws {
        let group = Shared<ServiceGroup?>(nil), runs = Shared<[DueRun]>([])
        let gate = AsyncStream<Void>.makeStream()
        try await serve(
            ScheduleService(
                [try channel("slow", "0 11 * * *"), try channel("b", "30 * * * *")], journal: journal,
                logger: Logger(label: "test"), clock: clock()
            ) { run in
                runs.change { $0.append(run) }
                if run.channels.first?.name == "slow" {
                    for await _ in gate.stream { break }
                } else if runs.value.count > 30 {
                    // More than a day: the slow one's time came again meanwhile.
                    gate.continuation.yield()
                    await group.value?.triggerGracefulShutdown()
                }
                return .complete
            }, group)
        #expect(runs.value.filter { $0.channels.contains { $0.name == "slow" } }.count == 1)
    }

    private func serve(_ service: ScheduleService, _ shared: Shared<ServiceGroup?>) async throws {
        let group = ServiceGroup(services: [service], logger: Logger(label: "test"))
        shared.change { $0 = group }
        try await group.run()
    }
}

/// A value that tasks share.
private final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func change(_ change: (inout Value) -> Void) { mutex.withLock { change(&$0) } }
}
