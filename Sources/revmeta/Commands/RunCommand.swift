internal import ArgumentParser
internal import Foundation
internal import Logging
internal import RevmetaCatalog
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaPlanFile

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Write what the catalog says into the sources.",
        discussion: """
            The plan is made whole and kept in the journal before its first statement is sent. A change that fails costs \
            itself only; the next run takes it up again.

            With --plan the plan that 'revmeta plan --out' kept is sent as it is: the catalog is not read, and nothing is \
            decided anew. What has moved at a source since is a conflict and stays as it is. Whoever may write that file \
            decides what is sent.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var channels: ChannelOptions

    @Option(help: "How to report: text or json.")
    var format = Format.text

    @Option(help: ArgumentHelp("Send exactly this plan, kept by 'revmeta plan --out'.", valueName: "file"))
    var plan: String?

    @Option(
        name: .customLong("max-removals"),
        help: ArgumentHelp("Go on if up to so many facts are cleared, whatever the configuration says.", valueName: "number"))
    var maxRemovals: Int?

    @Flag(
        name: .customLong("allow-empty"),
        help: "Go on if the channels select nothing in the catalog, although there was something to write before.")
    var allowsEmpty = false

    func validate() throws {
        if plan != nil, !channels.channels.isEmpty {
            throw ValidationError("--plan sends a plan as it is; --channel belongs to 'revmeta plan', which makes it")
        }
        if let maxRemovals, maxRemovals < 0 { throw ValidationError("--max-removals must be at least 0") }
    }

    func run() async throws {
        let stop = StopRequest()
        let report = try await interruptible(stop) { try await write(stop) }
        throw ExitCode(report.exitCode)
    }

    private func write(_ stop: StopRequest) async throws -> RunReport {
        let began = ContinuousClock.now
        let configuration = try common.configuration()
        let names = try channels.names(in: configuration)
        let (store, journal, report) = try await within(configuration.runTimeout, stop) {
            try await common.plugins.withHost(for: configuration) { host in
                try await write(configuration, names, host, stop)
            }
        }
        try await finish(store, report, journal, configuration)
        switch format {
        case .text: try RunText(Terminal.standardOutput).write(store, report, duration: .now - began)
        case .json: try RunJSON(Terminal.standardOutput).write(store, report)
        }
        return report
    }

    private func write(
        _ configuration: Configuration, _ names: [String]?, _ host: PluginHost, _ stop: StopRequest
    ) async throws -> (RunStore, Journal, RunReport) {
        host.prepare(configuration.services(ofChannels: names))
        // Looking up the user may load libraries or ask a server.
        async let person = NSUserName()
        let saved = plan.map { PlanFile(path: $0, services: configuration.services) }
        let catalog = saved == nil ? try CatalogFolder(path: configuration.catalogFolder) : nil
        let journal = try Journal(forRunsAt: configuration.journalPath)
        let trigger = saved == nil ? "manual" : "saved plan"
        let store = try await RunStore(
            beginIn: journal, trigger: trigger, person: await person, version: Version.text, channels: names)
        let progress = ProgressLine(quiet: common.quiet)
        let logger = LogOutput.logger(run: store.run)
        logger.info("the run begins", metadata: ["trigger": "\(trigger)"])
        let engine = Engine(
            configuration, channels: names, provider: host, compiler: host, stop: stop, maxRemovals: maxRemovals,
            allowsEmptyCatalog: allowsEmpty, logger: logger, progress: progress.report)
        defer { progress.end() }
        do {
            let report =
                if let saved { try await engine.run(saved: saved, into: store) } else {
                    try await engine.run(catalog!.batches(of: 500, for: configuration), into: store)
                }
            return (store, journal, report)
        } catch {
            try? await store.abandon()
            throw error
        }
    }
}
