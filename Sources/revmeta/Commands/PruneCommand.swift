internal import ArgumentParser
internal import RevmetaJournal
internal import RevmetaModel

struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove old runs from the journal, and give the room back.",
        discussion: """
            What revmeta wrote last of each fact stays known, so nothing changes in what it takes for its own. But a run that \
            is removed can be neither shown nor rolled back.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp(
        "Keep the runs of this time: 30d, 12h. Without it journal.keep of the configuration decides.", valueName: "time"))
    var keep: String?

    func run() async throws {
        try await complaining {
            let configuration = try common.configuration()
            let age: Duration
            if let keep {
                guard let given = Duration(written: keep) else {
                    throw Complaint.configuration("--keep: expected a time such as 12h or 90d, found '\(keep)'")
                }
                age = given
            } else if let configured = configuration.journalKeep {
                age = configured
            } else {
                throw Complaint.configuration(
                    "how long are runs to be kept? Say it with --keep 90d, or as journal.keep in the configuration")
            }
            guard try Journal(forReadingAt: configuration.journalPath) != nil else {
                return Terminal.standardOutput.line("There is no journal yet, so there is nothing to remove.")
            }
            let (removed, left) = try await Journal(forRunsAt: configuration.journalPath)
                .prune(olderThan: age, isThorough: true)
            Terminal.standardOutput.line("Removed \(counted(removed, "run")); \(left) left.")
        }
    }
}
