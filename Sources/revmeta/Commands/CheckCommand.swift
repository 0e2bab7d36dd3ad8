internal import ArgumentParser
internal import Foundation
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaRuns

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look at configuration, plugins, connections and privileges; nothing is written.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let out = Terminal.standardOutput
        let report = try await complaining {
            let plugins = common.plugins.directory()
            let configuration = try common.configuration(for: plugins)
            out.line(
                "✓ configuration \(common.configurationPath): \(counted(configuration.services.count, "service")), "
                    + counted(configuration.channels.count, "channel"))
            for channel in configuration.channels {
                for warning in channel.filterWarnings {
                    out.line("! channel '\(channel.name)': filter: \(Terminal.oneLine(warning))")
                }
                if let schedule = channel.schedule {
                    let next = schedule.next(after: Date()).formatted(.iso8601)
                    out.line("✓ channel '\(channel.name)': revmeta serve runs it by \(schedule), next at \(next)")
                }
            }
            return try await common.plugins.withHost(finding: plugins, for: configuration) { host in
                tell(configuration, host)
                return try await OpenCatalog.with(configuration, host.directory, LogOutput.catalogLogger) { catalog in
                    host.prepare(catalog.configuration.services())
                    ConnectionText(out).write(catalog)
                    let progress = ProgressLine(quiet: common.quiet)
                    let memory = try await RunStore(draftOn: Journal(forReadingAt: configuration.journalPath))
                    var report = try await Engine(
                        catalog.configuration, provider: host, compiler: host, logger: LogOutput.logger(),
                        progress: progress.report
                    ).check(catalog.entities(), remembering: memory)
                    report.plan.notices += catalog.notices()
                    progress.end()
                    for template in report.plan.templates { out.line(TemplateText(template).line) }
                    // Of a service that cannot be used, nobody counted what is selected.
                    if report.plan.counts.entities > 0 || report.plan.failures.isEmpty {
                        out.line("✓ catalog \(configuration.catalog): \(report.plan.counts.entities) entities selected")
                    }
                    return report
                }
            }
        }
        for service in report.plan.usedServices.sorted() where report.plan.failures[service] == nil {
            out.line("✓ \(service): connected and read")
        }
        for (service, failure) in report.plan.failures.sorted(by: { $0.key < $1.key }) {
            out.line("✗ \(service): \(Terminal.paragraph(failure.description))")
        }
        for group in report.refusals {
            let others = group.count == 1 ? "" : " and \(group.count - 1) more"
            out.line(
                "✗ \(group.service): \(Terminal.paragraph(group.failure.description)) "
                    + "(\(group.example.attribute) of \(Terminal.oneLine(group.example.entity.path.description))\(others))")
        }
        if report.otherRefusals > 0 { out.line("✗ and \(report.otherRefusals) facts more, for reasons like these") }
        for notice in report.plan.notices { out.line("! \(Terminal.paragraph(notice))") }
        if report.plan.counts.skipped > 0 {
            out.line(
                "! \(counted(report.plan.counts.skipped, "fact")) would be skipped, and 'revmeta plan' says why: what a user "
                    + "may not see, many sources say is not there")
        }
        if report.refusals.isEmpty && report.plan.failures.isEmpty {
            out.line("✓ \(report.plan.counts.written) facts differ from the source, and all of them may be written")
        }
        throw ExitCode(report.exitCode)
    }

    /// Says which plugin serves each service.
    private func tell(_ configuration: Configuration, _ host: PluginHost) {
        for service in configuration.services {
            guard let found = try? host.directory.plugin(for: service) else { continue }
            Terminal.standardOutput.line(
                "✓ \(service.name) (\(service.type)) is served by \(found.manifest.id) \(found.manifest.version)")
        }
    }
}
