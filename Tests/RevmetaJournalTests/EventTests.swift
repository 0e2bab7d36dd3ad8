import Foundation
import GRDB
import RevmetaModel
import Synchronization
import Testing

@testable import RevmetaJournal

/// What has happened at the catalog, from its arrival until it is dealt with.
@Suite final class EventTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-events-\(UUID().uuidString)").path
    private var path: String { folder + "/journal.sqlite" }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func anEventIsKeptOnce() async throws {
        let journal = try Journal(forRunsAt: path)
        #expect(try await journal.keep([event("a"), event("b"), event("a")]) == 2)
        #expect(try await journal.keep([event("b"), event("c")]) == 1)
        let items = try await journal.pending(limit: 10)
        #expect(items.map(\.count) == [3])
        try await journal.settle(items)
        // Dealt with, and yet known.
        #expect(try await journal.keep([event("a"), event("c")]) == 0)
        #expect(try await journal.pending(limit: 10).isEmpty)
    }

    @Test func whatIsPostponedLeavesRoomForOthers() async throws {
        let journal = try Journal(forRunsAt: path)
        try await journal.keep((1...3).map { event("e\($0)", of: "\($0)") })
        let first = try #require(try await journal.pending(limit: 1).first)
        #expect(first.entityID == "1")
        let others = try await journal.pending(limit: 2, except: [], [first.key])
        #expect(others.map(\.entityID) == ["2", "3"])
    }

    /// Those who only read are closed before who writes: else what it wrote last would stand in the log alone.
    @Test func allIsInOneFileOnceTheJournalIsClosed() async throws {
        let journal = try Journal(forRunsAt: path)
        try await journal.keep([event("a")])
        #expect(try await journal.pending(limit: 1).count == 1)
        #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        try journal.close()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    }

    @Test func aBurstIsOneEntityWithWhatWasThereBeforeIt() async throws {
        let journal = try Journal(forRunsAt: path)
        for number in 1...50 {
            _ = try await journal.keep([event("e\(number)", time: Int64(1000 + number), [
                CatalogFieldChange(name: "description", before: number == 1 ? nil : "text \(number - 1)"),
                CatalogFieldChange(name: "tags", before: nil, after: #"[{"tagFQN":"T.t\#(number)"}]"#),
            ])])
        }
        let items = try await journal.pending(limit: 10)
        #expect(items.count == 1)
        let item = try #require(items.first)
        #expect(item.count == 50)
        #expect(item.events == 1...50)
        #expect(item.time == 1001)
        #expect(item.service == "shop")
        #expect(item.qualifiedName == "shop.main.public.t1")
        #expect(item.changes.filter { $0.name == "description" } == [CatalogFieldChange(name: "description", before: nil)])
        #expect(item.changes.filter { $0.name == "tags" }.count == 50)
    }

    @Test func theyComeInTheOrderOfArrivalAndBusyServicesWait() async throws {
        let journal = try Journal(forRunsAt: path)
        let events = [
            event("a", of: "1"), event("b", of: "2", service: "lake"), event("c", of: "1"), event("d", of: "3", service: nil),
            event("e", of: "4"),
        ]
        #expect(try await journal.keep(events) == 5)
        #expect(try await journal.pending(limit: 9).map(\.entityID) == ["1", "2", "3", "4"])
        #expect(try await journal.pending(limit: 2).map(\.entityID) == ["1", "2"])
        #expect(try await journal.pending(limit: 2, except: ["shop"]).map(\.entityID) == ["2", "3"])
        #expect(try await journal.pending(limit: 9, except: ["lake"]).map(\.events) == [1...3, 4...4, 5...5])
    }

    @Test func whatArrivesMeanwhileIsStillToBeDealtWith() async throws {
        let journal = try Journal(forRunsAt: path)
        _ = try await journal.keep([event("a", time: 7), event("b", of: "2", time: 5)])
        let items = try await journal.pending(limit: 1)
        _ = try await journal.keep([event("c", time: 9)])
        #expect(try await journal.eventBacklog() == EventBacklog(events: 3, oldest: 5))
        try await journal.settle(items)
        #expect(try await journal.pending(limit: 9).map(\.entityID) == ["2", "1"])
        try await journal.settle(try await journal.pending(limit: 9))
        #expect(try await journal.eventBacklog() == EventBacklog(events: 0, oldest: nil))
        // Numbers are never given again: an item of before settles nothing of now.
        _ = try await journal.keep([event("d")])
        try await journal.settle(items)
        #expect(try await journal.pending(limit: 9).map(\.events) == [4...4])
    }

    @Test func theyOutliveTheProcess() async throws {
        do {
            let journal = try Journal(forRunsAt: path)
            _ = try await journal.keep([event("a")], cursor: EventCursor(catalog: "https://one", time: 12))
        }
        let journal = try Journal(forRunsAt: path)
        #expect(try await journal.pending(limit: 9).map(\.entityID) == ["1"])
        #expect(try await journal.eventCursor(of: "https://one") == 12)
        #expect(try await journal.eventCursor(of: "https://other") == nil)
        #expect(try await journal.keep([], cursor: EventCursor(catalog: "https://one", time: 20)) == 0)
        #expect(try await journal.eventCursor(of: "https://one") == 20)
    }

    @Test func manyCallersShareTransactionsAndEachHasItsOwnCount() async throws {
        let journal = try Journal(forRunsAt: path)
        // Each event is brought twice, by whoever comes first.
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<400 {
                group.addTask { try await journal.keep([event("e\(number / 2)", of: "\(number / 2)")]) }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(counts.count == 400)
        #expect(counts.reduce(0, +) == 200)
        #expect(try await journal.pending(limit: 1000).count == 200)
    }

    @Test func whileTheyAreWrittenTheDiskIsWaitedForAndNotAfterwards() async throws {
        let journal = try Journal(forRunsAt: path)
        let database = try #require(journal.database as? DatabasePool)
        let statements = Mutex<[String]>([])
        try await database.writeWithoutTransaction { db in
            try #expect(Int.fetchOne(db, sql: "PRAGMA synchronous") == 1)
            db.trace { event in
                let text = "\(event)"
                guard ["PRAGMA synchronous", "INSERT INTO event", "COMMIT"].contains(where: text.hasPrefix) else { return }
                statements.withLock { $0.append(String(text.prefix(25))) }
            }
        }
        _ = try await journal.keep([event("a")])
        #expect(statements.withLock { $0 } == [
            "PRAGMA synchronous = FULL", "INSERT INTO event (time, ", "COMMIT TRANSACTION", "PRAGMA synchronous = NORM",
        ])
        try await database.writeWithoutTransaction { db in try #expect(Int.fetchOne(db, sql: "PRAGMA synchronous") == 1) }
    }

    @Test func idsAreForgottenWhenTheCatalogHasForgottenThemToo() async throws {
        do {
            let journal = try Journal(forRunsAt: path)
            _ = try await journal.keep([event("old"), event("young")])
            try await journal.settle(try await journal.pending(limit: 9))
            try await journal.database.write { db in
                try db.execute(sql: "UPDATE event_seen SET arrived = arrived - 9 * 86400000 WHERE id = 'old'")
            }
        }
        let journal = try Journal(forRunsAt: path)
        #expect(try await journal.keep([event("new")]) == 1)
        #expect(try await journal.keep([event("old"), event("young")]) == 1)
    }

    @Test func aJournalThatCannotBeWrittenKeepsNothingAndSaysSo() async throws {
        let journal = try Journal(forRunsAt: path)
        try await journal.database.write { db in
            try db.execute(sql: """
                CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no room'); END
                """)
        }
        await #expect(throws: (any Error).self) { try await journal.keep([event("a")]) }
        try await journal.database.write { db in try db.execute(sql: "DROP TRIGGER full") }
        // It is not taken for one that came before.
        #expect(try await journal.keep([event("a")]) == 1)
    }
}

private func event(
    _ id: String, of entity: String = "1", service: String? = "shop", time: Int64 = 0, _ changes: [CatalogFieldChange] = []
) -> CatalogEvent {
    CatalogEvent(
        id: id, time: time, entityType: "table", entityID: entity,
        qualifiedName: service.map { "\($0).main.public.t\(entity)" }, changes: changes)
}
