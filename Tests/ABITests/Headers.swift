import Foundation

/// The C headers of the boundary.
enum Headers {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/CRevmeta/include").path

    /// The umbrella first, then each one by name.
    static func names() throws -> [String] {
        let all = try FileManager.default.contentsOfDirectory(atPath: folder + "/revmeta").filter { $0.hasSuffix(".h") }
        return ["revmeta.h"] + all.sorted().filter { $0 != "revmeta.h" }
    }

    static func text() throws -> String {
        try names().map { try String(contentsOfFile: "\(folder)/revmeta/\($0)", encoding: .utf8) }.joined()
    }
}

/// A source file of one test, removed with it.
final class SourceFile {
    let path: String

    init(_ text: String, suffix: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "revmeta-\(UUID().uuidString).\(suffix)").path
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
