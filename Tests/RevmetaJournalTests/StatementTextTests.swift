import Foundation
import GRDB
import RevmetaEngine
import RevmetaJournal
import RevmetaModel
import Testing

/// Most of a statement's text is a value that the journal has beside it, and is kept once. Nobody who reads it sees that.
@Suite final class StatementTextTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "revmeta-texts-\(UUID().uuidString)").path

    deinit {
        for end in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + end) }
    }

    private static let long = String(repeating: "0123456789", count: 4)
    /// Values, the text of a statement that sets each, and after how many characters of the text the value is left out.
    private static let all: [(value: String?, text: String, leftOut: Int?)] = [
        ("a value that is long enough", "SET t = 'a value that is long enough'", 9),
        ("Ümläute und 😀, lang genug", "SET \"Täble\" = 'Ümläute und 😀, lang genug'", 15),
        ("Ümläute und 😀, lang genug", "😀 = 'Ümläute und 😀, lang genug'", 5),
        ("there is nothing in front", "there is nothing in front'", 0),
        (long, "\(long)\(long)'", 40),
        ("nothing stands behind it", "SET t = nothing stands behind it", nil),
        ("more stands behind it than a quote", "SET t = 'more stands behind it than a quote' --", nil),
        ("it's another text in SQL, since it is quoted", "SET t = 'it''s another text in SQL, since it is quoted'", nil),
        ("short", "SET t = 'short'", nil),
        ("longer than the whole text of it", "SET t", nil),
        ("", "SET t = ''", nil),
        (nil, "SET t = NULL", nil),
        (String(repeating: "é", count: 3000), "SET t = '\(String(repeating: "é", count: 3000))'", 9),
    ]

    @Test func aTextIsReadAsItWasPlanned() async throws {
        let journal = try Journal(forRunsAt: path)
        // Nothing in memory: statements are read back from the file.
        let store = try await RunStore(beginIn: journal, person: "tester", version: "test", memory: 0)
        let changes = Self.all.enumerated().map { place, one in
            PlannedChange(
                channel: "all", action: one.value == nil ? .clear : .set, entityKind: .table,
                change: Change(
                    kind: "table", path: EntityPath("a.b.t\(place)")!, attribute: .description, before: "before", value: one.value))
        }
        try await store.append(PlanPiece(
            service: "shop", database: nil, changes: changes,
            statements: Self.all.enumerated().map { Statement(text: $1.text, changes: [$0]) }))
        let batch = try await store.statements(of: PlanScope(service: "shop", database: nil), after: 0, limit: 100)
        #expect(batch.statements.map(\.text) == Self.all.map(\.text))
        #expect(batch.changes.map(\.value) == Self.all.map(\.value))
        var listed: [String?] = []
        try store.list { listed.append($0.statementText) }
        #expect(listed == Self.all.map(\.text))
        let places = try await DatabaseQueue(path: path).read { db in
            try Optional<Int>.fetchAll(db, sql: "SELECT value_at FROM change ORDER BY number")
        }
        #expect(places == Self.all.map(\.leftOut))
    }
}
