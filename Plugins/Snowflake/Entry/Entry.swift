public import RevmetaPlugin
import RevmetaSnowflake

private let plugin = Plugin(
    id: "org.revmeta.snowflake", name: "Snowflake", version: "0.1.0", connector: SnowflakeConnector.self)

/// The library's one exported function.
@c(revmeta_plugin_v1)
public func revmetaPlugin() -> PluginTable { plugin.table }
