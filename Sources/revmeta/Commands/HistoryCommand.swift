internal import ArgumentParser
internal import Foundation
internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the runs that the journal remembers, newest first.",
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

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
        guard let since else { return }
        guard since.wholeMatch(of: /\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\dZ?)?)?)?/) != nil else {
            throw ValidationError("--since must be a date or time such as 2026-11-22 or 2026-11-22T08:00:00Z, found '\(since)'")
        }
    }

    func run() async throws {
        try await complaining {
            let configuration = try common.configuration()
            var pattern: NamePattern?
            if let entity {
                do throws(NamePattern.Invalid) { pattern = try NamePattern(entity) } catch {
                    throw Complaint.configuration("--entity: \(error)")
                }
            }
            let filter = HistoryFilter(
                channels: channels, services: services, entity: pattern, outcomes: outcomes.map(\.rawValue), since: since)
            let out = Terminal.standardOutput
            let runs = try Journal(forReadingAt: configuration.journalPath)?.runs(filter, limit: limit) ?? []
            if runs.isEmpty { out.line("No runs.") }
            for run in runs { out.line(RecordedRunText(run).line) }
        }
    }
}

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
            let configuration = try common.configuration()
            guard let journal = try Journal(forReadingAt: configuration.journalPath), let run = try journal.run(id) else {
                throw Complaint.configuration(
                    "there is no run \(id) in the journal \(configuration.journalPath); 'revmeta history' lists those there are")
            }
            switch format {
            case .text: try RecordedRunText(run).write(journal, to: Terminal.standardOutput)
            case .json: try RecordedRunJSON(run).write(journal, to: Terminal.standardOutput)
            }
        }
    }
}
