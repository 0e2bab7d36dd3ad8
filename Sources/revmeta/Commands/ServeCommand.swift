internal import ArgumentParser
internal import Foundation
internal import Logging
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaRelease
internal import RevmetaServer

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run on schedules and as changes happen, until told to end.",
        discussion: """
            Channels are run by their schedule:, and what happens at the catalog is written as soon as it is known: by its \
            webhook, or by asking for it each serve.pollEvents.

            SIGHUP has the configuration read again; runs that go on end with the old one. SIGTERM and Ctrl-C end it after what is \
            being sent; what is left is taken up at the next start. A journal serves one server, or one run, at a time.
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await complaining {
            let hangUps = await HangUps()
            let configuration = try common.configuration(for: common.plugins.directory())
            let journal = try Journal(forRunsAt: configuration.journalPath)
            let setup = ServerSetup(
                version: Release.version, person: NSUserName(),
                // Plugins that were installed meanwhile count.
                configuration: { try common.configuration(for: common.plugins.directory()) },
                host: { try common.plugins.host(finding: common.plugins.directory(), for: $0) },
                explain: { Complaint($0).text },
                tell: { LogOutput.tell(.notice, $0) },
                logger: LogOutput.serverLogger)
            try await Server(setup, configuration, journal, hangUps).run()
        }
    }
}
