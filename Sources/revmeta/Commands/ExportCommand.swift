internal import ArgumentParser
internal import Foundation
internal import RevmetaCatalog
internal import RevmetaModel
internal import RevmetaOpenMetadata
internal import RevmetaRuns

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Save the catalog's answers in a folder.",
        discussion: """
            What the channels can select is asked for and kept as it came, a line for each entity. With the folder as catalog: \
            folder: the same is planned as with the server now: to try a change of the configuration without the server, to \
            keep what a plan was made of, or to carry it to where no server is reached.

            No secret is saved: of services only what says where they are, of users and teams only their names, addresses and members.

            The folder is made whole before it gets its name; one that exists must be empty.
            """)

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("to"), help: ArgumentHelp("The folder to make.", valueName: "folder"))
    var folder: String

    func run() async throws {
        let counts = try await complaining {
            let configuration = try common.configuration()
            let target = try NewFolder(folder)
            let counts = try await OpenCatalog.with(configuration, common.plugins.directory(), LogOutput.catalogLogger) { catalog in
                guard case .server(let server) = catalog.source else {
                    throw Complaint.configuration("the catalog \(configuration.catalog) is a folder already: there is no server to ask")
                }
                return try await server.export(CatalogReach(catalog.configuration)) { file, lines in
                    try target.append(lines, to: file)
                }
            }
            try target.keep()
            return counts
        }
        for (file, entities) in counts { Terminal.standardOutput.line("\(folder)/\(file): \(entities)") }
    }
}
