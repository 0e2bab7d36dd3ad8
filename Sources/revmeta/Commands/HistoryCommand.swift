internal import ArgumentParser
internal import Foundation
internal import RevmetaAnswers
internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the runs that the journal remembers, or remove old ones.",
        subcommands: [ListRunsCommand.self, PruneCommand.self], defaultSubcommand: ListRunsCommand.self)
}

struct ListRunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs that the journal remembers, newest first.",
        discussion: "With a filter, the runs that have a change which matches all of it. 'revmeta show RUN' tells one whole.")

    enum Outcome: String, ExpressibleByArgument, CaseIterable {
        case applied, skipped, conflict, failed, open
    }

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("channel"), help: ArgumentHelp("Of this channel; several times: of any.", valueName: "name"))
    var channels: [String] = []

    @Option(name: .customLong("service"), help: ArgumentHelp("Of this service; several times: of any.", valueName: "name"))
    var services: [String] = []

    @Option(help: ArgumentHelp(
        "Entities whose path matches: a glob, or /a regular expression/.",
        discussion: "A path is database, schema, table and column, joined by dots: shop.public.orders*", valueName: "pattern"))
    var entity: String?

    @Option(name: .customLong("outcome"), help: "With this outcome; several times: any.")
    var outcomes: [Outcome] = []

    @Option(help: ArgumentHelp("Since a date or time, UTC: 2026-11-22, 2026-11-22T08:00:00Z.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("At most so many runs.", valueName: "number"))
    var limit = 50

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "How to list them: text or json.")
    var format = Format.text

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
        guard let since else { return }
        guard since.wholeMatch(of: /\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\dZ?)?)?)?/) != nil else {
            throw ValidationError("--since must be a date or time such as 2026-11-22 or 2026-11-22T08:00:00Z, found '\(since)'")
        }
    }

    func run() async throws {
        try await complaining {
            let path = try common.journalPath()
            let pattern = try entityPattern(entity)
            let filter = HistoryFilter(
                channels: channels, services: services, entity: pattern, outcomes: outcomes.map(\.rawValue), since: since)
            let out = Terminal.standardOutput
            let runs = try Journal(forReadingAt: path)?.runs(filter, limit: limit) ?? []
            switch format {
            case .text:
                if runs.isEmpty { out.line("No runs.") }
                for run in runs { out.line(RecordedRunText(run).line) }
            case .json: try RecordedRunsJSON(runs).write { out.write($0) }
            }
        }
    }
}
