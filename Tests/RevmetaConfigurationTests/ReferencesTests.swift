import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

@Suite struct ReferencesTests {
    private func setting(
        _ scalar: String, environment: [String: String] = [:], folder: String = "/"
    ) throws(ConfigurationProblems) -> String? {
        let text = """
            catalog: { folder: catalog }
            services:
              shop:
                type: Postgres
                connection:
                  password: \(scalar)
            channels:
              - { name: all, updateOwners: true }
            """
        let configuration = try ConfigurationFile.parse(text, file: "f", folder: folder, environment: environment)
        return configuration.services[0].connection["password"]?.exposed
    }

    @Test(arguments: [
        ("${A}", "one"), ("x${A}y${B}z", "xoney}: [two]z"), ("$${A}", "${A}"), ("$$", "$$"), ("$A", "$A"),
        ("\"$$${A}\"", "$${A}"), ("costs $5", "costs $5"), ("${EMPTY}", ""), ("${NESTED}", "${A}"),
        ("'${LINES}'", "a: 1\nb: 2"),
    ])
    func expands(scalar: String, expected: String) throws {
        let environment = ["A": "one", "B": "}: [two]", "EMPTY": "", "NESTED": "${A}", "LINES": "a: 1\nb: 2"]
        #expect(try setting(scalar, environment: environment) == expected)
    }

    @Test(arguments: [
        ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), ("hunter2\n\n", "hunter2\n"), ("hunter2", "hunter2"),
        ("\n", ""), ("", ""),
    ])
    func aFileLosesOneNewline(contents: String, expected: String) throws {
        try withTemporaryFolder { folder in
            try contents.write(toFile: "\(folder)/password", atomically: true, encoding: .utf8)
            #expect(try setting("${file:password}", folder: folder) == expected)
            #expect(try setting("${file:\(folder)/password}") == expected)
        }
    }

    @Test func anUnusableFileIsNamed() throws {
        try withTemporaryFolder { folder in
            try Data([0xFF, 0xFE, 0x41]).write(to: URL(filePath: "\(folder)/binary"))
            for (path, reason) in [("nowhere", "does not exist"), (".", "is a folder"), ("binary", "is no UTF-8")] {
                let error = #expect(throws: ConfigurationProblems.self) {
                    try setting("${file:\(path)}", folder: folder)
                }
                #expect(error?.problems.first?.position == ConfigurationProblem.Position(line: 6, column: 17))
                #expect(error?.description.contains("the file '\(path)' \(reason)") == true)
            }
        }
    }

    @Test func aPrivateTextIsNotRepeatedOutsideConnectionsEither() {
        let text = """
            catalog: { folder: catalog }
            channels:
              - name: ${SECRET}
                onConflict: ${SECRET}
                filter: { services: "${SECRET}", tables: "${SECRET}[" }
            """
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.parse(text, file: "f", folder: "/", environment: ["SECRET": "hunter2"])
        }
        #expect(error?.problems.count == 4)
        #expect(error?.description.contains("hunter2") == false)
    }
}
