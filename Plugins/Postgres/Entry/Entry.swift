import RevmetaPostgres
public import RevmetaPlugin

private let plugin = Plugin(
    id: "org.revmeta.postgres", name: "PostgreSQL", version: "0.1.0", connector: PostgresConnector.self)

/// The library's one exported function.
@c(revmeta_plugin_v1)
public func revmetaPlugin() -> PluginTable { plugin.table }
