import RevmetaJSON
import RevmetaModel

/// A database service.
package struct ServiceAnswer: Decodable, Equatable, Sendable {
    package var name: String
    package var serviceType: String
    private var connection: Connection?

    private struct Connection: Decodable, Equatable, Sendable {
        var config: SettingAnswer?
    }

    init(name: String, serviceType: String) {
        self.name = name
        self.serviceType = serviceType
    }

    package var service: CatalogService {
        var settings: [String: Secret] = [:]
        connection?.config?.add(to: &settings, under: "")
        return CatalogService(name: name, serviceType: serviceType, connection: settings)
    }
}

/// A setting of a service's connection, or several below one key.
private indirect enum SettingAnswer: Decodable, Equatable, Sendable {
    case text(String)
    case group([String: SettingAnswer])
    /// Lists and nothings: no plugin has such a setting.
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let truth = try? container.decode(Bool.self) {
            self = .text("\(truth)")
        } else if let number = try? container.decode(Int64.self) {
            self = .text("\(number)")
        } else if let group = try? container.decode([String: SettingAnswer].self) {
            self = .group(group)
        } else {
            self = .other
        }
    }

    func add(to settings: inout [String: Secret], under key: String) {
        switch self {
        case .text(let text):
            if Self.isShown(text) { settings[key] = Secret(text) }
        case .group(let group):
            for (name, setting) in group { setting.add(to: &settings, under: key.isEmpty ? name : "\(key).\(name)") }
        case .other:
            break
        }
    }

    /// The server shows asterisks for what it keeps to itself, and where a secret lies instead of the secret.
    private static func isShown(_ text: String) -> Bool {
        !text.isEmpty && !text.allSatisfy { $0 == "*" } && !text.hasPrefix("secret:")
    }
}
