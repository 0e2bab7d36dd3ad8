internal import CRevmeta
internal import Glibc
public import RevmetaModel

/// A plugin's library, loaded and checked. It stays loaded until the process ends.
public struct PluginLibrary: Sendable {
    public let manifest: PluginManifest
    /// Nil: the plugin offers no connector.
    let connector: ConnectorTable?
    /// Nil: the plugin offers no template engine.
    let template: TemplateTable?

    /// How the connector's scripts are spelled; nil: the plugin offers no connector.
    public var dialect: Dialect? { connector?.dialect }

    /// Whether the plugin offers a template engine.
    public var hasTemplateEngine: Bool { template != nil }

    /// Loads a library that a manifest describes, after checking what can be checked without running it.
    ///
    /// Throws a plain sentence if the library is missing, writable by everybody, for another machine, not a plugin,
    /// of another draft of the interface, incomplete, or not what its manifest says.
    public init(_ found: PluginDirectory.Found) throws(PluginProblem) {
        let manifest = found.manifest
        guard manifest.draft == REVMETA_DRAFT else {
            throw PluginProblem(
                "\(manifest.id) is built for draft \(manifest.draft) of the plugin interface, and this revmeta speaks "
                    + "draft \(REVMETA_DRAFT): rebuild the plugin against this revmeta's headers (\(found.manifestPath))")
        }
        let known = [REVMETA_CONNECTOR_ID, REVMETA_TEMPLATE_ID]
        guard manifest.interfaces.contains(where: known.contains) else {
            let listed = manifest.interfaces.isEmpty ? "nothing" : manifest.interfaces.joined(separator: ", ")
            throw PluginProblem(
                "\(manifest.id) offers \(listed), and this revmeta knows \(known.joined(separator: " and ")): list one of "
                    + "them under 'interfaces', or use a revmeta that knows more (\(found.manifestPath))")
        }
        try LibraryFile.check(found.libraryPath, of: manifest.id)
        let table = try PluginTable(library: found.libraryPath, manifest: manifest)
        connector = try table.connector()
        template = try table.template()
        self.manifest = manifest
    }
}

/// The checks of a library that need no loading.
enum LibraryFile {
    static func check(_ path: String, of plugin: String) throws(PluginProblem) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        for place in [folder, path] {
            var status = stat()
            guard stat(place, &status) == 0 else {
                throw PluginProblem(
                    "the library of \(plugin) is missing: \(path) does not exist. Build or install the plugin again")
            }
            guard status.st_mode & S_IWOTH == 0 else {
                throw PluginProblem(
                    "the library of \(plugin) is not loaded, since everybody may write to \(place): "
                        + "run chmod o-w \(place)")
            }
        }
        let own = try ELFHeader(of: "/proc/self/exe"), theirs = try ELFHeader(of: path)
        guard theirs.isSharedObject else {
            throw PluginProblem("the library of \(plugin) is no shared library: \(path)")
        }
        guard own.machine == theirs.machine, own.bits == theirs.bits else {
            throw PluginProblem(
                "the library of \(plugin) is built for \(theirs), and this machine runs \(own): \(path). "
                    + "Install the plugin's build for this machine")
        }
    }
}

/// The part of an ELF file's header that says what machine it is for.
struct ELFHeader: CustomStringConvertible {
    let bits: Int
    let machine: UInt16
    let isSharedObject: Bool

    init(of path: String) throws(PluginProblem) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw PluginProblem("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var header = [UInt8](repeating: 0, count: 20)
        guard read(file, &header, 20) == 20, header[0...3] == [0x7F, 0x45, 0x4C, 0x46] else {
            throw PluginProblem("\(path) is no library of this kind of system: it is not an ELF file")
        }
        bits = header[4] == 2 ? 64 : 32
        let isBigEndian = header[5] == 2
        func number(at offset: Int) -> UInt16 {
            let (low, high) = (UInt16(header[offset]), UInt16(header[offset + 1]))
            return isBigEndian ? low << 8 | high : high << 8 | low
        }
        isSharedObject = number(at: 16) == 3
        machine = number(at: 18)
    }

    var description: String {
        let names: [UInt16: String] = [3: "x86", 40: "ARM", 62: "x86-64", 183: "AArch64", 243: "RISC-V", 21: "POWER", 22: "S/390"]
        return "\(names[machine] ?? "machine \(machine)") (\(bits) bits)"
    }
}
