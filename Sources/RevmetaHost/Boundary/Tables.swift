internal import CRevmeta
internal import Glibc
internal import RevmetaModel

// With the rest of this folder, all of the host's unsafe pointers.

/// The table a library's entry function gives, copied and checked.
struct PluginTable {
    private let table: revmeta_plugin
    private let manifest: PluginManifest

    /// Loads a library and asks it for its table.
    init(library path: String, manifest: PluginManifest) throws(PluginProblem) {
        self.manifest = manifest
        // NODELETE, and no dlclose anywhere: unloading a language runtime crashes the process later.
        // LOCAL: the libraries that two plugins bring must not see each other's symbols.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw PluginProblem("the library of \(manifest.id) cannot be loaded: \(String(cString: dlerror()))")
        }
        guard let symbol = dlsym(handle, REVMETA_ENTRY) else {
            throw PluginProblem(
                "the library of \(manifest.id) does not export \(REVMETA_ENTRY): it is no plugin of revmeta, or one for "
                    + "another major version of its interface (\(path))")
        }
        typealias Entry = @convention(c) () -> UnsafePointer<revmeta_plugin>?
        guard let pointer = unsafeBitCast(symbol, to: Entry.self)() else {
            throw PluginProblem("\(REVMETA_ENTRY) of \(manifest.id) gave no table (\(path))")
        }
        table = try bounded(pointer, size: pointer.pointee.struct_size, of: "plugin table", in: manifest.id)
        guard table.draft == REVMETA_DRAFT else {
            throw PluginProblem(
                "the library of \(manifest.id) is built for draft \(table.draft) of the plugin interface, and this revmeta "
                    + "speaks draft \(REVMETA_DRAFT): rebuild the plugin against this revmeta's headers")
        }
        guard let id = table.id, let name = table.name, let version = table.version, table.query != nil else {
            throw PluginProblem("the plugin table of \(manifest.id) has an empty slot: id, name, version and query must be set")
        }
        _ = name
        for (key, says, library) in [
            ("id", manifest.id, String(cString: id)), ("version", manifest.version, String(cString: version)),
        ] where says != library {
            throw PluginProblem(
                "the manifest and the library of \(manifest.id) disagree: plugin.json says \(key) '\(says)', the library "
                    + "says '\(library)'. One of them is stale: install both from one build")
        }
    }

    /// The connector's table, with every slot checked.
    func connector() throws(PluginProblem) -> ConnectorTable {
        guard let pointer = table.query(REVMETA_CONNECTOR_ID) else {
            throw PluginProblem(
                "the manifest and the library of \(manifest.id) disagree: plugin.json lists \(REVMETA_CONNECTOR_ID), the "
                    + "library does not offer it")
        }
        let typed = pointer.assumingMemoryBound(to: revmeta_connector.self)
        let copy = try bounded(typed, size: typed.pointee.struct_size, of: "connector table", in: manifest.id)
        let slots: [(String, Bool)] = [
            ("dialect", copy.dialect == nil), ("open", copy.open == nil), ("close", copy.close == nil),
            ("abilities", copy.abilities == nil), ("read", copy.read == nil), ("plan", copy.plan == nil),
            ("check", copy.check == nil), ("execute", copy.execute == nil),
        ]
        let empty = slots.filter(\.1).map(\.0)
        guard empty.isEmpty else {
            throw PluginProblem(
                "the connector table of \(manifest.id) has empty slots: \(empty.joined(separator: ", ")). Every slot must be set")
        }
        return ConnectorTable(copy)
    }
}

/// A connector's table. Every slot is set.
struct ConnectorTable: Sendable {
    let table: revmeta_connector

    fileprivate init(_ table: revmeta_connector) {
        self.table = table
    }

    func dialect(of plugin: String) throws(PluginProblem) -> Dialect {
        guard let pointer = table.dialect() else {
            throw PluginProblem("the connector of \(plugin) gave no dialect")
        }
        let copy = try bounded(pointer, size: pointer.pointee.struct_size, of: "dialect", in: plugin)
        func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
        return Dialect(
            name: text(copy.name) ?? "", identifierOpen: text(copy.identifier_open) ?? "",
            identifierClose: text(copy.identifier_close) ?? "", statementEnd: text(copy.statement_end) ?? "",
            scriptBegin: text(copy.script_begin) ?? "", scriptUse: text(copy.script_use))
    }
}

/// Copies a struct that the other side may have built smaller or larger than ours.
///
/// Why not `pointer.pointee`: it loads our size, and walks off the end of an older plugin's table.
private func bounded<T>(
    _ pointer: UnsafePointer<T>, size: UInt32, of what: String, in plugin: String
) throws(PluginProblem) -> T {
    // A draft has one size; once the interface is frozen, what 1.0 had will be the least.
    guard size >= MemoryLayout<T>.size, size <= 1 << 16 else {
        throw PluginProblem(
            "the \(what) of \(plugin) says it has \(size) bytes, where \(MemoryLayout<T>.size) are expected: rebuild the "
                + "plugin against this revmeta's headers")
    }
    return withUnsafeTemporaryAllocation(of: T.self, capacity: 1) { copy in
        let bytes = UnsafeMutableRawPointer(copy.baseAddress!)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<T>.size)
        bytes.copyMemory(from: pointer, byteCount: min(Int(size), MemoryLayout<T>.size))
        return copy[0]
    }
}
