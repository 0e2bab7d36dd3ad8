import RevmetaPlugin
import RevmetaTestSupport
import Testing

@testable import RevmetaPostgres

/// A connection that is opened beside the one with the write lock.
@Suite struct LaneAttemptTests {
    private func attempt(_ source: Source, _ more: [String: String] = [:]) -> LaneAttempt {
        LaneAttempt({ () throws(Failure) in try ConnectionAttempt(self.checked(source, more)) }, .trial)
    }

    private func checked(_ source: Source, _ more: [String: String] = [:]) throws(Failure) -> ConnectionSettings {
        let all = source.database.settings(as: "metadata_writer").merging(more) { $1 }
        return try ConnectionSettings(RevmetaPlugin.Settings(all))
    }

    @Test func itWritesOnlyBesideWhoHasTheWriteLock() throws {
        let source = try Source()
        let main = try Connection(checked(source), .trial)
        // Nobody has it.
        let early = attempt(source)
        #expect(early.make(beside: main.backend, .trial) { true } == nil && early.isRefused)
        #expect(try WriteLock.take(main, .trial) == nil)
        let made = attempt(source)
        let connection = try #require(made.make(beside: main.backend, .trial) { true })
        #expect(connection.database == source.database.name && made.connection === connection && !made.isUnderway)
        connection.close()
        // Another has it: ours went away without our noticing.
        let late = attempt(source)
        #expect(late.make(beside: main.backend + 1, .trial) { true } == nil && late.isRefused)
        // Who was refused keeps nobody from writing.
        main.close()
        let next = try Connection(checked(source), .trial)
        #expect(try WriteLock.take(next, .trial) == nil)
    }

    @Test func itIsNotWaitedForWhenNobodyWantsItAnyMore() throws {
        let listener = try SilentServer(), source = try Source()
        let attempt = attempt(source, ["hostPort": "127.0.0.1:\(listener.port)", "connectTimeout": "60"])
        var looks = 0
        let made = attempt.make(beside: 1, .trial) {
            looks += 1
            return looks < 5
        }
        #expect(made == nil && looks == 5)
        // It can be gone on with.
        #expect(attempt.isUnderway && !attempt.isRefused)
    }

    @Test func whatCannotBeReachedIsRefused() throws {
        let source = try Source()
        let attempt = attempt(source, ["hostPort": "/nowhere"])
        #expect(attempt.isRefused || attempt.make(beside: 1, .trial, while: { true }) == nil && attempt.isRefused)
    }
}
