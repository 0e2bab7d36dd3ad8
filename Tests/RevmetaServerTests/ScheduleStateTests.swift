import Foundation
import RevmetaJournal
import RevmetaModel
import Synchronization
import Testing

@testable import RevmetaServer

/// What is due when, by a clock that the tests set.
@Suite struct ScheduleStateTests {
    private func date(_ text: String) -> Date {
        guard let date = try? Date(text + "Z", strategy: .iso8601) else { preconditionFailure("no time: \(text)") }
        return date
    }

    private func channel(
        _ name: String, _ times: String, catchUp: Schedule.CatchUp = .once, jitter: Duration = .zero
    ) throws -> ScheduledChannel {
        ScheduledChannel(name: name, schedule: Schedule(times: try CronExpression(times), catchUp: catchUp, jitter: jitter))
    }

    private func state(_ channels: [ScheduledChannel], _ remembered: [ScheduleProgress] = [], at now: String) -> ScheduleState {
        ScheduleState(channels, remembered: remembered, now: date(now), draw: { $0 / 2 })
    }

    private func run(_ channels: (String, String)..., madeUp: Bool = false) -> DueRun {
        DueRun(channels: channels.map { DueRun.Channel(name: $0.0, due: date($0.1), isMadeUp: madeUp) })
    }

    @Test func nothingIsDueBeforeItsTimeAndEachTimeOnce() throws {
        var state = state([try channel("a", "0 * * * *")], at: "2026-05-01T10:00:00")
        #expect(state.advance(to: date("2026-05-01T10:00:00")) == ScheduleState.Advance())
        #expect(state.wake == date("2026-05-01T11:00:00"))
        #expect(state.advance(to: date("2026-05-01T10:59:59")).run == nil)
        let due = run(("a", "2026-05-01T11:00:00"))
        #expect(state.advance(to: date("2026-05-01T11:00:00")) == ScheduleState.Advance(run: due))
        state.end(due, .complete)
        #expect(state.advance(to: date("2026-05-01T11:00:01")).run == nil)
        #expect(state.wake == date("2026-05-01T12:00:00"))
    }

    @Test func channelsThatAreDueTogetherRunTogether() throws {
        var state = state(
            [try channel("a", "@hourly"), try channel("b", "@daily"), try channel("c", "30 * * * *")], at: "2026-05-01T22:40:00")
        #expect(state.advance(to: date("2026-05-01T23:00:00")).run == run(("a", "2026-05-01T23:00:00")))
        state.end(run(("a", "2026-05-01T23:00:00")), .complete)
        #expect(state.advance(to: date("2026-05-01T23:30:00")).run == run(("c", "2026-05-01T23:30:00")))
        #expect(
            state.advance(to: date("2026-05-02T00:00:00")).run
                == run(("a", "2026-05-02T00:00:00"), ("b", "2026-05-02T00:00:00")))
    }

    @Test func whatStillRunsIsNotStartedTwice() throws {
        var state = state([try channel("a", "@hourly"), try channel("b", "@hourly")], at: "2026-05-01T10:30:00")
        let first = run(("a", "2026-05-01T11:00:00"), ("b", "2026-05-01T11:00:00"))
        #expect(state.advance(to: date("2026-05-01T11:00:00")).run == first)
        let passedOver = state.advance(to: date("2026-05-01T12:00:00"))
        #expect(passedOver == ScheduleState.Advance(notes: ["a", "b"].map {
            .stillRunning(channel: $0, due: date("2026-05-01T12:00:00"), since: date("2026-05-01T11:00:00"))
        }))
        #expect(passedOver.notes[0].description
            == "channel 'a' is not run for 2026-05-01T12:00:00Z: its run for 2026-05-01T11:00:00Z still goes on")
        // Told once, and the time is not made up for.
        #expect(state.advance(to: date("2026-05-01T12:00:01")) == ScheduleState.Advance())
        state.end(first, .complete)
        #expect(state.advance(to: date("2026-05-01T12:30:00")) == ScheduleState.Advance())
        #expect(state.advance(to: date("2026-05-01T13:00:00")).run?.channels.count == 2)
    }

    @Test func aRunOfOneChannelDoesNotHoldUpAnother() throws {
        var state = state([try channel("a", "0 * * * *"), try channel("b", "30 * * * *")], at: "2026-05-01T10:40:00")
        #expect(state.advance(to: date("2026-05-01T11:00:00")).run == run(("a", "2026-05-01T11:00:00")))
        #expect(state.advance(to: date("2026-05-01T11:30:00")).run == run(("b", "2026-05-01T11:30:00")))
    }

    // While nobody could run.

    @Test func missedTimesAreMadeUpForByOneRun() throws {
        let channel = try channel("a", "@hourly")
        let progress = [ScheduleProgress(channel: "a", schedule: "@hourly UTC", handled: date("2026-05-01T10:00:00"))]
        var state = state([channel], progress, at: "2026-05-03T09:20:00")
        #expect(
            state.advance(to: date("2026-05-03T09:20:00"))
                == ScheduleState.Advance(run: run(("a", "2026-05-01T11:00:00"), madeUp: true)))
        state.end(run(("a", "2026-05-01T11:00:00")), .complete)
        #expect(state.advance(to: date("2026-05-03T09:59:59")) == ScheduleState.Advance())
        #expect(state.advance(to: date("2026-05-03T10:00:00")).run == run(("a", "2026-05-03T10:00:00")))
    }

    @Test func orPassedOver() throws {
        let channel = try channel("a", "@hourly", catchUp: .skip)
        let progress = [ScheduleProgress(channel: "a", schedule: "@hourly UTC", handled: date("2026-05-01T10:00:00"))]
        var state = state([channel], progress, at: "2026-05-03T09:20:00")
        #expect(
            state.advance(to: date("2026-05-03T09:20:00"))
                == ScheduleState.Advance(notes: [.missed(channel: "a", due: date("2026-05-01T11:00:00"))]))
        #expect(state.wake == date("2026-05-03T10:00:00"))
    }

    @Test(arguments: ["2026-05-03T09:00:00", "2026-05-03T09:00:59.5", "2026-05-03T09:02:00"])
    func aTimeThatJustWasIsNotMissed(now: String) throws {
        let channel = try channel("a", "@hourly", catchUp: .skip)
        for handled in ["2026-05-01T10:00:00", "2026-05-03T08:00:00"] {
            let progress = [ScheduleProgress(channel: "a", schedule: "@hourly UTC", handled: date(handled))]
            let now = date("2026-05-03T09:00:00") + (now.hasSuffix("59.5") ? 59.5 : now.hasSuffix("2:00") ? 120 : 0)
            var state = ScheduleState([channel], remembered: progress, now: now, draw: { $0 })
            #expect(state.advance(to: now).run == run(("a", "2026-05-03T09:00:00")))
            #expect(state.wake == date("2026-05-03T10:00:00"))
        }
    }

    @Test func aMachineThatSleptHasMissedItsTimesToo() throws {
        var states = [Schedule.CatchUp.once, .skip].map { catchUp in
            (try? channel("a", "@hourly", catchUp: catchUp)).map { state([$0], at: "2026-05-01T10:30:00") }
        }
        #expect(states[0]?.advance(to: date("2026-05-01T19:30:00")).run?.channels.first?.isMadeUp == true)
        #expect(states[1]?.advance(to: date("2026-05-01T19:30:00")).run == nil)
    }

    // A server that ends in the middle of a run.

    @Test func aRunThatWasCutOffIsMadeUpForOnce() throws {
        let channel = try channel("a", "@daily")
        var first = state([channel], at: "2026-05-01T10:00:00")
        _ = first.advance(to: date("2026-05-02T00:00:00"))
        let killed = first.progress
        #expect(killed == [ScheduleProgress(
            channel: "a", schedule: "@daily UTC", handled: date("2026-05-02T00:00:00"), unfinished: date("2026-05-02T00:00:00"))])

        var second = state([channel], killed, at: "2026-05-02T00:10:00")
        let again = run(("a", "2026-05-02T00:00:00"), madeUp: true)
        #expect(second.advance(to: date("2026-05-02T00:10:00")) == ScheduleState.Advance(run: again))
        // Killed again: the run may be why.
        #expect(second.progress[0].unfinished == nil)
        var third = state([channel], second.progress, at: "2026-05-02T00:20:00")
        #expect(third.advance(to: date("2026-05-02T00:20:00")) == ScheduleState.Advance())

        // But a shutdown is no crash.
        second.end(again, .cutOff)
        #expect(second.progress[0].unfinished == date("2026-05-02T00:00:00"))
        #expect(second.advance(to: date("2026-05-02T00:20:00")) == ScheduleState.Advance())
        second.end(again, .complete)
    }

    @Test func orNotIfMissedTimesArePassedOver() throws {
        let channel = try channel("a", "@daily", catchUp: .skip)
        let progress = [ScheduleProgress(
            channel: "a", schedule: "@daily UTC", handled: date("2026-05-02T00:00:00"), unfinished: date("2026-05-02T00:00:00"))]
        var state = state([channel], progress, at: "2026-05-02T00:10:00")
        #expect(
            state.advance(to: date("2026-05-02T00:10:00"))
                == ScheduleState.Advance(notes: [.missed(channel: "a", due: date("2026-05-02T00:00:00"))]))
        #expect(state.progress[0].unfinished == nil)
    }

    @Test func whatIsCutOffAndWhatIsMissedMeanwhileIsOneRun() throws {
        let channel = try channel("a", "@hourly")
        let progress = [ScheduleProgress(
            channel: "a", schedule: "@hourly UTC", handled: date("2026-05-02T00:00:00"), unfinished: date("2026-05-02T00:00:00"))]
        var state = state([channel], progress, at: "2026-05-02T05:10:00")
        #expect(
            state.advance(to: date("2026-05-02T05:10:00")).run == run(("a", "2026-05-02T00:00:00"), madeUp: true))
        #expect(state.wake == date("2026-05-02T06:00:00"))
    }

    // Another configuration.

    @Test func changedSchedulesBeginAnewAndOthersGoOn() throws {
        let channels = [try channel("a", "@hourly"), try channel("b", "@hourly"), try channel("c", "@hourly")]
        var state = state(channels, at: "2026-05-01T10:30:00")
        let due = state.advance(to: date("2026-05-01T11:00:00")).run
        #expect(due?.channels.count == 3)
        let changed = [try channel("b", "*/10 * * * *"), try channel("a", "@hourly", catchUp: .skip), try channel("d", "@daily")]
        state.reload(changed, now: date("2026-05-01T11:05:00"))
        #expect(state.progress.map(\.channel) == ["b", "a", "d"])
        #expect(state.progress.map(\.handled) == ["2026-05-01T11:05:00", "2026-05-01T11:00:00", "2026-05-01T11:05:00"].map(date))
        // The run for the old times goes on.
        #expect(state.advance(to: date("2026-05-01T11:10:00")).notes == [
            .stillRunning(channel: "b", due: date("2026-05-01T11:10:00"), since: date("2026-05-01T11:00:00"))
        ])
        try state.end(#require(due), .complete)
        #expect(state.advance(to: date("2026-05-01T11:20:00")).run == run(("b", "2026-05-01T11:20:00")))
        // A channel that went and came while it runs is still not started twice.
        state.reload([], now: date("2026-05-01T11:21:00"))
        #expect(state.wake == nil)
        #expect(state.progress == [])
        state.reload([changed[0]], now: date("2026-05-01T11:22:00"))
        #expect(state.advance(to: date("2026-05-01T11:30:00")).run == nil)
    }

    @Test func whatWasRememberedOfOtherTimesDoesNotCount() throws {
        let progress = [ScheduleProgress(
            channel: "a", schedule: "@daily UTC", handled: date("2026-01-01T00:00:00"), unfinished: date("2026-01-01T00:00:00"))]
        var state = state([try channel("a", "@hourly")], progress, at: "2026-05-02T05:10:00")
        #expect(state.advance(to: date("2026-05-02T05:10:00")) == ScheduleState.Advance())
        #expect(state.wake == date("2026-05-02T06:00:00"))
    }

    // The system's clock.

    @Test func aClockThatWasAheadDoesNotStopASchedule() throws {
        let progress = [ScheduleProgress(channel: "a", schedule: "@hourly UTC", handled: date("2038-01-01T00:00:00"))]
        var state = state([try channel("a", "@hourly")], progress, at: "2026-05-02T05:10:00")
        let ahead = Int64(date("2038-01-01T00:00:00").timeIntervalSince(date("2026-05-02T05:10:00")))
        #expect(
            state.advance(to: date("2026-05-02T05:10:00"))
                == ScheduleState.Advance(notes: [.clockWasAhead(channel: "a", by: .seconds(ahead))]))
        #expect(state.wake == date("2026-05-02T06:00:00"))
    }

    @Test func aClockThatIsPutBackALittleRepeatsNothing() throws {
        var state = state([try channel("a", "@hourly")], at: "2026-05-01T10:30:00")
        let due = try #require(state.advance(to: date("2026-05-01T11:00:00")).run)
        state.end(due, .complete)
        #expect(state.advance(to: date("2026-05-01T10:59:50")) == ScheduleState.Advance())
        #expect(state.advance(to: date("2026-05-01T11:00:10")) == ScheduleState.Advance())
    }

    // Jitter.

    @Test func jitterPutsARunOffAndOneForAllOfASchedule() throws {
        let drawn = Mutex(0)
        let draw: @Sendable (Duration) -> Duration = { jitter in
            drawn.withLock { drawn in
                drawn += 1
                return jitter / Double(drawn)
            }
        }
        let channels = [
            try channel("a", "@hourly", jitter: .seconds(600)), try channel("b", "@hourly", jitter: .seconds(600)),
            try channel("c", "@hourly"),
        ]
        var state = ScheduleState(channels, remembered: [], now: date("2026-05-01T10:30:00"), draw: draw)
        #expect(state.advance(to: date("2026-05-01T11:00:00")).run == run(("c", "2026-05-01T11:00:00")))
        #expect(state.wake == date("2026-05-01T11:10:00"))
        let both = run(("a", "2026-05-01T11:00:00"), ("b", "2026-05-01T11:00:00"))
        #expect(state.advance(to: date("2026-05-01T11:10:00")).run == both)
        state.end(both, .complete)
        #expect(drawn.withLock { $0 } == 2)
        #expect(state.advance(to: date("2026-05-01T12:04:59")).run?.channels.map(\.name) != ["a", "b"])
        #expect(state.advance(to: date("2026-05-01T12:05:00")).run == run(("a", "2026-05-01T12:00:00"), ("b", "2026-05-01T12:00:00")))
    }

    @Test func aTimeIsNotMissedWhileItsJitterLasts() throws {
        let channel = try channel("a", "@hourly", catchUp: .skip, jitter: .seconds(600))
        let progress = [ScheduleProgress(channel: "a", schedule: "@hourly UTC", handled: date("2026-05-01T10:00:00"))]
        // Drawn anew: five minutes.
        var early = state([channel], progress, at: "2026-05-01T11:01:00")
        #expect(early.advance(to: date("2026-05-01T11:01:00")) == ScheduleState.Advance())
        #expect(early.wake == date("2026-05-01T11:05:00"))
        var late = state([channel], progress, at: "2026-05-01T11:11:00")
        #expect(late.advance(to: date("2026-05-01T11:11:00")).run == run(("a", "2026-05-01T11:00:00")))
        var tooLate = state([channel], progress, at: "2026-05-01T11:12:01")
        #expect(tooLate.advance(to: date("2026-05-01T11:12:01")).run == nil)
    }
}
