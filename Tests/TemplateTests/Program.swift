import Foundation

/// A program that is given a text and gives one.
struct Program {
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    private let path: String
    private let arguments: [String]

    init(_ path: String, _ arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// Through files, since pipes that both sides fill would wait for each other.
    func output(_ input: String) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("revmeta-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        for file in files { try Data(input.utf8).write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        let outputs = try files.dropFirst().map { file in
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: 0)
            return handle
        }
        process.standardOutput = outputs[0]
        process.standardError = outputs[1]
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        guard process.terminationStatus == 0 else {
            throw Problem(description: "\(path) failed: \(try String(contentsOf: files[2], encoding: .utf8))")
        }
        return try String(contentsOf: files[1], encoding: .utf8)
    }
}
