internal import ArgumentParser
internal import Foundation
internal import Logging
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaRelease
internal import RevmetaRuns

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Put back what a run replaced.",
        discussion: """
            What the run wrote is read again. Where the source still has it, the value from before the run is put back; what \
            somebody changed since is kept, unless --on-conflict says otherwise. A rollback is a run itself: the journal has \
            it, and it can be rolled back.

            The catalog is not asked and not changed. As long as it says what it said, the next run writes it again.
            """)

    enum Conflict: String, ExpressibleByArgument, CaseIterable {
        case keep, overwrite, fail
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The run's number, as 'revmeta run' and 'revmeta history' tell it.", valueName: "run"))
    var id: Int64

    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp("Only what this channel wrote; may be given several times.", valueName: "name"))
    var channels: [String] = []

    @Option(help: ArgumentHelp(
        "Only entities whose path matches: shop.public.orders, *.public.*", valueName: "pattern"))
    var entity: String?

    @Option(name: .customLong("on-conflict"), help: "What was changed after the run: keep, overwrite or fail.")
    var onConflict = Conflict.keep

    @Flag(help: "Only show what would be written.")
    var plan = false

    func run() async throws {
        let stop = StopRequest()
        let report = try await interruptible(stop) { try await rollBack(stop) }
        if !plan, report.counts.written > 0 {
            Terminal.standardOutput.line(
                "As long as the catalog says what it said, the next run writes it again: change the catalog or the channel.")
        }
        throw ExitCode(report.exitCode)
    }

    private func rollBack(_ stop: StopRequest) async throws -> RunReport {
        let began = ContinuousClock.now
        let plugins = common.plugins.directory()
        let configuration = try common.configuration(for: plugins)
        let pattern = try entityPattern(entity)
        guard let past = try Journal(forReadingAt: configuration.journalPath), try past.run(id) != nil else {
            throw Complaint.configuration(
                "there is no run \(id) in the journal \(configuration.journalPath); 'revmeta history' lists those there are")
        }
        let journal = plan ? past : try Journal(forRunsAt: configuration.journalPath)
        let store = plan
            ? try await RunStore(draftOn: journal)
            : try await RunStore(
                beginIn: journal, trigger: "rollback of \(id)", person: NSUserName(), version: Release.version)
        let changes = past.applied(in: id, channels: channels, entity: pattern)
        let progress = ProgressLine(quiet: common.quiet)
        let logger = LogOutput.logger(run: store.run)
        if !plan { logger.info("the run begins", metadata: ["trigger": "rollback of \(id)"]) }
        let report: RunReport
        do {
            report = try await within(configuration.runTimeout, stop, tell: { LogOutput.tell(.warning, $0) }) {
                try await common.plugins.withHost(finding: plugins, for: configuration) { host in
                    let completed = try await OpenCatalog.completing(configuration, host.directory, LogOutput.catalogLogger)
                    return try await Engine(completed, provider: host, stop: stop, logger: logger, progress: progress.report)
                        .rollback(
                            changes, into: store, onConflict: Policies.Conflict(rawValue: onConflict.rawValue)!, sends: !plan)
                }
            }
        } catch {
            progress.end()
            try? await store.abandon(because: Complaint(error).text)
            throw error
        }
        progress.end()
        if plan {
            try PlanText(Terminal.standardOutput).write(store, report)
        } else {
            try await finish(store, report, journal, configuration, logger)
            try RunText(Terminal.standardOutput).write(store, report, duration: .now - began)
        }
        return report
    }
}
