public import RevmetaPlugin

private let plugin = Plugin(
    id: "org.example.notes", name: "Text notes", version: "1.0.0", connector: NotesConnector.self)

/// The one symbol that the library exports.
@c(revmeta_plugin_v1)
public func revmetaPlugin() -> PluginTable { plugin.table }
