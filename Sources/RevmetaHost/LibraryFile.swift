internal import Glibc

/// The checks of a plugin's library that need no loading.
enum LibraryFile {
    /// - Parameter places: What else decides which library it is: whoever may write to one of them could bring in their own.
    static func check(_ path: String, of plugin: String, foundBy places: [String]) throws(PluginProblem) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        for place in places + [folder, path] {
            var status = stat()
            guard stat(place, &status) == 0 else {
                let what = place == path ? "the library of \(plugin)" : "a part of the plugin \(plugin)"
                throw PluginProblem("\(what) is missing: \(place) does not exist. Build or install the plugin again")
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
