internal import ArgumentParser
internal import RevmetaAnswers
internal import RevmetaJournal
internal import RevmetaModel

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one run: each change, what was there before, and what became of it.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The run's number, as 'revmeta run' and 'revmeta history' tell it.", valueName: "run"))
    var id: Int64

    @Option(help: "How to show it: text or json.")
    var format = Format.text

    func run() async throws {
        try await complaining {
            let path = try common.journalPath()
            guard let journal = try Journal(forReadingAt: path), let run = try journal.run(id) else {
                throw Complaint.configuration(
                    "there is no run \(id) in the journal \(path); 'revmeta history' lists those there are")
            }
            switch format {
            case .text: try RecordedRunText(run).write(journal, to: Terminal.standardOutput)
            case .json: try RecordedRunJSON(run).write(journal) { Terminal.standardOutput.write($0) }
            }
        }
    }
}
