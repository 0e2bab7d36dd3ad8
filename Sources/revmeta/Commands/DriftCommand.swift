internal import ArgumentParser
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaRuns

struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Show what somebody changed at the sources since revmeta wrote it.",
        discussion: """
            Each fact that the journal knows as written by revmeta is read at its source, and told if it is another there, \
            together with the last time that it was as written. The catalog is not asked, and nothing is written.

            Exit status: 0 all is as it was written; 1 something is not, or one service of several could not be used; 2 wrong \
            arguments or configuration; 3 no service could be used.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("service"), help: ArgumentHelp("Only this service; may be given several times.", valueName: "name"))
    var services: [String] = []

    @Option(help: ArgumentHelp(
        "Only entities whose path matches: shop.public.orders, *.public.*", valueName: "pattern"))
    var entity: String?

    @Option(help: "How to show it: text or json.")
    var format = Format.text

    func run() async throws {
        let report = try await complaining { try await compare() }
        throw ExitCode(report.exitCode)
    }

    private func compare() async throws -> DriftReport {
        let plugins = common.plugins.directory()
        let configuration = try common.configuration(for: plugins)
        let pattern = try entityPattern(entity)
        let known = configuration.services.map(\.name)
        if let stranger = services.first(where: { !known.contains($0) }) {
            throw Complaint.configuration(
                "there is no service '\(stranger)' in the configuration; it has \(known.joined(separator: ", "))")
        }
        let out = Terminal.standardOutput
        guard let journal = try Journal(forReadingAt: configuration.journalPath) else {
            throw Complaint.configuration(
                "there is no journal \(configuration.journalPath) yet: revmeta has not written anything that could have changed")
        }
        let facts = journal.managed(of: services.isEmpty ? known : services, entity: pattern)
        let progress = ProgressLine(quiet: common.quiet)
        var json = DriftJSON(out)
        let report = try await common.plugins.withHost(finding: plugins, for: configuration) { host in
            let completed = try await OpenCatalog.completing(configuration, host.directory, LogOutput.catalogLogger)
            let engine = Engine(completed, provider: host, logger: LogOutput.logger(), progress: progress.report)
            return try await engine.drift(of: facts) { drift in
                progress.end()
                switch format {
                case .text: DriftText(out).write(drift)
                case .json: try json.add(drift)
                }
            }
        }
        progress.end()
        switch format {
        case .text: DriftText(out).write(report)
        case .json: try json.end(report)
        }
        return report
    }
}
