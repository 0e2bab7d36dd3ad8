import Foundation
import GRDB
import Testing

// Servers that a test starts with `revmeta serve`.
extension Child {
    /// A server ended before it was told to.
    struct Ended: Error {
        var answer: Answer
    }

    /// Where it is to be reached, once it says so.
    func address() async throws -> String {
        while isRunning {
            if let found = try errors.firstMatch(of: /revmeta serves on (http:\/\/[^\s]+)/) { return String(found.1) }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Ended(answer: try await end())
    }

    /// Waits until something is so, which the server must live to see.
    func wait(until isSo: () async throws -> Bool) async throws {
        while isRunning, try await !isSo() { try await Task.sleep(for: .milliseconds(20)) }
        if !isRunning { throw Ended(answer: try await end()) }
    }
}

extension Shop {
    /// Reads the journal, which a server may be about to write.
    func journal<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(30)
        return try await DatabaseQueue(path: folder.path + "/journal.sqlite", configuration: configuration).read { try body($0) }
    }
}
