import Foundation
import RevmetaModel
import Testing

@testable import RevmetaJournal

@Suite final class LogWriteOutTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-log-\(UUID().uuidString)").path
    private var path: String { folder + "/journal.sqlite" }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Where its path leads by way of a link, too, as SQLite has it.
    @Test func theSystemTakesALogThatIsThere() async throws {
        let early = LogWriteOut(of: path)
        #expect(!early.begin())
        let journal = try Journal(forRunsAt: path)
        _ = try await RunStore(beginIn: journal, person: "tester", version: "test")
        #expect(early.begin() && early.begin())
        try FileManager.default.createDirectory(atPath: folder + "/elsewhere", withIntermediateDirectories: true)
        let link = folder + "/elsewhere/link.sqlite"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(LogWriteOut(of: link).begin())
        // Whoever closes one more descriptor of the log takes no lock from SQLite.
        #expect(throws: JournalError.self) { _ = try Journal(forRunsAt: path) }
        try journal.close()
    }

    @Test func whatIsNoFileIsPassedOver() {
        #expect(!LogWriteOut(of: "/dev/null/journal.sqlite").begin())
        #expect(!LogWriteOut(of: folder).begin())
    }
}
