import Foundation
import Synchronization

/// The stand-in's driver and client, and drivers that misbehave: compiled once for this process, and gone with it.
public enum SnowflakeStandInPrograms {
    struct Built: Sendable {
        var driver: String
        var client: String
    }

    private static let support = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Support").path
    private static let folder = FileManager.default.temporaryDirectory.appending(
        path: "rmsf-programs-\(UUID().uuidString)"
    ).path
    private static let compiled = Mutex<[String: Built]>([:])
    private static let misbehaving = Mutex<[String: String]>([:])
    private static let prepared: Bool = {
        // A client that ended before it had read all is no reason for the tests to end.
        signal(SIGPIPE, SIG_IGN)
        atexit { try? FileManager.default.removeItem(atPath: SnowflakeStandInPrograms.folder) }
        return (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil
    }()

    static func built(sanitizer: String?) throws -> Built {
        try compiled.withLock { compiled in
            let name = sanitizer ?? "plain"
            if let before = compiled[name] { return before }
            let source = support + "/SnowflakeStandIn"
            let files = try FileManager.default.contentsOfDirectory(atPath: source).filter {
                $0.hasSuffix(".c") && $0 != "client.c"
            }
            let sanitizing = sanitizer.map { ["-fsanitize=\($0)", "-fno-omit-frame-pointer", "-g"] } ?? []
            let driver = try compile(
                files.sorted().map { "\(source)/\($0)" }, to: "\(name)/libsnowflake-stand-in.so",
                sanitizing + ["-shared", "-fPIC", "-fvisibility=hidden", "-pthread"]
                    + (sanitizer == nil ? ["-Wl,--no-undefined"] : []) + ["-Wl,--version-script=\(source)/exports.map"])
            let client = try compile(["\(source)/client.c"], to: "\(name)/client", sanitizing + ["-lodbc"])
            let made = Built(driver: driver, client: client)
            compiled[name] = made
            return made
        }
    }

    /// A driver of `Tests/Support/BadDrivers`, by its file's name without the suffix.
    public static func badDriver(_ name: String) throws -> String {
        try misbehaving.withLock { misbehaving in
            if let before = misbehaving[name] { return before }
            let made = try compile(
                ["\(support)/BadDrivers/\(name).c"], to: "bad/lib\(name).so",
                ["-shared", "-fPIC", "-fvisibility=hidden", "-I\(support)/BadDrivers"])
            misbehaving[name] = made
            return made
        }
    }

    private static func compile(_ sources: [String], to output: String, _ options: [String]) throws -> String {
        guard prepared else { throw ServerProblem(description: "the folder \(folder) could not be made") }
        let path = "\(folder)/\(output)"
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments =
            ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror"] + sources + options + [
                "-o", path,
            ]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw ServerProblem(description: "\(sources.joined(separator: ", ")) did not compile")
        }
        return path
    }
}
