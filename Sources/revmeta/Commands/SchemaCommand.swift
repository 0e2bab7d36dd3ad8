internal import ArgumentParser
internal import RevmetaConfiguration

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of revmeta.yaml.",
        discussion: "Editors complete and check the file by it: revmeta schema > revmeta.schema.json")

    func run() throws {
        Terminal.standardOutput.line(ConfigurationSchema.json())
    }
}
