internal import FoundationEssentials
internal import Glibc

/// The folders where plugins are looked for, in the order in which they win.
public struct PluginSearchPath: Sendable, Equatable {
    /// One folder, and what put it on the path.
    public struct Entry: Sendable, Equatable {
        public var folder: String
        public var origin: Origin

        /// The libraries lie elsewhere than beside the manifests: in the build folder of this package.
        public var libraryFolder: String?
    }

    public enum Origin: Sendable, Equatable {
        case option
        case environment
        case besideBinary
        case system
        case buildFolder

        /// Whether somebody named the folder, so that its absence is an error.
        var isExplicit: Bool { self == .option || self == .environment }
    }

    public var entries: [Entry]

    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// The path of a usual start: `--plugin-dir`, `REVMETA_PLUGIN_PATH`, `../lib/revmeta/plugins` beside the binary,
    /// `/usr/local/lib/revmeta/plugins`, and in development the build folder the binary lies in.
    /// - Parameters:
    ///   - options: Folders named by `--plugin-dir`.
    ///   - executable: The binary's absolute path, links resolved.
    public init(options: [String], environment: [String: String], executable: String = Self.executable) {
        var entries = options.map { Entry(folder: $0, origin: .option) }
        for folder in (environment["REVMETA_PLUGIN_PATH"] ?? "").split(separator: ":") {
            entries.append(Entry(folder: String(folder), origin: .environment))
        }
        let binaries = Self.parent(executable)
        entries.append(Entry(folder: Self.parent(binaries) + "/lib/revmeta/plugins", origin: .besideBinary))
        entries.append(Entry(folder: "/usr/local/lib/revmeta/plugins", origin: .system))
        if let package = Self.package(around: binaries) {
            entries.append(Entry(folder: package + "/Plugins", origin: .buildFolder, libraryFolder: binaries))
        }
        self.entries = entries
    }

    /// The absolute path of the running binary, links resolved.
    public static var executable: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = buffer.withUnsafeMutableBytes {
            readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return length > 0 ? String(decoding: buffer[..<length], as: UTF8.self) : CommandLine.arguments[0]
    }

    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// The root of the Swift package whose `.build` holds a folder.
    private static func package(around folder: String) -> String? {
        guard let build = folder.firstRange(of: "/.build/") else { return nil }
        let root = String(folder[..<build.lowerBound])
        return FileManager.default.fileExists(atPath: root + "/Package.swift") ? root : nil
    }
}
