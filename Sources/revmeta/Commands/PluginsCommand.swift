internal import ArgumentParser
internal import Logging
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaModel

struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins", abstract: "Show the plugins that were found.", subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the plugins, a line each; no code is loaded.")

        @OptionGroup var options: PluginOptions

        func run() throws {
            let directory = options.directory(), out = Terminal.standardOutput
            if directory.plugins.isEmpty { out.line("No plugins were found.") }
            let width = directory.plugins.map(\.manifest.id.count).max() ?? 0
            for plugin in directory.plugins {
                let id = plugin.manifest.id.padding(to: width)
                let serves = plugin.manifest.serviceTypes + plugin.manifest.templateEngines.map { "templates '\($0)'" }
                out.line("\(id)  \(plugin.manifest.version)  \(serves.joined(separator: ", "))")
            }
            for plugin in directory.hidden {
                let manifest = plugin.manifest
                out.line("\(manifest.id) \(manifest.version) is hidden by one before it: \(plugin.manifestPath)")
            }
            for problem in directory.problems { LogOutput.write(.warning, problem.description, [:]) }
            if !directory.problems.isEmpty { throw ExitCode(2) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one plugin: its settings, and whether it loads.")

        @OptionGroup var options: PluginOptions

        @Argument(help: "The plugin's id.")
        var id: String

        func run() async throws {
            let directory = options.directory(), out = Terminal.standardOutput
            guard let found = directory.plugins.first(where: { $0.manifest.id == id }) else {
                let known = directory.plugins.map(\.manifest.id).joined(separator: ", ")
                throw Complaint.configuration(
                    "there is no plugin '\(id)'\(known.isEmpty ? "; no plugins were found" : "; found: \(known)")")
            }
            let manifest = found.manifest
            out.line("""
                \(manifest.id) \(manifest.version)  \(manifest.name)
                  interfaces  \(manifest.interfaces.joined(separator: ", ")), plugin interface \(manifest.abi)
                  manifest    \(found.manifestPath)
                  library     \(found.libraryPath)
                """)
            if !manifest.serviceTypes.isEmpty {
                out.line("""
                      serves      \(manifest.serviceTypes.joined(separator: ", "))
                      a session   for each \(manifest.sessionScope.rawValue)
                    """)
            }
            if !manifest.templateEngines.isEmpty {
                out.line("  templates   engine: \(manifest.templateEngines.joined(separator: ", "))")
            }
            if !manifest.settings.isEmpty { out.line("\nSettings under a service's connection:") }
            for setting in manifest.settings {
                var traits = [setting.values.isEmpty ? setting.type : setting.values.joined(separator: " | ")]
                if let range = setting.range { traits[0] += " \(range)" }
                if setting.required { traits.append("required") }
                if setting.secret { traits.append("secret") }
                if let value = setting.default { traits.append("default \(value)") }
                out.line("  \(setting.key) (\(traits.joined(separator: ", ")))\n      \(setting.doc)")
            }
            let host = try options.host(finding: directory)
            do throws(PluginProblem) {
                let plugin = try await host.load(found)
                out.line("\nThe library loads.")
                if let dialect = plugin.dialect {
                    out.line("Its connector is complete; its statements are in the dialect '\(dialect.name)'.")
                }
                if plugin.hasTemplateEngine { out.line("Its template engine is complete.") }
            } catch {
                throw Complaint.configuration("\nThe library does not load: \(error)")
            }
        }
    }
}

extension String {
    /// The text with spaces behind it, up to a width in characters.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
