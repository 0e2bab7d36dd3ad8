import RevmetaEngine
import RevmetaModel
import Testing

@testable import RevmetaServer

/// What is tried again of what happened to entities, and when.
@Suite struct PostponedEntitiesTests {
    private let now = ContinuousClock.now

    private func entity(_ id: String) -> PendingEntity { PendingEntity(entityType: "table", entityID: id, events: 1...1) }

    @Test func whatIsLeftWaitsLongerEachTime() {
        var postponed = PostponedEntities()
        let entities = [entity("a"), entity("b")], a = entities[0].key
        #expect(postponed.take(entities, left: [], now: now) == nil)
        #expect(postponed.waiting(at: now).isEmpty)
        for (failures, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60)] {
            #expect(postponed.take(entities, left: [a], now: now) == .seconds(seconds))
            #expect(postponed.failures(of: entities) == failures)
            #expect(postponed.waiting(at: now + .seconds(seconds) - .milliseconds(1)) == [a])
            #expect(postponed.waiting(at: now + .seconds(seconds)).isEmpty)
        }
        #expect(postponed.take(entities, left: [], now: now) == nil)
        #expect(postponed.failures(of: entities) == 0)
    }

    @Test func aRunSaysWhatIsTriedAgain() {
        func end(_ change: (inout RunReport) -> Void) -> ChangesEnd {
            var report = RunReport()
            report.usedServices = ["shop"]
            change(&report)
            return ChangesEnd(report)
        }
        let down = Failure(.transient, "down")
        #expect(end { _ in } == .over)
        // What nobody may write is not tried again by itself.
        #expect(end { $0.counts.failed = 1 } == .over)
        #expect(end { ($0.counts.failed, $0.postponed) = (2, 1) } == .incomplete)
        #expect(end { $0.failures["lake"] = down } == .incomplete)
        #expect(end { ($0.failures["shop"], $0.usedServices) = (down, []) } == .unusable)
        #expect(end { $0.counts.unsettled = 1 } == .unusable)
        // It was told to end before all was sent.
        #expect(end { $0.isStopped = true } == .unusable)
    }
}
