import Foundation
import GRDB
import RevmetaTestWaiting

// Servers that a test starts with `revmeta serve`.
extension Child {
    /// A server ended before it was told to.
    struct Ended: Error {
        var answer: Answer
    }

    /// Where it is to be reached, once it says so.
    func address() async throws -> String {
        var address = ""
        try await wait(for: "the server says where it listens") {
            guard let found = try errors.firstMatch(of: /revmeta serves on (http:\/\/[^\s]+)/) else { return false }
            address = String(found.1)
            return true
        }
        return address
    }

    /// Waits until something is so, which the server must live to see.
    func wait(
        for what: String, file: String = #fileID, line: Int = #line, until isSo: () async throws -> Bool
    ) async throws {
        try await eventually(what, found: { try errors }, file: file, line: line) {
            guard isRunning else { throw Ended(answer: try await end()) }
            return try await isSo()
        }
    }
}

extension Shop {
    /// Reads the journal, which a server may be about to write.
    func journal<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(600)
        return try await DatabaseQueue(path: folder.path + "/journal.sqlite", configuration: configuration).read { try body($0) }
    }
}
