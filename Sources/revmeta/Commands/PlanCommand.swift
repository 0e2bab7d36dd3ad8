internal import ArgumentParser
internal import Logging
internal import RevmetaAnswers
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaPlanFile
internal import RevmetaRelease
internal import RevmetaRuns

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a run would write; nothing is written.",
        discussion: """
            What is shown is what 'revmeta run' would send now: the same statement texts. With --format sql the \
            statements of one service come as a script for its own client, psql for PostgreSQL.

            With --out the plan is kept too, for somebody to look at and for 'revmeta run --plan FILE' to send exactly it.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sql
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var channels: ChannelOptions

    @Option(help: "How to show it: text, json or sql.")
    var format = Format.text

    @Option(help: ArgumentHelp(
        "Keep the plan in this file, in the form that --format json shows.",
        discussion: "A plan is made whole before the file gets its name. What is there already is replaced.", valueName: "file"))
    var out: String?

    func run() async throws {
        let report = try await complaining {
            let plugins = common.plugins.directory()
            let configuration = try common.configuration(for: plugins)
            let names = try channels.names(in: configuration)
            return try await common.plugins.withHost(finding: plugins, for: configuration) { host in
                try await plan(configuration, names, host)
            }
        }
        throw ExitCode(report.exitCode)
    }

    private func plan(_ configured: Configuration, _ names: [String]?, _ host: PluginHost) async throws -> RunReport {
        try await OpenCatalog.with(configured, host.directory, LogOutput.catalogLogger) { catalog in
            let configuration = catalog.configuration
            host.prepare(configuration.services(ofChannels: names))
            let store = try await RunStore(draftOn: Journal(forReadingAt: configuration.journalPath))
            let progress = ProgressLine(quiet: common.quiet)
            var report = try await Engine(
                configuration, channels: names, provider: host, compiler: host, logger: LogOutput.logger(),
                progress: progress.report
            ).plan(catalog.entities(ofChannels: names), into: store)
            report.notices += catalog.notices(ofChannels: names)
            progress.end()
            if let out { try save(store, report, configuration, as: out) }
            switch format {
            case .text: try PlanText(Terminal.standardOutput).write(store, report)
            case .json:
                try planFile(configuration) { Terminal.standardOutput.write($0) }
                    .write(store, failedScopes: report.failedScopes, report: ReportAnswer(report))
            case .sql:
                try await PlanSQL(Terminal.standardOutput).write(store) { service throws(Failure) in
                    try await host.connector(for: configuration.services.first { $0.name == service }!).dialect
                }
                ReportText(Terminal.standardError).writeProblems(report)
            }
            return report
        }
    }

    private func planFile(_ configuration: Configuration, _ write: @escaping (String) throws -> Void) -> PlanFileWriter {
        PlanFileWriter(version: Release.version, services: configuration.services, write: write)
    }

    private func save(_ store: RunStore, _ report: RunReport, _ configuration: Configuration, as path: String) throws {
        let file = try NewFile(path)
        let hash = try planFile(configuration, file.write)
            .write(store, failedScopes: report.failedScopes, report: ReportAnswer(report))
        try file.keep()
        LogOutput.tell(
            .notice,
            hash.map { "Saved in \(path), hash \($0.prefix(12)). 'revmeta run --plan \(path)' sends exactly it." }
                ?? "Saved in \(path); there is nothing to send.")
        if !report.failures.isEmpty {
            let services = report.failures.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            LogOutput.tell(.warning, "It is not whole: service \(services) failed, and nothing is sent where it did.")
        }
    }
}
