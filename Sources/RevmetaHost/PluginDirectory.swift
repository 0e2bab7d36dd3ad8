internal import FoundationEssentials
public import RevmetaModel

/// The plugins that were found on the search path, by their manifests alone.
public struct PluginDirectory: Sendable {
    /// A plugin whose manifest can be read; its library may not have been looked at.
    public struct Found: Sendable, Equatable {
        public var manifest: PluginManifest
        public var manifestPath: String
        public var libraryPath: String
        /// The folder of the search path that it lies in, or below.
        public var searchFolder: String
    }

    /// In the order of the search path. The first of several with one id wins.
    public let plugins: [Found]
    /// Plugins that another one with the same id, earlier on the path, hides.
    public let hidden: [Found]
    /// Manifests that cannot be read, and folders that were named but are not there.
    public let problems: [PluginProblem]
    /// Those of the problems that are about a folder which somebody named.
    public let missingFolders: [PluginProblem]

    public init(_ path: PluginSearchPath) {
        var plugins: [Found] = [], hidden: [Found] = [], problems: [PluginProblem] = []
        var missingFolders: [PluginProblem] = []
        for entry in path.entries {
            var manifests: [String] = []
            do {
                manifests = try Self.manifests(in: entry)
            } catch {
                problems.append(error)
                missingFolders.append(error)
            }
            for manifestPath in manifests {
                do throws(PluginProblem) {
                    let manifest = try PluginManifest(contentsOf: manifestPath)
                    let beside = String(manifestPath[..<manifestPath.lastIndex(of: "/")!])
                    let found = Found(
                        manifest: manifest, manifestPath: manifestPath,
                        libraryPath: (entry.libraryFolder ?? beside) + "/" + manifest.library, searchFolder: entry.folder)
                    if plugins.contains(where: { $0.manifest.id == manifest.id }) {
                        hidden.append(found)
                    } else {
                        plugins.append(found)
                    }
                } catch {
                    problems.append(error)
                }
            }
        }
        self.plugins = plugins
        self.hidden = hidden
        self.problems = problems
        self.missingFolders = missingFolders
    }

    /// The manifest of the folder itself, and those of its subfolders, by name.
    private static func manifests(in entry: PluginSearchPath.Entry) throws(PluginProblem) -> [String] {
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: entry.folder) else {
            guard entry.origin.isExplicit else { return [] }
            let source = entry.origin == .option ? "--plugin-dir" : "REVMETA_PLUGIN_PATH"
            throw PluginProblem(
                "the plugin folder \(entry.folder), which \(source) names, does not exist or cannot be read")
        }
        return ([""] + names.sorted().map { "/" + $0 })
            .map { entry.folder + $0 + "/plugin.json" }
            .filter { files.fileExists(atPath: $0) }
    }

    /// The plugin for a service: the one it names, else the only one that serves its type.
    public func plugin(for service: ServiceDefinition) throws(Failure) -> Found {
        if let id = service.plugin {
            guard let named = plugins.first(where: { $0.manifest.id == id }) else {
                throw Failure(
                    .config,
                    "service '\(service.name)' names the plugin '\(id)', which was not found\(known(\.id)). "
                        + "Install it in a plugin folder, or name its folder with --plugin-dir")
            }
            return named
        }
        let serving = plugins.filter { $0.manifest.serves(service.type) }
        guard let only = serving.first else {
            throw Failure(
                .config,
                "no plugin serves the type '\(service.type)' of service '\(service.name)'"
                    + "\(known { $0.serviceTypes.joined(separator: ", ") }). "
                    + "Install one that does, or name one with 'plugin:' under the service")
        }
        guard serving.count == 1 else {
            let names = serving.map { "'\($0.manifest.id)'" }.joined(separator: " and ")
            throw Failure(
                .config,
                "\(names) both serve the type '\(service.type)' of service '\(service.name)': "
                    + "say which one with 'plugin:' under the service")
        }
        return only
    }

    /// The plugin whose template engine has a name, or that has it as its id.
    public func templateEngine(named name: String) throws(Failure) -> Found {
        let engines = plugins.filter { $0.manifest.interfaces.contains(templateInterface) }
        if let engine = engines.first(where: { $0.manifest.templateEngines.contains(name) || $0.manifest.id == name }) {
            return engine
        }
        let known = engines.flatMap(\.manifest.templateEngines)
        throw Failure(
            .config,
            "there is no template engine '\(name)'"
                + (known.isEmpty ? "; no plugin with one was found" : "; there are \(known.joined(separator: ", "))")
                + ". Install its plugin in a plugin folder, or name its folder with --plugin-dir")
    }

    private func known(_ say: (PluginManifest) -> String) -> String {
        let known = plugins.map { say($0.manifest) }.filter { !$0.isEmpty }
        return known.isEmpty ? "; no plugins were found at all" : "; found: \(known.joined(separator: ", "))"
    }
}
