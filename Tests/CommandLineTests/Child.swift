import Foundation
import Glibc

/// A process that a test started. It writes into files, so that nobody need read along, and it does not outlive the tests by long.
final class Child: @unchecked Sendable {  // what changes is Foundation's, which guards it
    /// How a process ended, and what it said.
    struct Answer: Sendable {
        /// The exit status; a signal's number, negated, if one ended the process.
        var status: Int32
        var output: String
        var errors: String
    }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    private let process = Process()
    private let folder: TemporaryFolder
    private let ending: AsyncStream<Void>

    /// Starts a command; after `limit`, which is there for what hangs, it is killed.
    init(
        _ command: [String], in current: String = "/tmp", environment: [String: String] = [:],
        limit: DispatchTimeInterval = .seconds(3600)
    ) throws {
        folder = try TemporaryFolder()
        let (ending, ended) = AsyncStream.makeStream(of: Void.self)
        self.ending = ending
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(filePath: current)
        // The person who runs the tests may have settings of their own for libpq and revmeta, and a language for the shell.
        let own = ProcessInfo.processInfo.environment.filter { variable in
            !["PG", "REVMETA_", "LC_", "LANG"].contains { variable.key.hasPrefix($0) }
        }
        process.environment = own.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = try folder.file("output"), errors = try folder.file("errors")
        process.standardOutput = output
        process.standardError = errors
        process.terminationHandler = { _ in ended.finish() }
        // Foundation waits for processes with `select`, which knows a thousand files.
        defer {
            try? output.close()
            try? errors.close()
        }
        try process.run()
        DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [weak self] in self?.kill() }
    }

    /// Runs a command to its end.
    static func run(
        _ command: [String], in folder: String = "/tmp", environment: [String: String] = [:]
    ) async throws -> Answer {
        try await Child(command, in: folder, environment: environment).end()
    }

    /// What it has said so far on standard error.
    var errors: String { get throws { try folder.text(of: "errors") } }

    /// Waits for the end.
    func end() async throws -> Answer {
        for await _ in ending {}
        let isSignal = process.terminationReason == .uncaughtSignal
        return Answer(
            status: isSignal ? -process.terminationStatus : process.terminationStatus,
            output: try folder.text(of: "output"), errors: try folder.text(of: "errors"))
    }

    /// The processes that it started and that are still there.
    var children: [Int32] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap(Int32.init).filter { candidate in
            guard let line = try? String(contentsOfFile: "/proc/\(candidate)/stat", encoding: .utf8),
                let name = line.lastIndex(of: ")")
            else { return false }
            // After the name, which may hold anything: the state, the parent.
            return line[name...].split(separator: " ").dropFirst(2).first == "\(identifier)"
        }
    }

    /// Ends it and its workers where they stand: none of them notices the end of another.
    func killWithWorkers() {
        Glibc.kill(identifier, SIGSTOP)
        for worker in children { Glibc.kill(worker, SIGKILL) }
        kill()
    }

    /// Ends the process where it stands.
    func kill() {
        signal(SIGKILL)
    }

    func signal(_ number: Int32) {
        if isRunning { Glibc.kill(identifier, number) }
    }
}
