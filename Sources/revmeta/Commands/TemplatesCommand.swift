internal import ArgumentParser
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaModel
internal import RevmetaRuns

struct TemplatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "Begin with templates, and try them.",
        subcommands: [ShowTemplatesCommand.self, TestTemplateCommand.self])
}

struct ShowTemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print what a connector writes by itself, as templates to start from.",
        discussion: "What is printed can stand under a channel. No code is loaded.")

    @OptionGroup var options: PluginOptions

    @Argument(help: ArgumentHelp("OpenMetadata's service type: Postgres, Mysql, …", valueName: "service-type"))
    var serviceType: String

    func run() throws {
        let directory = options.directory(), out = Terminal.standardOutput
        let serving = directory.plugins.filter { $0.manifest.serves(serviceType) }
        guard !serving.isEmpty else {
            let known = directory.plugins.flatMap(\.manifest.serviceTypes).joined(separator: ", ")
            throw Complaint.configuration(
                "no plugin serves the type '\(serviceType)'\(known.isEmpty ? "; no plugins were found" : "; there are \(known)")")
        }
        for plugin in serving {
            let manifest = plugin.manifest
            guard !manifest.statements.isEmpty else {
                out.line("# \(manifest.id) \(manifest.version) tells no statements of its own.")
                continue
            }
            out.line("# What \(manifest.id) \(manifest.version) writes by itself.")
            out.line("sqlTemplates:")
            for statement in manifest.statements { write(statement, to: out) }
        }
    }

    private func write(_ statement: PluginManifest.OwnStatement, to out: Terminal) {
        guard let set = statement.set else {
            return out.line("  # \(statement.of) of a \(statement.on): \(statement.note ?? "no template can say it")")
        }
        if let note = statement.note { out.line("  # \(note)") }
        out.line("  - on: \(statement.on)\n    of: \(statement.of)\n    set: \(Self.quoted(set))")
        if let clear = statement.clear { out.line("    clear: \(Self.quoted(clear))") }
    }

    /// In quotes where YAML would read something else than a text.
    private static func quoted(_ text: String) -> String {
        let isPlain = !text.contains(": ") && !text.contains(" #") && text.first.map { !"{[\"'!&*#|>%@`".contains($0) } ?? false
        return isPlain ? text : "'" + text.replacing("'", with: "''") + "'"
    }
}

struct TestTemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Show the statements that a channel's templates give for one entity.",
        discussion: """
            Only the catalog is read. An entity is named as the catalog names it, service first: shop.sales.public.orders.

            Exit status: 0 the templates give statements; 1 they give none, or the channel does not select the entity; 2 wrong \
            arguments or configuration.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The channel's name.", valueName: "channel"))
    var name: String

    @Argument(help: ArgumentHelp("An entity's fully qualified name.", valueName: "entity"))
    var entity: String

    func run() async throws {
        let previews = try await complaining {
            let plugins = common.plugins.directory()
            let configuration = try common.configuration(for: plugins)
            guard let channel = configuration.channels.first(where: { $0.name == name }) else {
                throw Complaint.configuration(
                    "there is no channel '\(name)' in the configuration; it has "
                        + configuration.channels.map(\.name).joined(separator: ", "))
            }
            guard !channel.templates.isEmpty else {
                throw Complaint.configuration("channel '\(name)' has no templates: give it sqlTemplate or sqlTemplates")
            }
            guard let wanted = EntityPath(entity), wanted.names.count > 1 else {
                throw Complaint.configuration("expected an entity such as shop.sales.public.orders, found '\(entity)'")
            }
            return try await common.plugins.withHost(finding: plugins, for: configuration) { host in
                try await OpenCatalog.with(configuration, host.directory, LogOutput.catalogLogger) { catalog in
                    for try await batch in catalog.entities() {
                        for entity in batch where EntityPath([entity.service] + entity.path.names) == wanted {
                            return try await Engine(
                                catalog.configuration, channels: [name], provider: host, compiler: host
                            ).preview(entity)
                        }
                    }
                    throw Complaint.configuration("the catalog has no \(wanted): an entity's name begins with its service's")
                }
            }
        }
        let out = Terminal.standardOutput
        if previews.isEmpty { out.line("channel '\(name)' does not select it") }
        for preview in previews { write(preview, to: out) }
        throw ExitCode(previews.contains { !$0.renderings.allSatisfy(\.statements.isEmpty) } ? 0 : 1)
    }

    private func write(_ preview: TemplatePreview, to out: Terminal) {
        for rendering in preview.renderings {
            let attributes = rendering.attributes.map(\.rawValue).joined(separator: ", ")
            let what = Terminal.oneLine("\(attributes) at '\(preview.service)'") + (rendering.clears ? ", taken away" : "")
            guard let place = rendering.place else {
                out.line("\(what): no template; left to the connector, where it can write that")
                continue
            }
            if let problem = rendering.problem {
                out.line("\(what): \(Terminal.oneLine(problem))")
                continue
            }
            out.line("\(what), by \(place.split(separator: ": ").last ?? ""):")
            for statement in rendering.statements {
                for line in Terminal.printable(statement + preview.statementEnd).split(separator: "\n") { out.line("    \(line)") }
            }
        }
    }
}
