internal import ArgumentParser
internal import Foundation
internal import RevmetaCatalog
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Write what the catalog says into the sources.",
        discussion: """
            The plan is made whole and kept in the journal before its first statement is sent. A change that fails costs \
            itself only; the next run takes it up again.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var channels: ChannelOptions

    @Option(help: "How to report: text or json.")
    var format = Format.text

    func run() async throws {
        let stop = StopRequest()
        let report = try await interruptible(stop) { try await write(stop) }
        throw ExitCode(report.exitCode)
    }

    private func write(_ stop: StopRequest) async throws -> RunReport {
        let began = ContinuousClock.now
        let configuration = try common.configuration()
        let names = try channels.names(in: configuration)
        let (store, progress, report) = try await common.plugins.withHost(for: configuration) { host in
            host.prepare(configuration.services(ofChannels: names))
            // Looking up the user may load libraries or ask a server.
            async let person = NSUserName()
            let catalog = try CatalogFolder(path: configuration.catalogFolder)
            let journal = try Journal(forRunsAt: configuration.journalPath)
            let store = try await RunStore(beginIn: journal, person: await person, version: Version.text)
            let progress = ProgressLine(quiet: common.quiet)
            let engine = Engine(
                configuration, channels: names, provider: host, stop: stop, progress: progress.report)
            do {
                return (store, progress, try await engine.run(catalog.batches(of: 500), into: store))
            } catch {
                progress.end()
                try? await store.abandon()
                throw error
            }
        }
        progress.end()
        try await store.finish(report)
        switch format {
        case .text: try RunText(Terminal.standardOutput).write(store, report, duration: .now - began)
        case .json: try RunJSON(Terminal.standardOutput).write(store, report)
        }
        return report
    }
}
