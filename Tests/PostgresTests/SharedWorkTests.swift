import Glibc
import RevmetaPlugin
import RevmetaTestWaiting
import RevmetaThreads
import Testing

@testable import RevmetaPostgres

/// What the lanes of a call share, with threads instead of connections.
@Suite struct SharedWorkTests {
    /// Work of statements about columns of the named tables, a statement each; texts that are no comments go alone.
    private func work(_ statements: [(table: String, text: String)], most: Int) -> SharedWork {
        let changes = statements.enumerated().map { number, statement in
            Change(
                kind: "column", path: ["db", "public", statement.table, "c\(number)"], attribute: "description", before: nil,
                value: "x")
        }
        let list = StatementList(
            statements.enumerated().map { Statement(text: $1.text, changes: [$0]) }, of: changes)
        return SharedWork(BatchCutter(list, most: most), in: "db")
    }

    private func comments(_ tables: String...) -> [(table: String, text: String)] {
        tables.map { ($0, "COMMENT ON COLUMN x IS 'x'") }
    }

    private func start(_ body: @escaping () -> Void) throws -> Helper {
        let helper = Helper(body)
        return try #require(helper)
    }

    @Test func eachBatchIsTakenOnce() throws {
        let work = work(comments("a", "b", "c"), most: 1)
        let first = try #require(work.take()), second = try #require(work.takeMessage()), third = try #require(work.take())
        #expect(work.takeMessage() == nil && work.take() == nil && !work.isLeft)
        #expect([first.place, second.place, third.place] == [0, 1, 2])
    }

    @Test func whatLocksTheSameTableGoesInOrder() async throws {
        let work = work(comments("a", "a", "b"), most: 1)
        let first = try #require(work.take()), second = try #require(work.take()), third = try #require(work.take())
        // The second is ready before the first is.
        let events = Events()
        let helper = try start {
            events.add("asked")
            if work.launch(second) == .afterAWait { events.add("launched") }
        }
        #expect(work.launch(third) == .atOnce)
        try await eventually("it comes to that") { events.all.contains("asked") }
        usleep(20_000)
        #expect(work.launch(first) == .atOnce)
        events.add("done")
        work.done(first)
        helper.join()
        #expect(events.all == ["asked", "done", "launched"])
    }

    /// A statement of a template's is sent after all before it are done with, and before all after it are begun.
    @Test func whatMustBeAloneIs() async throws {
        let work = work(comments("a") + [("b", "SELECT 1")] + comments("c"), most: 1)
        let first = try #require(work.take())
        #expect(work.takeMessage() == nil)
        let events = Events()
        let helper = try start {
            guard let alone = work.take() else { return }
            events.add(alone.isMessage ? "message" : "alone")
            while !events.all.contains("looked") { usleep(1000) }
            usleep(20_000)
            events.add("alone done")
            work.done(alone)
        }
        usleep(20_000)
        events.add("first done")
        work.done(first)
        try await eventually("it was taken") { events.all.contains("alone") }
        // It may not even be looked up beside it.
        let early = work.takeMessage()
        #expect(early == nil)
        events.add("looked")
        let last = try #require(work.take())
        events.add(last.isMessage ? "message" : "alone")
        helper.join()
        #expect(events.all == ["first done", "alone", "looked", "alone done", "message"])
    }

    @Test func nothingGoesAfterAFailure() async throws {
        let work = work(comments("a", "a", "b"), most: 1)
        let first = try #require(work.take()), second = try #require(work.take())
        #expect(work.launch(first) == .atOnce && work.mayGoOn)
        let events = Events()
        let helper = try start {
            events.add("asked")
            events.add(work.launch(second) == .not ? "given up" : "launched")
        }
        try await eventually("it comes to that") { events.all.contains("asked") }
        usleep(20_000)
        work.fail(Failure(.transient, "the first"))
        helper.join()
        work.fail(Failure(.failed, "the second"))
        #expect(events.all == ["asked", "given up"])
        #expect(work.take() == nil && work.takeMessage() == nil && !work.isLeft && !work.mayGoOn)
        #expect(throws: Failure(.transient, "the first")) { try work.check() }
    }

    @Test func outcomesAreWaitedForUntilAllHaveServed() throws {
        let work = work([], most: 1)
        work.beginsToServe()
        let events = Events()
        let helper = try start {
            while !events.all.contains("waits") { usleep(1000) }
            usleep(20_000)
            var outcomes = CertainOutcomes()
            outcomes.succeed(7)
            work.note(outcomes)
            while !events.all.contains("waits again") { usleep(1000) }
            usleep(20_000)
            work.hasServed()
        }
        events.add("waits")
        #expect(work.waitForOthers())
        var told: [Int] = []
        work.tell(sink { told.append($0) })
        events.add("waits again")
        #expect(!work.waitForOthers())
        helper.join()
        #expect(told == [7])
    }

    /// Outcomes of others are told also by who waits for its turn.
    @Test func whoWaitsTells() async throws {
        let work = work(comments("a", "a"), most: 1)
        let first = try #require(work.take()), second = try #require(work.take())
        let events = Events()
        let helper = try start {
            events.add("asked")
            _ = work.launch(second) { work.tell(self.sink { _ in events.add("told") }) }
            events.add("launched")
        }
        try await eventually("it comes to that") { events.all.contains("asked") }
        var outcomes = CertainOutcomes()
        outcomes.succeed(0)
        work.note(outcomes)
        try await eventually("it comes to that") { events.all.contains("told") }
        work.done(first)
        helper.join()
        #expect(events.all == ["asked", "told", "launched"])
    }

    @Test func whoWantsToHearNoMoreIsToldNoMore() throws {
        let work = work(comments("a"), most: 1)
        var told: [Int] = []
        var outcomes = CertainOutcomes()
        outcomes.succeed(0)
        outcomes.succeed(1)
        work.note(outcomes)
        work.tell(sink(wantsMore: false) { told.append($0) })
        work.note(outcomes)
        work.tell(sink { told.append($0) })
        #expect(told == [0])
        #expect(work.take() == nil)
        #expect(throws: Failure.cancelled) { try work.check() }
    }

    private func sink(wantsMore: Bool = true, _ take: @escaping (Int) -> Void) -> OutcomeSink {
        .trial { index in
            take(index)
            return wantsMore
        }
    }

    /// What happened, in order, from any thread.
    private final class Events: @unchecked Sendable {  // all is behind the monitor
        private let monitor = Monitor()
        private var noted: [String] = []

        func add(_ event: String) {
            monitor.locked { noted.append(event) }
        }

        var all: [String] { monitor.locked { noted } }
    }
}
