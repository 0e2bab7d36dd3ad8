import Foundation
import RevmetaModel
import Synchronization

@testable import RevmetaHost

/// A plugin folder of one test: its libraries are compiled from `Fixtures/plugins`. Removed with the value.
final class PluginFolder: Sendable {
    let path: String

    private static let package = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    /// What was compiled so far, by the compiler's arguments.
    private static let compiled = Mutex<[[String]: Data]>([:])

    init() throws {
        path = Self.temporaryPath()
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Compiles a fixture into a subfolder and puts its manifest beside it.
    /// - Parameters:
    ///   - source: A file in `Fixtures/plugins`, without its suffix.
    ///   - folder: The subfolder's name; nil: the fixture's.
    ///   - defining: What the fixture is compiled with: `PLUGIN_DRAFT=9`.
    ///   - changing: What the manifest says instead; `NSNull` takes a key out.
    @discardableResult
    func install(
        _ source: String, in folder: String? = nil, defining: [String] = [], changing: [String: Any] = [:]
    ) throws -> PluginDirectory.Found {
        let manifest = try writeManifest(
            in: folder ?? source, Self.manifest(of: source).merging(changing) { $1 })
        let library = "\(path)/\(folder ?? source)/lib\(source).so"
        try Self.compile(source, defining: defining).write(to: URL(filePath: library))
        return PluginDirectory.Found(
            manifest: try PluginManifest(contentsOf: manifest), manifestPath: manifest, libraryPath: library, searchFolder: path)
    }

    /// Writes a manifest alone, and gives its path.
    @discardableResult
    func writeManifest(in folder: String, _ values: [String: Any]) throws -> String {
        let kept = values.filter { !($0.value is NSNull) }
        let json = try JSONSerialization.data(withJSONObject: kept)
        return try writeManifest(in: folder, text: String(decoding: json, as: UTF8.self))
    }

    @discardableResult
    func writeManifest(in folder: String, text: String) throws -> String {
        let place = "\(path)/\(folder)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try text.write(toFile: place + "/plugin.json", atomically: false, encoding: .utf8)
        return place + "/plugin.json"
    }

    /// What a fixture's manifest says.
    static func manifest(of source: String) -> [String: Any] {
        let id = "org.example.\(source)"
        var manifest: [String: Any] = [
            "id": id, "name": source, "version": "1.2.3", "abi": ["major": 1, "minor": 0], "interfaces": ["revmeta.connector/1"],
            "library": "lib\(source).so",
        ]
        if source == "misbehaving" { manifest["version"] = "1.0.0" }
        if source == "template" {
            manifest["version"] = "0.9.0"
            manifest["interfaces"] = ["revmeta.template/1"]
            manifest["templateEngines"] = ["at"]
        }
        return manifest
    }

    var directory: PluginDirectory {
        PluginDirectory(PluginSearchPath(entries: [.init(folder: path, origin: .option)]))
    }

    func host(
        _ isolation: PluginHost.Isolation = .inProcess, log: PluginLog = .none, limits: CallLimits = CallLimits()
    ) -> PluginHost {
        PluginHost(
            directory, isolation: isolation, environment: ["PATH": "/usr/bin:/bin"], limits: limits, log: log)
    }

    /// Where plugins run, both ways.
    static let isolations: [PluginHost.Isolation] = [.inProcess, worker]

    /// It lies beside the tests, whichever folder they were built in.
    static let worker = PluginHost.Isolation.worker(
        program: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "revmeta-worker").path)

    /// A service of a type that no plugin claims, so that it must name its plugin.
    static func service(of plugin: String, _ connection: [String: String] = [:]) -> ServiceDefinition {
        ServiceDefinition(
            name: "notes", type: "CustomDatabase", plugin: "org.example.\(plugin)",
            connection: connection.mapValues { Secret($0) })
    }

    private static func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "tests-of-revmeta-\(UUID().uuidString)").path
    }

    private static func compile(_ source: String, defining: [String]) throws -> Data {
        try compiled.withLock { compiled in
            if let before = compiled[[source] + defining] { return before }
            let output = temporaryPath()
            defer { try? FileManager.default.removeItem(atPath: output) }
            let compiler = Process()
            compiler.executableURL = URL(filePath: "/usr/bin/env")
            compiler.arguments =
                ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"]
                + ["-I\(package)/Sources/CRevmeta/include", "\(package)/Tests/Fixtures/plugins/\(source).c"]
                + defining.map { "-D\($0)" } + ["-o", output]
            try compiler.run()
            compiler.waitUntilExit()
            guard compiler.terminationStatus == 0 else { throw NotCompiled(source: source, defining: defining) }
            let library = try Data(contentsOf: URL(filePath: output))
            compiled[[source] + defining] = library
            return library
        }
    }

    struct NotCompiled: Error {
        var source: String
        var defining: [String]
    }
}
