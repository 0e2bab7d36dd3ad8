internal import CRevmeta
internal import Glibc

/// The table a library's entry function gives, copied and checked.
struct PluginTable {
    private let table: revmeta_plugin
    private let manifest: PluginIdentity

    /// Loads a library and asks it for its table.
    init(library path: String, manifest: PluginIdentity) throws(UnusablePlugin) {
        self.manifest = manifest
        // NODELETE, and no dlclose anywhere: unloading a language runtime crashes the process later.
        // LOCAL: the libraries that two plugins bring must not see each other's symbols.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw UnusablePlugin("the library of \(manifest.id) cannot be loaded: \(String(cString: dlerror()))")
        }
        guard let symbol = dlsym(handle, REVMETA_ENTRY) else {
            throw UnusablePlugin(
                "the library of \(manifest.id) does not export \(REVMETA_ENTRY): it is no plugin of revmeta, or one "
                    + "for another major version of its interface (\(path))")
        }
        typealias Entry = @convention(c) () -> UnsafePointer<revmeta_plugin>?
        guard let pointer = unsafeBitCast(symbol, to: Entry.self)() else {
            throw UnusablePlugin("\(REVMETA_ENTRY) of \(manifest.id) gave no table (\(path))")
        }
        table = try boundedCopy(pointer, as: revmeta_plugin.self, of: "plugin table", in: manifest.id)
        try checkSet(
            [
                "id": table.id != nil, "name": table.name != nil, "version": table.version != nil,
                "query": table.query != nil,
            ], of: "plugin table", in: manifest.id)
        for (key, says, library) in [
            ("id", manifest.id, String(cString: table.id)),
            ("version", manifest.version, String(cString: table.version)),
            ("abi.minor", "\(manifest.abiMinor)", "\(table.abi_minor)"),
        ] where says != library {
            throw UnusablePlugin(
                "the manifest and the library of \(manifest.id) disagree: plugin.json says \(key) '\(says)', the "
                    + "library says '\(library)'. One of them is stale: install both from one build")
        }
        for interface in manifest.interfaces where table.query(interface) == nil {
            throw UnusablePlugin(
                "the manifest and the library of \(manifest.id) disagree: plugin.json lists \(interface), the library "
                    + "does not offer it. One of them is stale: install both from one build")
        }
    }

    /// The connector's table, with every slot checked; nil: the manifest does not list one.
    func connector() throws(UnusablePlugin) -> ConnectorTable? {
        guard let pointer = offered(REVMETA_CONNECTOR_ID) else { return nil }
        return try ConnectorTable(pointer, of: manifest.id)
    }

    /// The template engine's table, with every slot checked; nil: the manifest does not list one.
    func template() throws(UnusablePlugin) -> TemplateTable? {
        guard let pointer = offered(REVMETA_TEMPLATE_ID) else { return nil }
        return try TemplateTable(pointer, of: manifest.id)
    }

    /// The extension's table; nil: the plugin does not offer it. It is asked for, whatever the manifest lists.
    func interrupt() throws(UnusablePlugin) -> revmeta_interrupt? {
        guard let pointer = table.query(REVMETA_INTERRUPT_ID) else { return nil }
        let copy = try boundedCopy(pointer, as: revmeta_interrupt.self, of: "interrupt table", in: manifest.id)
        try checkSet(["interrupt": copy.interrupt != nil], of: "interrupt table", in: manifest.id)
        return copy
    }

    private func offered(_ interface: String) -> UnsafeRawPointer? {
        manifest.interfaces.contains(interface) ? table.query(interface) : nil
    }
}
