internal import AsyncAlgorithms
internal import Foundation
internal import Logging
internal import RevmetaCatalog
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJSON
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaRelease
internal import RevmetaRuns

/// Makes the edits that a `ReverseIngestionPipeline` tells of, and answers with a `ReverseIngestionResponse`.
struct RunOperations: Sendable {
    var common: CommonOptions
    var channels: ChannelOptions
    var maxRemovals: Int?
    /// `-`: standard input.
    var path: String

    func run(_ stop: StopRequest) async throws -> RunReport {
        let plugins = common.plugins.directory()
        let configuration = try common.configuration(for: plugins)
        let channel = try channel(in: configuration)
        let isInput = path == "-"
        let pipeline = try ReverseIngestionPipeline(
            path: isInput ? "/dev/stdin" : path, name: isInput ? "standard input" : path)
        do {
            let (response, report) = try await within(configuration.runTimeout, stop, tell: { LogOutput.tell(.warning, $0) }) {
                try await common.plugins.withHost(finding: plugins, for: configuration) { host in
                    try await run(pipeline, configuration, channel, host, stop)
                }
            }
            try answer(response)
            ReportText(Terminal.standardError).writeProblems(report)
            return report
        } catch {
            // Whoever handed over operations waits for an answer about each.
            try answer(ReverseIngestionResponse(pipeline, failed: Complaint(error).text))
            throw error
        }
    }

    /// Whose policies and settings apply. Guessing among several could overwrite what another one keeps.
    private func channel(in configuration: Configuration) throws -> Channel {
        let names = try channels.names(in: configuration) ?? configuration.channels.map(\.name)
        guard names.count == 1, let channel = configuration.channels.first(where: { $0.name == names[0] }) else {
            throw Complaint.configuration(
                "--operations needs one channel, whose policies and settings apply: name one with --channel, of "
                    + names.joined(separator: ", "))
        }
        return channel
    }

    private func run(
        _ pipeline: ReverseIngestionPipeline, _ configured: Configuration, _ channel: Channel, _ host: PluginHost,
        _ stop: StopRequest
    ) async throws -> (ReverseIngestionResponse, RunReport) {
        let configuration = try await completed(configured, host)
        var plan = try OperationsPlan(pipeline, configuration, by: channel)
        try expectAddresses(of: plan.configuration)
        host.prepare(plan.configuration.services)
        if plan.configuration.channels.contains(where: { !$0.templates.isEmpty }) {
            plan.refuse(try await Engine(plan.configuration, provider: host, compiler: host).templateProblems())
        }
        var report = RunReport()
        report.counts.failed = plan.refusedCount
        guard !plan.entities.isEmpty else { return (plan.response(), report) }

        let journal = try Journal(forRunsAt: configuration.journalPath)
        async let person = NSUserName()
        let store = try await RunStore(
            beginIn: journal, trigger: "operations", person: await person, version: Release.version, channels: [channel.name])
        let progress = ProgressLine(quiet: common.quiet)
        defer { progress.end() }
        let logger = LogOutput.logger(run: store.run), results = OperationResults()
        logger.info("the run begins", metadata: ["trigger": "operations"])
        let engine = Engine(
            plan.configuration, provider: host, compiler: host, stop: stop, maxRemovals: maxRemovals, allowsEmptyCatalog: true,
            logger: logger, progress: progress.report, standing: results.visitor)
        do {
            report = try await engine.run([plan.entities].async, into: store)
        } catch {
            try? await store.abandon(because: Complaint(error).text)
            throw error
        }
        report.counts.failed += plan.refusedCount
        try await finish(store, report, journal, configuration, logger)
        return (try results.response(plan, report, store), report)
    }

    /// A folder may tell where services are; a server is not asked.
    private func completed(_ configuration: Configuration, _ host: PluginHost) async throws -> Configuration {
        guard case .folder = configuration.catalog else { return configuration }
        return try await OpenCatalog.completing(configuration, host.directory, LogOutput.catalogLogger)
    }

    private func expectAddresses(of configuration: Configuration) throws {
        guard case .server = configuration.catalog, let service = configuration.services.first(where: { !$0.saysWhere })
        else { return }
        throw Complaint.configuration(
            "the connection of service '\(service.name)' does not say where the source is, and --operations asks the catalog "
                + "nothing: add its hostPort")
    }

    private func answer(_ response: ReverseIngestionResponse) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Terminal.standardOutput.line(String(decoding: try encoder.encode(response), as: UTF8.self))
    }
}
