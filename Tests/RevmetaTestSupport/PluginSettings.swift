import Foundation

/// What a bundled plugin's `plugin.json` says of its settings, which the host goes by before the library is loaded.
public struct PluginSettings: Decodable {
    private struct Setting: Decodable {
        var key: String, type: String
        var values: [String]?
        var minimum: Int?, maximum: Int?
    }

    private var settings: [Setting]

    /// - Parameter plugin: Its folder in `Plugins`.
    public init(of plugin: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = package.appending(path: "Plugins/\(plugin)/plugin.json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    /// What was tried for each setting that is no free text, and should be taken or refused.
    private var trials: [(key: String, value: String, isTaken: Bool)] {
        settings.flatMap { setting -> [(String, String, Bool)] in
            switch setting.type {
            case "integer":
                let minimum = setting.minimum ?? 0, maximum = setting.maximum ?? 0
                return [(minimum, true), (maximum, true), (minimum - 1, false), (maximum + 1, false)]
                    .map { (setting.key, "\($0)", $1) } + [(setting.key, "many", false)]
            case "boolean":
                return ["true", "false", "maybe"].map { (setting.key, $0, $0 != "maybe") }
            default:
                guard let values = setting.values else { return [] }
                return values.map { (setting.key, $0, true) } + [(setting.key, "another", false)]
            }
        }
    }

    /// How many settings are no free text.
    public var bounded: Int { Set(trials.map(\.key)).count }

    /// Where the connector takes something else than the manifest says: `lockTimeout=0`.
    public func disagreements(with takes: (_ key: String, _ value: String) -> Bool) -> [String] {
        trials.filter { takes($0.key, $0.value) != $0.isTaken }.map { "\($0.key)=\($0.value)" }
    }
}
