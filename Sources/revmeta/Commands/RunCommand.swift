internal import ArgumentParser
internal import Foundation
internal import Logging
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaPlanFile
internal import RevmetaRelease
internal import RevmetaRuns

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Write what the catalog says into the sources.",
        discussion: """
            The plan is made whole and kept in the journal before its first statement is sent. A change that fails costs \
            itself only; the next run takes it up again.

            With --plan the plan that 'revmeta plan --out' kept is sent as it is: the catalog is not read, and nothing is \
            decided anew. What has moved at a source since is a conflict and stays as it is; what is there by now, as the plan \
            has it, is left alone, and is not ours. Whoever may write that file \
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

    @Flag(help: ArgumentHelp(
        "Only what has happened at the catalog since the last run.",
        discussion: """
            The server is asked for its change events, and what they name is read again. Where that cannot be all, everything is \
            read, and the run says why: the first time, after a change of the configuration, and after some days. What an \
            entity inherits from another comes with the next run of everything.
            """))
    var changes = false

    @Option(help: ArgumentHelp(
        "Make the edits that this file tells of, a ReverseIngestionPipeline as Collate hands it out; - reads standard input.",
        discussion: """
            The catalog is not read. Each edit is decided as in any run, by the policies and settings of the channel, which \
            --channel names if there are several; its filter is not asked. What the operations say was there before stands \
            for what revmeta wrote, where the journal does not know it. Standard output is a ReverseIngestionResponse, with a \
            result for each operation.
            """, valueName: "file"))
    var operations: String?

    func validate() throws {
        if operations != nil, plan != nil || changes {
            throw ValidationError("--operations says itself what the run is about; --plan and --changes say something else")
        }
        if plan != nil, changes { throw ValidationError("--plan sends a plan as it is; --changes makes one of what happened") }
        if plan != nil, !channels.channels.isEmpty {
            throw ValidationError("--plan sends a plan as it is; --channel belongs to 'revmeta plan', which makes it")
        }
        if let maxRemovals, maxRemovals < 0 { throw ValidationError("--max-removals must be at least 0") }
    }

    func run() async throws {
        let stop = StopRequest()
        let report = try await interruptible(stop) {
            guard let operations else { return try await write(stop) }
            return try await RunOperations(
                common: common, channels: channels, maxRemovals: maxRemovals, path: operations).run(stop)
        }
        throw ExitCode(report.exitCode)
    }

    /// What is left to do of a run when its sources are let go.
    private struct Ended {
        var store: RunStore
        var journal: Journal
        var report: RunReport
        var sessions: WarmSessions
        /// Remembers how far the catalog was taken over; nil: that is of no matter.
        var tracking: (tracking: ChangeTracking, isWhole: Bool)?
    }

    private func write(_ stop: StopRequest) async throws -> RunReport {
        let began = ContinuousClock.now
        let plugins = common.plugins.directory()
        let configuration = try common.configuration(for: plugins)
        let names = try channels.names(in: configuration)
        let report = try await within(configuration.runTimeout, stop, tell: { LogOutput.tell(.warning, $0) }) {
            try await common.plugins.withHost(finding: plugins, for: configuration) { host -> RunReport? in
                guard let ended = try await write(configuration, names, host, stop) else { return nil }
                // What sources are still held are let go, and the workers end, while it is noted and told how the run went.
                async let leaving: Void = leave(ended.sessions, host)
                let logger = LogOutput.logger(run: ended.store.run)
                try await finish(ended.store, ended.report, ended.journal, configuration, logger)
                if let (tracking, isWhole) = ended.tracking { try await tracking.note(ended.report, isWhole: isWhole) }
                switch format {
                case .text: try RunText(Terminal.standardOutput).write(ended.store, ended.report, duration: .now - began)
                case .json: try RunJSON(Terminal.standardOutput).write(ended.store, ended.report)
                }
                close(ended.journal)
                await leaving
                return ended.report
            }
        }
        return report ?? RunReport()
    }

    /// All is noted by now: the next who opens the journal puts right what is left undone here.
    private func close(_ journal: Journal) {
        do {
            try journal.close()
        } catch {
            LogOutput.tell(.warning, "The journal could not be closed in order: \(error)")
        }
    }

    private func leave(_ sessions: WarmSessions, _ host: PluginHost) async {
        await sessions.close()
        await host.shutDown()
    }

    /// Runs; nil: nothing has happened at the catalog that there could be a run about.
    private func write(
        _ configured: Configuration, _ names: [String]?, _ host: PluginHost, _ stop: StopRequest
    ) async throws -> Ended? {
        if let plan {
            let configuration = try await OpenCatalog.completing(configured, host.directory, LogOutput.catalogLogger)
            host.prepare(configuration.services(ofChannels: names))
            let journal = try Journal(forRunsAt: configured.journalPath)
            let file = PlanFile(path: plan, services: configuration.services)
            return try await write(configuration, names, host, journal, stop, trigger: "saved plan") { engine, store in
                try file.check()
                return try await engine.run(saved: file, into: store)
            }
        }
        return try await OpenCatalog.with(configured, host.directory, LogOutput.catalogLogger) { catalog in
            // The plugins are loaded while the journal is opened; for changes, of which there may be none, after that.
            if !changes { host.prepare(catalog.configuration.services(ofChannels: names)) }
            let journal = try Journal(forRunsAt: configured.journalPath)
            let tracking = try tracking(catalog, journal, names)
            guard let (entities, isWhole) = try await entities(catalog, tracking, names) else { return nil }
            var ended = try await write(
                catalog.configuration, names, host, journal, stop, trigger: isWhole ? "manual" : "changes"
            ) { engine, store in
                try await engine.run(entities, into: store)
            }
            ended.report.notices += catalog.notices(ofChannels: names)
            ended.tracking = tracking.map { ($0, isWhole) }
            return ended
        }
    }

    private func tracking(_ catalog: OpenCatalog, _ journal: Journal, _ names: [String]?) throws -> ChangeTracking? {
        guard case .server(let server) = catalog.source else {
            guard changes else { return nil }
            throw Complaint.configuration(
                "--changes asks a running catalog what happened there, and \(catalog.configuration.catalog) is a folder")
        }
        return try ChangeTracking(
            server, journal, catalog.configuration, channels: names, configurationPath: common.configurationPath
        ) { LogOutput.tell(.notice, $0) }
    }

    /// What the run is about, and whether that is all there is; nil: nothing has happened.
    private func entities(
        _ catalog: OpenCatalog, _ tracking: ChangeTracking?, _ names: [String]?
    ) async throws -> (CatalogEntities, isWhole: Bool)? {
        guard changes, let tracking else { return (catalog.entities(ofChannels: names), true) }
        switch try await tracking.part() {
        case .everything: return (catalog.entities(ofChannels: names), true)
        case .changed(let changed): return (tracking.entities(changed), false)
        case .nothing(let since):
            try await tracking.note(nil, isWhole: false)
            switch format {
            case .text:
                Terminal.standardOutput.line("Nothing has happened at the catalog since \(since.formatted(.iso8601)).")
            case .json: RunJSON(Terminal.standardOutput).writeNothing()
            }
            return nil
        }
    }

    private func write(
        _ configuration: Configuration, _ names: [String]?, _ host: PluginHost, _ journal: Journal, _ stop: StopRequest,
        trigger: String, _ run: (Engine, RunStore) async throws -> RunReport
    ) async throws -> Ended {
        host.prepare(configuration.services(ofChannels: names))
        // Looking up the user may load libraries or ask a server.
        async let person = NSUserName()
        let store = try await RunStore(
            beginIn: journal, trigger: trigger, person: await person, version: Release.version, channels: names)
        let progress = ProgressLine(quiet: common.quiet)
        let logger = LogOutput.logger(run: store.run)
        logger.info("the run begins", metadata: ["trigger": "\(trigger)"])
        let sessions = WarmSessions(host, services: configuration.services, isForSeveralRuns: false)
        let engine = Engine(
            configuration, channels: names, provider: host, compiler: host, stop: stop, maxRemovals: maxRemovals,
            // What happened to one entity says nothing of the others.
            allowsEmptyCatalog: allowsEmpty || trigger == "changes",
            part: EnginePart(isOfChanges: trigger == "changes"), sessions: sessions, logger: logger, progress: progress.report)
        defer { progress.end() }
        do {
            return Ended(store: store, journal: journal, report: try await run(engine, store), sessions: sessions)
        } catch {
            await sessions.close()
            try? await store.abandon(because: Complaint(error).text)
            throw Complaint(error, duringARunWith: configuration.journalPath)
        }
    }
}
