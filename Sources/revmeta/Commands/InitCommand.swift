internal import ArgumentParser
internal import Foundation
internal import RevmetaConfiguration

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a commented starter revmeta.yaml.",
        discussion: "Beside it goes revmeta.schema.json, by which editors complete and check it. No file is overwritten.")

    @Argument(help: ArgumentHelp("The folder to write to.", valueName: "folder"))
    var folder = "."

    func run() async throws {
        let files = [
            (folder + "/" + ConfigurationFile.name, StarterFile.text),
            (folder + "/revmeta.schema.json", ConfigurationSchema.json()),
        ]
        try await complaining {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (path, _) in files where FileManager.default.fileExists(atPath: path) {
                throw Complaint.configuration("\(path) exists already: move it away, or name another folder")
            }
            for (path, text) in files { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        }
        Terminal.standardOutput.line("""
            Wrote \(files[0].0) and its schema. Next:
              1. say in it where the catalog's answers and the database are
              2. revmeta check
              3. revmeta plan
            """)
    }
}
