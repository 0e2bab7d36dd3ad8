import Foundation

/// The C headers of the boundary, as one version has them.
struct Headers {
    /// The folder that a compiler is told of.
    let folder: String

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let current = Headers(
        folder: tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/CRevmeta/include").path)
    /// What plugins of 1.0 were built with.
    static let first = Headers(folder: tests.appending(path: "Frozen/1.0").path)

    /// The umbrella first, then each one by name.
    func names() throws -> [String] {
        let all = try FileManager.default.contentsOfDirectory(atPath: folder + "/revmeta").filter { $0.hasSuffix(".h") }
        return ["revmeta.h"] + all.sorted().filter { $0 != "revmeta.h" }
    }

    private func text() throws -> String {
        let comment = try Regex(#"/\*(?:[^*]|\*[^/])*\*/"#)
        return try names().map { try String(contentsOfFile: "\(folder)/revmeta/\($0)", encoding: .utf8) }.joined()
            .replacing(comment, with: "")
    }

    /// The fields of every struct that is declared, by the struct's name.
    func structs() throws -> [String: [String]] {
        let declaration = try Regex(
            #"typedef struct (?:REVMETA_TABLE )?(revmeta_\w+) \{([^}]*)\}"#, as: (Substring, Substring, Substring).self)
        let field = try Regex(#"(?:\(\*(\w+)\)\(|\b(\w+);)"#, as: (Substring, Substring?, Substring?).self)
        var declared: [String: [String]] = [:]
        for match in try text().matches(of: declaration) {
            declared[String(match.output.1)] = match.output.2.matches(of: field).compactMap {
                ($0.output.1 ?? $0.output.2).map(String.init)
            }
        }
        return declared
    }

    /// What each macro without parameters stands for.
    func constants() throws -> [String: String] {
        let definition = try Regex(#"#define (REVMETA_\w+) +(\S.*)"#, as: (Substring, Substring, Substring).self)
        return try Dictionary(uniqueKeysWithValues: text().matches(of: definition).map {
            (String($0.output.1), $0.output.2.trimmingCharacters(in: .whitespaces))
        })
    }
}

/// A source file of one test, removed with it.
final class SourceFile {
    let path: String

    init(_ text: String, suffix: String) throws {
        let name = "tests-of-revmeta-\(UUID().uuidString).\(suffix)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
