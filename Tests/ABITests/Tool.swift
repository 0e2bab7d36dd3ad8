import Foundation

/// Runs a program and gives what it said.
enum Tool {
    struct Answer {
        var succeeded: Bool
        var output: String
    }

    static func run(_ arguments: [String]) throws -> Answer {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Answer(succeeded: process.terminationStatus == 0, output: String(decoding: output, as: UTF8.self))
    }
}
