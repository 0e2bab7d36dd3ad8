internal import RevmetaFormat
public import RevmetaPlugin

private let plugin = Plugin(id: "org.revmeta.format", name: "Format", version: "0.1.0", templates: FormatEngine.self)

/// The library's one exported function.
@c(revmeta_plugin_v1)
public func revmetaPlugin() -> PluginTable { plugin.table }
