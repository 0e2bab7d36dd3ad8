internal import ArgumentParser
internal import RevmetaEngine
internal import RevmetaModel
internal import RevmetaRuns

struct ChannelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channels", abstract: "Try what channels select.", subcommands: [TestChannelCommand.self])
}

struct TestChannelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Show how many entities a channel selects, and which; or why one is selected or not.",
        discussion: """
            Only the catalog is read. An entity is named as the catalog names it, service first: shop.sales.public.orders.

            Exit status: 0 something is selected, or the entity is; 1 nothing is, or it is not; 2 wrong arguments or \
            configuration.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The channel's name.", valueName: "channel"))
    var name: String

    @Argument(help: ArgumentHelp("An entity's fully qualified name.", valueName: "entity"))
    var entity: String?

    private static let mostShown = 10

    func run() async throws {
        let isSelected = try await complaining {
            let plugins = common.plugins.directory()
            let configuration = try common.configuration(for: plugins)
            guard let channel = configuration.channels.first(where: { $0.name == name }) else {
                throw Complaint.configuration(
                    "there is no channel '\(name)' in the configuration; it has "
                        + configuration.channels.map(\.name).joined(separator: ", "))
            }
            for warning in channel.filterWarnings {
                Terminal.standardOutput.line("! filter: \(Terminal.oneLine(warning))")
            }
            if let sink = channel.sinkService {
                Terminal.standardOutput.line("Writes to service '\(Terminal.oneLine(sink))', under the same paths.")
            }
            let wanted = try entity.map { text in
                guard let wanted = EntityPath(text), wanted.names.count > 1 else {
                    throw Complaint.configuration("expected an entity such as shop.sales.public.orders, found '\(text)'")
                }
                return wanted
            }
            return try await OpenCatalog.with(configuration, plugins, LogOutput.catalogLogger) { catalog in
                // What a server was not asked for could not be explained.
                let entities = catalog.entities()
                guard let wanted else { return try await count(channel, entities) }
                return try await explain(channel, entities, wanted)
            }
        }
        throw ExitCode(isSelected ? 0 : 1)
    }

    /// Tells how many entities of each kind are selected, and the first ones.
    private func count(_ channel: Channel, _ catalog: CatalogEntities) async throws -> Bool {
        let out = Terminal.standardOutput
        var selected: [EntityKind: Int] = [:], all: [EntityKind: Int] = [:], first: [String] = [], undecided = 0
        for try await batch in catalog {
            for entity in batch {
                all[entity.kind, default: 0] += 1
                switch channel.selects(entity) {
                case true?:
                    selected[entity.kind, default: 0] += 1
                    if first.count < Self.mostShown, entity.kind != .column {
                        first.append("  \(entity.kind.rawValue) \(Terminal.oneLine(Self.name(entity).description))")
                    }
                case nil: undecided += 1
                case false?: break
                }
            }
        }
        for kind in EntityKind.allCases where all[kind] != nil {
            out.line("\(kind.rawValue): \(selected[kind] ?? 0) of \(all[kind]!)")
        }
        for line in first { out.line(line) }
        let rest = selected.filter { $0.key != .column }.values.reduce(0, +) - first.count
        if rest > 0 { out.line("  and \(rest) more") }
        if undecided > 0 {
            out.line(
                "! \(undecided) cannot be decided about: the catalog's answers lack a field that the filter asks for (owners, tags, "
                    + "domains, extension)")
        }
        return !selected.isEmpty
    }

    private func explain(_ channel: Channel, _ catalog: CatalogEntities, _ wanted: EntityPath) async throws -> Bool {
        let out = Terminal.standardOutput
        for try await batch in catalog {
            for entity in batch where Self.name(entity) == wanted {
                let verdict = channel.explain(entity)
                let answer =
                    switch verdict.isSelected {
                    case true?: "is selected"
                    case false?: "is not selected"
                    case nil: "cannot be decided about"
                    }
                out.line("\(entity.kind.rawValue) \(Terminal.oneLine(wanted.description)) \(answer)")
                for reason in verdict.reasons {
                    let sign = reason.isMet.map { $0 ? "✓" : "✗" } ?? "?"
                    out.line(String(repeating: "  ", count: reason.depth + 1) + "\(sign) \(Terminal.oneLine(reason.text))")
                }
                return verdict.isSelected ?? false
            }
        }
        throw Complaint.configuration("the catalog has no \(wanted): an entity's name begins with its service's")
    }

    private static func name(_ entity: CatalogEntity) -> EntityPath {
        EntityPath([entity.service] + entity.path.names)
    }
}
