import Foundation
import RevmetaHost
import Synchronization
import Testing

/// A plugin folder that holds the plugin of 1.0, built with the headers of 1.0. Removed with the value.
final class FrozenPlugin: Sendable {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tests-of-revmeta-\(UUID().uuidString)")
        let place = folder.appending(path: "frozen")
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try FileManager.default.copyItem(
            atPath: "\(Headers.first.folder)/plugin.json", toPath: place.appending(path: "plugin.json").path)
        let compiled = try Tool.run([
            "cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden",
            "-I", Headers.first.folder, "\(Headers.first.folder)/plugin.c", "-o", place.appending(path: "libfrozen.so").path,
        ])
        try #require(compiled.succeeded, "\(compiled.output)")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func host(_ isolation: PluginHost.Isolation, _ log: PluginLog) -> PluginHost {
        PluginHost(
            PluginDirectory(PluginSearchPath(options: [folder.path], environment: [:])), isolation: isolation,
            environment: ["PATH": "/usr/bin:/bin"], log: log)
    }
}

/// What a plugin logs.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var log: PluginLog {
        PluginLog(level: .info) { [self] line in lines.withLock { $0.append(line.text) } }
    }

    var texts: [String] { lines.withLock { $0 } }
}
