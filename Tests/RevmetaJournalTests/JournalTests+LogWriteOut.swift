import Foundation
import RevmetaTestWaiting
import Testing

@testable import RevmetaJournal

extension JournalTests {
    /// Where its path leads by way of a link, too, as SQLite has it.
    @Test func theSystemWritesOutALogThatIsThere() async throws {
        let early = LogWriteOut(of: path)
        #expect(!early.begin())
        let journal = try Journal(forRunsAt: path)
        _ = try await RunStore(beginIn: journal, person: "tester", version: "test")
        try await eventually("SQLite has its locks", found: { "\(try locks())" }) { try locks().count == 2 }
        #expect(early.begin() && early.begin())
        let link = folder + "/link.sqlite"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(LogWriteOut(of: link).begin())
        // Whoever closes a file loses all of the process's locks on it, and SQLite knows nothing of this one.
        try await eventually("SQLite has its locks still", found: { "\(try locks())" }) { try locks().count == 2 }
        try journal.close()
    }

    @Test func whatIsNoFileIsNotWrittenOut() {
        #expect(!LogWriteOut(of: "/dev/null/journal.sqlite").begin())
        #expect(!LogWriteOut(of: folder).begin())
    }

    /// The locks that SQLite has on the journal's files in this process: one on the file itself, one on the memory beside it. The
    /// system lists them a piece at a time, and may miss one while others come and go.
    private func locks() throws -> [Substring] {
        let files = try ["", "-shm", "-wal"].map { suffix in
            try #require(
                try FileManager.default.attributesOfItem(atPath: path + suffix)[.systemFileNumber] as? Int)
        }
        return try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n").filter { line in
            // 1: POSIX  ADVISORY  READ 4711 fe:00:123456 128 128
            let words = line.split(separator: " ")
            return words.count > 5 && words[1] == "POSIX" && words[4] == "\(getpid())"
                && files.contains { words[5].hasSuffix(":\($0)") }
        }
    }
}
