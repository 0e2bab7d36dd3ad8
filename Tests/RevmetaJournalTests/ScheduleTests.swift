import Foundation
import RevmetaJournal
import Testing

@Suite final class ScheduleTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-schedule-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func whatIsSetIsRememberedAndNothingElse() async throws {
        let first = ScheduleProgress(
            channel: "a", schedule: "@daily UTC", handled: Date(timeIntervalSince1970: 1_800_000_000.25))
        var second = ScheduleProgress(
            channel: "b 'x'", schedule: "0 0 * * * UTC", handled: Date(timeIntervalSince1970: 1_800_000_000),
            unfinished: Date(timeIntervalSince1970: 1_700_000_000))
        do {
            let journal = try Journal(forRunsAt: folder + "/journal.sqlite")
            #expect(try await journal.schedules() == [])
            try await journal.set(schedules: [second, first])
        }
        let journal = try Journal(forRunsAt: folder + "/journal.sqlite")
        #expect(try await journal.schedules() == [first, second])
        second.unfinished = nil
        try await journal.set(schedules: [second])
        #expect(try await journal.schedules() == [second])
    }

    /// Else a moment right before a time would pass for that time.
    @Test func momentsAreNotRoundedUp() async throws {
        let journal = try Journal(forRunsAt: folder + "/journal.sqlite")
        let moment = Date(timeIntervalSince1970: 1_800_000_059.9999)
        try await journal.set(schedules: [ScheduleProgress(channel: "a", schedule: "x", handled: moment)])
        let remembered = try #require(try await journal.schedules().first?.handled)
        #expect(remembered <= moment)
        #expect(moment.timeIntervalSince(remembered) < 0.001)
    }
}
