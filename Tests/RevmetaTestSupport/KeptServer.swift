import Foundation

/// A server of this process's own, kept by a shell script that ends it when this process ends, however that is.
///
/// The script starts its server on the first port of its first argument that nobody else has, says the server's folder
/// and the port in one line, and then does what each line of its standard input orders (`stop`, `start`), answering each
/// with `done`. At the end of its input it ends the server and removes the folder.
final class KeptServer: @unchecked Sendable {  // all that changes is behind the lock
    let folder: String
    let port: Int
    private let keeper: Process
    /// As long as this end is open, the keeper keeps the server.
    private let lifeline: FileHandle
    private let answers: FileHandle
    private let lock = NSLock()

    /// - Parameter user: Who runs the script where this process is root's, since servers refuse to run as root.
    init(_ name: String, script: String, arguments: [String], user: String) throws {
        let (input, output) = (Pipe(), Pipe())
        let ports = LoopbackPorts.some().map { "\($0)" }.joined(separator: " ")
        let keeper = Self.shell(script, [ports] + arguments, as: user)
        keeper.standardInput = input
        keeper.standardOutput = output
        try keeper.run()
        try input.fileHandleForReading.close()
        var said = ""
        while !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw ServerProblem(description: "the \(name) server did not start; \(said)") }
            said += String(decoding: more, as: UTF8.self)
        }
        let words = said.dropLast().split(separator: " ")
        guard words.count == 2, let port = Int(words[1]) else {
            throw ServerProblem(description: "the \(name) server's script said \(said)")
        }
        self.keeper = keeper
        self.port = port
        lifeline = input.fileHandleForWriting
        answers = output.fileHandleForReading
        folder = String(words[0])
    }

    deinit {
        try? lifeline.close()
        keeper.waitUntilExit()
    }

    /// Gives the keeper an order and waits until it is carried out.
    func order(_ word: String) throws {
        try lock.withLock {
            try lifeline.write(contentsOf: Data((word + "\n").utf8))
            let answer = String(decoding: answers.availableData, as: UTF8.self)
            guard answer == "done\n" else { throw ServerProblem(description: "the server did not \(word)") }
        }
    }

    private static func shell(_ script: String, _ arguments: [String], as user: String) -> Process {
        let process = Process()
        let command = ["/bin/sh", "-c", script, "sh"] + arguments
        let prefix = geteuid() == 0 ? ["/sbin/runuser", "-u", user, "--"] : []
        process.executableURL = URL(filePath: (prefix + command)[0])
        process.arguments = Array((prefix + command).dropFirst())
        process.currentDirectoryURL = URL(filePath: "/tmp")
        return process
    }
}

/// What went wrong with a server, in its own words.
public struct ServerProblem: Error, CustomStringConvertible {
    public let description: String
}
