internal import Glibc

/// Where the program is that runs plugins.
public enum WorkerProgram {
    /// Beside the running program, or where an installation has it.
    public static func locate() throws(PluginProblem) -> String {
        guard let own = ownPath(), let slash = own.lastIndex(of: "/") else {
            throw PluginProblem("the path of the running program cannot be read from /proc/self/exe")
        }
        let folder = String(own[..<slash])
        let places = [folder + "/revmeta-worker", folder + "/../libexec/revmeta/revmeta-worker"]
        for place in places where access(place, X_OK) == 0 { return place }
        throw PluginProblem(
            "the program that runs plugins, revmeta-worker, was not found; it should be \(places.joined(separator: " or ")). "
                + "Install revmeta again")
    }

    private static func ownPath() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
