public import CRevmeta

/// A plugin: its identity, and the connector or the template engine it offers.
///
/// Keep one in a global and return its table from the library's one exported function:
///
/// ```swift
/// private let plugin = Plugin(
///     id: "org.example.notes", name: "Text notes", version: "1.0.0", connector: NotesConnector.self)
///
/// @c(revmeta_plugin_v1)
/// public func revmetaPlugin() -> PluginTable { plugin.table }
/// ```
///
/// A library holds one plugin.
public struct Plugin: Sendable {
    /// What the exported function returns.
    nonisolated(unsafe) public let table: PluginTable  // what it points to never changes

    /// - Parameters:
    ///   - id: The same as in `plugin.json`: `org.example.notes`.
    ///   - name: For people: `Text notes`.
    ///   - version: The plugin's own, the same as in `plugin.json`: `1.0.0`.
    public init(id: String, name: String, version: String, connector: any Connector.Type) {
        ConnectorTable.serve(connector)
        table = PluginTable(Table.plugin(id: id, name: name, version: version, query: ConnectorTable.query))
    }

    /// A plugin that offers a template engine. Its `plugin.json` names the engine: `"templateEngines": ["example"]`.
    public init(id: String, name: String, version: String, templates engine: any TemplateEngine.Type) {
        TemplateTable.serve(engine)
        table = PluginTable(Table.plugin(id: id, name: name, version: version, query: TemplateTable.query))
    }
}

/// The plugin's table, as the C side sees it. Valid for the life of the process.
public typealias PluginTable = UnsafePointer<revmeta_plugin>
