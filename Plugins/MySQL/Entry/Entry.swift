import RevmetaMySQL
public import RevmetaPlugin

private let plugin = Plugin(
    id: "org.revmeta.mysql", name: "MySQL and MariaDB", version: "0.1.0", connector: MySQLConnector.self)

/// The library's one exported function.
@c(revmeta_plugin_v1)
public func revmetaPlugin() -> PluginTable { plugin.table }
