internal import CRevmeta

/// What a manifest says of the library beside it, as far as the library can be asked.
public struct PluginIdentity: Sendable, Equatable {
    public var id: String
    public var version: String
    /// Ids of what the library offers: `revmeta.connector/1`.
    public var interfaces: [String]
    /// The minor version of the plugin interface that it was built with.
    public var abiMinor: UInt32

    public init(id: String, version: String, interfaces: [String], abiMinor: UInt32) {
        self.id = id
        self.version = version
        self.interfaces = interfaces
        self.abiMinor = abiMinor
    }
}

/// A plugin's library, loaded and checked. It stays loaded until the process ends.
struct PluginLibrary: Sendable {
    /// Nil: the plugin offers no connector.
    let connector: ConnectorTable?
    /// Nil: the plugin offers no template engine.
    let template: TemplateTable?
    /// Nil: the plugin cannot be interrupted.
    let interrupt: revmeta_interrupt?

    /// Loads a library that a manifest describes.
    ///
    /// Throws a plain sentence if it cannot be loaded, is not a plugin, for another major version of the interface, incomplete,
    /// or not what its manifest says.
    init(_ path: String, as identity: PluginIdentity) throws(UnusablePlugin) {
        let table = try PluginTable(library: path, manifest: identity)
        connector = try table.connector()
        template = try table.template()
        interrupt = try table.interrupt()
    }
}
