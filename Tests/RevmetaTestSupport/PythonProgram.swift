import Foundation

/// A program of `Tests/CatalogServer` that serves until its owner is gone, or the tests' process, however that ends.
final class PythonProgram: @unchecked Sendable {  // what changes is Foundation's, which guards it
    /// What it said first.
    let greeting: String
    private let process = Process()
    /// As long as this end is open, the program serves.
    private let lifeline: FileHandle

    /// What went wrong, in its own words.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter path: Below `Tests/CatalogServer`.
    init(_ path: String, _ options: [String]) throws {
        let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "CatalogServer").path + path
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        // It leaves no compiled files in the repository.
        process.arguments = ["python3", "-B", program] + options
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForReading.close()
        var said = ""
        while !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Problem(description: "\(program) did not start; \(said)") }
            said += String(decoding: more, as: UTF8.self)
        }
        greeting = String(said.dropLast())
        lifeline = input.fileHandleForWriting
    }

    deinit {
        try? lifeline.close()
        process.waitUntilExit()
    }
}
