internal import ArgumentParser
internal import Foundation
internal import Logging
internal import RevmetaConfiguration
internal import RevmetaHost
internal import RevmetaModel

/// Options that every command with a configuration has.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp(
        "The configuration file.",
        discussion: "Without it REVMETA_CONFIG decides, or else revmeta.yaml in the current folder.", valueName: "path"))
    var config: String?

    @OptionGroup var plugins: PluginOptions

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    /// The configuration, read and checked.
    ///
    /// - Parameter plugins: Those that the services' settings are checked by; nil: no service is to be reached.
    func configuration(for plugins: PluginDirectory? = nil) throws(ConfigurationProblems) -> Configuration {
        let environment = ProcessInfo.processInfo.environment
        return try ConfigurationFile.load(
            path: configurationPath, environment: environment,
            settingProblems: { plugins?.settingProblems(of: $0) ?? [] })
    }

    /// Where the journal is: all that is wanted of the configuration to look at what was done.
    func journalPath() throws(ConfigurationProblems) -> String {
        try ConfigurationFile.journalPath(path: configurationPath, environment: ProcessInfo.processInfo.environment)
    }

    var configurationPath: String {
        ConfigurationFile.locate(
            explicit: config, environment: ProcessInfo.processInfo.environment,
            currentFolder: FileManager.default.currentDirectoryPath)
    }
}

/// Options that say where plugins are.
struct PluginOptions: ParsableArguments {
    @Option(
        name: .customLong("plugin-dir"),
        help: ArgumentHelp(
            "A folder with plugins; may be given several times.",
            discussion: """
                It goes before REVMETA_PLUGIN_PATH, ../lib/revmeta/plugins beside the binary, and \
                /usr/local/lib/revmeta/plugins.
                """, valueName: "folder"))
    var pluginFolders: [String] = []

    @OptionGroup var log: LogOptions

    func directory() -> PluginDirectory {
        PluginDirectory(PluginSearchPath(options: pluginFolders, environment: ProcessInfo.processInfo.environment))
    }

    /// The host, whose plugins say what they do on standard error.
    ///
    /// - Parameters:
    ///   - directory: The plugins there are.
    ///   - configuration: Says where plugins run and how long their calls may take; nil: the usual.
    func host(finding directory: PluginDirectory, for configuration: Configuration? = nil) throws -> PluginHost {
        // A folder that somebody named must be there: going on without it would look like a missing plugin.
        if let problem = directory.missingFolders.first { throw Complaint.configuration(problem.description) }
        for problem in directory.problems { LogOutput.write(.warning, problem.description, [:]) }
        let level: PluginLog.Level = log.verbose ? .debug : .warning
        return PluginHost(
            directory, isolation: try isolation(configuration?.isolation ?? .worker),
            environment: ProcessInfo.processInfo.environment, limits: CallLimits(call: configuration?.callTimeout),
            log: PluginLog(level: level) { line in
                var fields = ["plugin": line.plugin]
                if let service = line.service { fields["service"] = service }
                LogOutput.write(Logger.Level(line.level), line.text, fields)
            })
    }

    /// Works with the host, and ends its workers after it, however it went.
    func withHost<Result>(
        finding directory: PluginDirectory, for configuration: Configuration, _ body: (PluginHost) async throws -> Result
    ) async throws -> Result {
        let host = try host(finding: directory, for: configuration)
        do {
            let result = try await body(host)
            await host.shutDown()
            return result
        } catch {
            await host.shutDown()
            throw error
        }
    }

    private func isolation(_ wanted: Isolation) throws -> PluginHost.Isolation {
        guard wanted == .worker else { return .inProcess }
        do throws(PluginProblem) {
            return .worker(program: try WorkerProgram.locate())
        } catch {
            throw Complaint.configuration(error.description)
        }
    }
}

/// Which channels a command works on.
struct ChannelOptions: ParsableArguments {
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp("Work on this channel only; may be given several times.", valueName: "name"))
    var channels: [String] = []

    /// The channels' names; nil: all. Throws if one is not in the configuration.
    func names(in configuration: Configuration) throws -> [String]? {
        let known = configuration.channels.map(\.name)
        if let stranger = channels.first(where: { !known.contains($0) }) {
            throw Complaint.configuration(
                "there is no channel '\(stranger)' in the configuration; it has \(known.joined(separator: ", "))")
        }
        return channels.isEmpty ? nil : channels
    }
}

/// The pattern of an option `--entity`.
func entityPattern(_ text: String?) throws(Complaint) -> NamePattern? {
    guard let text else { return nil }
    do throws(NamePattern.Invalid) {
        return try NamePattern(text)
    } catch {
        throw .configuration("--entity: \(error)")
    }
}

extension Logger.Level {
    fileprivate init(_ level: PluginLog.Level) {
        self =
            switch level {
            case .error: .error
            case .warning: .warning
            case .info: .info
            case .debug: .debug
            }
    }
}
