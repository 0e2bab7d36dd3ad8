import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

@Suite struct ConfigurationFileTests {
    private let smallest = "catalog: { folder: catalog }\nchannels: [{ name: all, updateOwners: true }]\n"

    @Test(arguments: [
        (nil, [:], "/home/jane/revmeta.yaml"),
        (nil, ["REVMETA_CONFIG": "/etc/revmeta.yaml"], "/etc/revmeta.yaml"),
        (nil, ["REVMETA_CONFIG": ""], "/home/jane/revmeta.yaml"),
        (nil, ["REVMETA_CONFIG": "conf/r.yaml"], "/home/jane/conf/r.yaml"),
        ("./other.yaml", ["REVMETA_CONFIG": "/etc/revmeta.yaml"], "/home/jane/other.yaml"),
    ] as [(String?, [String: String], String)])
    func locates(explicit: String?, environment: [String: String], expected: String) {
        #expect(
            ConfigurationFile.locate(explicit: explicit, environment: environment, currentFolder: "/home/jane")
                == expected)
    }

    @Test func pathsBeginAtTheFilesFolder() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/revmeta.yaml"
            try smallest.write(toFile: path, atomically: true, encoding: .utf8)
            let configuration = try ConfigurationFile.load(path: path, environment: [:])
            #expect(configuration.catalog == .folder("\(folder)/catalog"))
            #expect(configuration.journalPath == "\(folder)/.revmeta/journal.sqlite")
        }
    }

    @Test func aMissingFileSaysWhatToDo() {
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.load(path: "/nowhere/revmeta.yaml", environment: [:])
        }
        #expect(
            error?.description
                == "/nowhere/revmeta.yaml: there is no such file: write one with 'revmeta init', "
                + "or name another with --config PATH")
        #expect(error?.problems.first?.position == nil)
    }

    @Test func aFolderOrBinaryFileIsNoConfiguration() throws {
        try withTemporaryFolder { folder in
            let folderError = #expect(throws: ConfigurationProblems.self) {
                try ConfigurationFile.load(path: folder, environment: [:])
            }
            #expect(folderError?.description == "\(folder): the configuration is a folder: expected a file")

            let path = "\(folder)/revmeta.yaml"
            try #require(smallest.data(using: .utf16)).write(to: URL(filePath: path))
            let encodingError = #expect(throws: ConfigurationProblems.self) {
                try ConfigurationFile.load(path: path, environment: [:])
            }
            #expect(encodingError?.description.hasSuffix("is no UTF-8 text: save it in that encoding") == true)

            try String(repeating: "#", count: 5 << 20).write(toFile: path, atomically: true, encoding: .utf8)
            let sizeError = #expect(throws: ConfigurationProblems.self) {
                try ConfigurationFile.load(path: path, environment: [:])
            }
            #expect(sizeError?.description.contains("larger than 4194304 bytes") == true)
        }
    }

    @Test func aByteOrderMarkIsNoPartOfTheText() throws {
        let configuration = try ConfigurationFile.parse(
            "\u{FEFF}" + smallest, file: "f", folder: "/", environment: [:])
        #expect(configuration.channels.map(\.name) == ["all"])
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.parse("\u{FEFF}cat: 1", file: "f", folder: "/", environment: [:])
        }
        #expect(error?.problems.first?.position == ConfigurationProblem.Position(line: 1, column: 1))
    }

    @Test func columnsCountCharactersNotBytes() {
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.parse(
                "catalog: { folder: é🙂, é: 1 }\r\nchannels: [{ name: ü, updateOwners: 1 }]", file: "f",
                folder: "/", environment: [:])
        }
        let positions = error?.problems.compactMap(\.position).map { [$0.line, $0.column] }
        #expect(positions == [[1, 24], [2, 37]])
    }

    @Test(arguments: [
        ("", "f:1:1: the file is empty"), ("   \n", "f:1:1: the file is empty"),
        ("---\n", "f:1:1: the file is empty"),
        ("a: 1\nb: \u{0}", "f:2:4: expected a text file in UTF-8, found the character U+0"),
        ("text", "f:1:1: expected a mapping, found a text"),
    ])
    func whatIsNoMappingIsRefused(text: String, expected: String) {
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.parse(text, file: "f", folder: "/", environment: [:])
        }
        #expect(error?.description.hasPrefix(expected) == true)
    }
}
