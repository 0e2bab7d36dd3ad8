public import Foundation

/// An account of the stand-in for Snowflake: a folder that all its sessions share, in this process and in others.
///
/// The stand-in is an ODBC driver in C (`Tests/Support/SnowflakeStandIn`), compiled on first use and loaded by the
/// driver manager by its path. What it keeps is gone with the value.
public final class SnowflakeStandIn: Sendable {
    /// The account's folder; the key `StandIn` of a connection string names it.
    public let folder: String
    /// The driver's library.
    public let driver: String
    private let client: String

    /// The user that every account begins with; its role is ACCOUNTADMIN, its warehouse COMPUTE_WH.
    public static let user = "ADMIN"
    public static let password = "admin"

    /// - Parameter sanitizer: Compiles driver and client with a sanitizer: `address`.
    public init(sanitizer: String? = nil) throws {
        let programs = try SnowflakeStandInPrograms.built(sanitizer: sanitizer)
        driver = programs.driver
        client = programs.client
        folder = FileManager.default.temporaryDirectory.appending(path: "rmsf-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        // By this name the vendor's driver registers itself; who has ODBCSYSINI name the folder finds this one by it.
        try "[SnowflakeDSIIDriver]\nDriver=\(driver)\n".write(
            toFile: folder + "/odbcinst.ini", atomically: true, encoding: .utf8)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What an answer to one statement was.
    public struct Answer: Sendable, Equatable {
        public var columns: [String] = []
        /// NULL is nil.
        public var rows: [[String?]] = []
        public var failure: Failure?
    }

    /// How a statement was refused.
    public struct Failure: Sendable, Equatable, Error {
        public var sqlState: String
        public var code: Int
        public var message: String
    }

    /// A connection string for the account.
    /// - Parameter more: Further keys, and other values of these.
    public func connectionString(_ more: [String: String] = [:]) -> String {
        let keys = [
            "Driver": driver, "Server": "standin.snowflakecomputing.com", "UID": Self.user, "PWD": Self.password,
            "StandIn": folder,
        ].merging(more) { $1 }
        let first = "Driver=\(keys["Driver"] ?? driver);"
        return first
            + keys.filter { $0.key != "Driver" }.sorted { $0.key < $1.key }
            .map { "\($0.key)={\($0.value.replacing("}", with: "}}"))};" }.joined()
    }

    /// Runs statements in one session, by the driver manager, in a process of its own.
    /// - Parameter connection: Further keys of the connection string: `["Role": "ANALYST"]`.
    public func ask(_ statements: [String], connection: [String: String] = [:]) throws -> [Answer] {
        let process = try start(statements, connection: connection)
        let output = process.standardOutput as? Pipe ?? Pipe()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let answers = try SnowflakeStandInLine.answers(in: said)
        if process.terminationReason == .exit, process.terminationStatus == 1, let failure = answers.first?.failure {
            throw failure
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0, answers.count == statements.count
        else {
            throw ServerProblem(
                description:
                    "the stand-in's client gave \(answers.count) answers to \(statements.count) statements, and ended "
                    + "with \(process.terminationStatus)")
        }
        return answers
    }

    /// Starts a process that runs statements; what it writes is for the caller to read.
    /// - Parameter library: Loaded into it before all others.
    public func start(
        _ statements: [String] = ["SELECT 1"], connection: [String: String] = [:], preloading library: String? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: client)
        process.arguments = [connectionString(connection)]
        // What is wrong with memory ends it; what the driver manager itself does not give back is no matter.
        var environment = ProcessInfo.processInfo.environment
        environment["ASAN_OPTIONS"] = "detect_leaks=0"
        environment["LD_PRELOAD"] = library
        environment["ODBCSYSINI"] = folder
        process.environment = environment
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = Pipe()
        if library != nil || connection["Driver"] != nil { process.standardError = Pipe() }
        try process.run()
        let text = statements.map { SnowflakeStandInLine.escaped($0) + "\n" }.joined()
        let end = input.fileHandleForWriting
        Thread {
            try? end.write(contentsOf: Data(text.utf8))
            try? end.close()
        }.start()
        return process
    }

    /// Runs statements that must all be accepted, and gives the last one's answer.
    @discardableResult
    public func run(_ statements: String..., connection: [String: String] = [:]) throws -> Answer {
        let answers = try ask(statements, connection: connection)
        for answer in answers {
            if let failure = answer.failure { throw failure }
        }
        return answers.last ?? Answer()
    }

    /// One statement as it arrived at the account.
    public struct Statement: Sendable, Equatable {
        /// Which session sent it: they are numbered from 1.
        public var session: Int
        public var queryTag: String
        public var role: String
        /// 0: it was accepted.
        public var code: Int
        public var text: String
    }

    /// All the statements that arrived, in order, refused ones too.
    public var statements: [Statement] {
        let text = (try? String(contentsOfFile: folder + "/statements", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let fields = SnowflakeStandInLine.fields(of: line)
            guard fields.count == 5, let session = Int(fields[0]), let code = Int(fields[3]) else { return nil }
            return Statement(session: session, queryTag: fields[1], role: fields[2], code: code, text: fields[4])
        }
    }

    /// Forgets the statements that arrived so far.
    public func forgetStatements() {
        try? FileManager.default.removeItem(atPath: folder + "/statements")
    }
}
