import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

/// One of the files that the parser and the schema must judge alike.
///
/// Lines that begin with `#=` are the problems that are expected, word for word, without the file's name.
struct Fixture: Sendable, CustomTestStringConvertible {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    static let environment = [
        "SHOP_PASSWORD": "hunter2", "FOLDER": "/srv", "YES": "true", "POLICY": "keep", "BLANK": " ",
    ]

    let name: String
    let text: String

    var testDescription: String { name }

    static func all(in folder: String) throws -> [Fixture] {
        let folder = root.appending(path: "Fixtures/configuration/\(folder)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
            .map { Fixture(name: $0, text: try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
    }

    var expectedProblems: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("#= ") }.map { String($0.dropFirst(3)) }
    }

    func parse() throws(ConfigurationProblems) -> Configuration {
        try ConfigurationFile.parse(text, file: "f", folder: "/etc/revmeta", environment: Self.environment)
    }
}
