import Foundation
import Synchronization
import Testing

/// Two services of one configuration: one whose plugin is sane, one whose plugin is a beast. Each has two tables to describe.
struct Zoo {
    let folder: TemporaryFolder

    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let built = Mutex<[[String]: Data]>([:])

    /// - Parameters:
    ///   - way: How the beast misbehaves.
    ///   - defining: What it is compiled with.
    ///   - manifest: What its manifest says instead.
    ///   - callTimeout: How long it may hang.
    init(
        way: String = "", defining: [String] = [], manifest: [String: Any] = [:], callTimeout: String = "1h"
    ) throws {
        folder = try TemporaryFolder()
        try install("sane", ["ID=\"org.example.sane\""])
        try install("beast", ["ID=\"org.example.beast\""] + defining, manifest)
        let services = ["sane": "", "beast": way].map { name, way in
            """
              \(name):
                type: CustomDatabase
                plugin: org.example.\(name)
                connection: { way: "\(way)", file: "\(folder.path)/\(name).txt", token: "\(Self.secret)" }
            """
        }
        try folder.write(
            """
            catalog: { folder: catalog }
            services:
            \(services.sorted().joined(separator: "\n"))
            journal: { path: journal.sqlite }
            callTimeout: \(callTimeout)
            channels:
              - { name: all, updateDescriptions: true }

            """, to: "revmeta.yaml")
        let tables = ["beast", "sane"].flatMap { service in
            ["t1", "t2"].map { table in
                #"{"fullyQualifiedName":"\#(service).d.s.\#(table)","description":"Table \#(table)."}"#
            }
        }
        try folder.write(tables.joined(separator: "\n"), to: "catalog/tables.jsonl")
    }

    private func install(_ name: String, _ defining: [String], _ changes: [String: Any] = [:]) throws {
        let manifest: [String: Any] = [
            "id": "org.example.\(name)", "name": name, "version": "1.0.0", "abi": ["major": 1, "minor": 0],
            "interfaces": ["revmeta.connector/1"], "library": "lib\(name).so",
            "settings": [["key": "way", "doc": "how"], ["key": "file", "doc": "where"],
                ["key": "token", "doc": "for the source", "secret": true],
            ],
        ]
        let json = try JSONSerialization.data(withJSONObject: manifest.merging(changes) { $1 })
        try folder.write(String(decoding: json, as: UTF8.self), to: "plugins/\(name)/plugin.json")
        try Self.library(defining).write(to: URL(filePath: folder.path + "/plugins/\(name)/lib\(name).so"))
    }

    private static func library(_ defining: [String]) throws -> Data {
        try built.withLock { built in
            if let before = built[defining] { return before }
            let output = FileManager.default.temporaryDirectory.appending(path: "animal-\(UUID().uuidString).so").path
            defer { try? FileManager.default.removeItem(atPath: output) }
            let compiler = Process()
            compiler.executableURL = URL(filePath: "/usr/bin/env")
            compiler.arguments =
                ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread"]
                + ["-I\(package)/Sources/CRevmeta/include", "\(package)/Tests/Zoo/animal.c", "-o", output]
                + defining.map { "-D\($0)" }
            try compiler.run()
            compiler.waitUntilExit()
            try #require(compiler.terminationStatus == 0)
            let library = try Data(contentsOf: URL(filePath: output))
            built[defining] = library
            return library
        }
    }

    func run(_ arguments: String...) async throws -> Child.Answer {
        try await Program.run(["run", "--plugin-dir", "plugins", "--verbose"] + arguments, in: folder.path)
    }

    /// What a plugin wrote to its source, a line each.
    func written(by name: String) -> [String] {
        let text = (try? folder.text(of: "\(name).txt")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// The value of a setting that the manifests mark as secret. It is another one in a URI.
    static let secret = "marked/7f3a"
    static let everything = ["t1=Table t1.", "t2=Table t2."]
}
