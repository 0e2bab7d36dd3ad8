internal import ArgumentParser
internal import RevmetaRelease

struct RevmetaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revmeta",
        abstract: "Writes what a catalog knows back into the databases it describes.",
        discussion: """
            A catalog (OpenMetadata, Collate) is where people edit descriptions, owners and tags. revmeta compares them \
            with what the databases say, shows what would change, and writes it.

            Begin with:
              revmeta init     writes a commented revmeta.yaml
              revmeta check    looks at configuration, plugins, connections and privileges
              revmeta plan     shows what would be written
              revmeta run      writes it

            Exit status: 0 done; 1 some change failed, or one service of several could not be used; 2 wrong arguments or \
            configuration, nothing written; 3 no service could be used, or the journal is locked or unreadable; 130 or \
            143 after a clean stop by Ctrl-C or SIGTERM.
            """,
        version: Release.version,
        subcommands: [
            InitCommand.self, CheckCommand.self, PlanCommand.self, RunCommand.self, ServeCommand.self, HistoryCommand.self, ShowCommand.self,
            DriftCommand.self, RollbackCommand.self, ExportCommand.self, WebhookCommand.self, ChannelsCommand.self, TemplatesCommand.self,
            PluginsCommand.self, SchemaCommand.self,
        ])
}
