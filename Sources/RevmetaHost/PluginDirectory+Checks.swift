internal import CRevmeta
internal import RevmetaRunner

/// What a manifest lists for a template engine.
let templateInterface = REVMETA_TEMPLATE_ID

extension PluginDirectory.Found {
    /// Checks what can be checked without running any of the library's code.
    ///
    /// Throws a plain sentence if the library is missing, writable by everybody, for another machine, or its manifest is about
    /// another major version of the interface or about nothing that is known.
    func check() throws(PluginProblem) {
        guard manifest.abi.major == REVMETA_ABI_MAJOR else {
            throw PluginProblem(
                "\(manifest.id) is built for version \(manifest.abi) of the plugin interface, and this revmeta speaks "
                    + "\(REVMETA_ABI_MAJOR).\(REVMETA_ABI_MINOR): take a plugin for the same major version, or rebuild it "
                    + "against this revmeta's headers (\(manifestPath))")
        }
        let known = [REVMETA_CONNECTOR_ID, REVMETA_TEMPLATE_ID]
        guard manifest.interfaces.contains(where: known.contains) else {
            let listed = manifest.interfaces.isEmpty ? "nothing" : manifest.interfaces.joined(separator: ", ")
            throw PluginProblem(
                "\(manifest.id) offers \(listed), and this revmeta knows \(known.joined(separator: " and ")): list one "
                    + "of them under 'interfaces', or use a revmeta that knows more (\(manifestPath))")
        }
        try LibraryFile.check(libraryPath, of: manifest.id, foundBy: [searchFolder, folder, manifestPath])
    }

    /// The folder that the manifest lies in.
    var folder: String { String(manifestPath[..<manifestPath.lastIndex(of: "/")!]) }

    var identity: PluginIdentity {
        PluginIdentity(
            id: manifest.id, version: manifest.version, interfaces: manifest.interfaces, abiMinor: manifest.abi.minor)
    }
}
