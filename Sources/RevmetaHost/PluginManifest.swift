internal import FoundationEssentials
public import RevmetaEngine
internal import RevmetaModel

/// What `plugin.json` says of the library beside it, so that nothing needs loading to list, document and check it.
public struct PluginManifest: Sendable, Equatable {
    /// The plugin's identity: `org.example.notes`.
    public var id: String
    /// For people: `Text notes`.
    public var name: String
    /// The plugin's own version.
    public var version: String
    /// The version of the plugin interface that the library was built with.
    public var abi: ABIVersion
    /// Ids of what the library offers: `revmeta.connector/1`.
    public var interfaces: [String]
    /// The library's file name, beside the manifest.
    public var library: String
    /// OpenMetadata's service types that the connector serves.
    public var serviceTypes: [String]
    public var sessionScope: ConnectorDescription.SessionScope
    /// What the template engine is called where a channel chooses it: `format`.
    public var templateEngines: [String]
    /// The connection settings that the connector understands.
    public var settings: [Setting]

    /// What the connector writes by itself, as templates to start from.
    public var statements: [OwnStatement]

    /// A statement of the connector's own, as a template would have it.
    public struct OwnStatement: Sendable, Equatable, Decodable {
        /// `database`, `schema`, `table`, `view`, `column` or `procedure`.
        public var on: String
        /// `description`, `owner` or `tags`.
        public var of: String
        /// Nil: no template can say it.
        public var set: String?
        /// Nil: `set`, with the value absent.
        public var clear: String?
        /// What a person should know of it.
        public var note: String?
    }

    /// A connection setting.
    public struct Setting: Sendable, Equatable, Decodable {
        /// Dotted: `authType.password`.
        public var key: String
        /// `string`, `integer` or `boolean`.
        public var type: String
        public var doc: String
        public var `default`: String?
        public var required: Bool
        /// The value must never be shown.
        public var secret: Bool
        /// All that a string may be; empty: any text.
        public var values: [String]
        /// Of an integer.
        public var minimum: Int?
        public var maximum: Int?

        private enum CodingKeys: CodingKey {
            case key, type, doc, `default`, required, secret, values, minimum, maximum
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.decode(String.self, forKey: .key)
            type = try container.decodeIfPresent(String.self, forKey: .type) ?? "string"
            doc = try container.decode(String.self, forKey: .doc)
            `default` = try container.decodeIfPresent(String.self, forKey: .default)
            required = try container.decodeIfPresent(Bool.self, forKey: .required) ?? false
            secret = try container.decodeIfPresent(Bool.self, forKey: .secret) ?? false
            values = try container.decodeIfPresent([String].self, forKey: .values) ?? []
            minimum = try container.decodeIfPresent(Int.self, forKey: .minimum)
            maximum = try container.decodeIfPresent(Int.self, forKey: .maximum)
        }
    }

    /// Whether the connector serves a service type; compared without case, as OpenMetadata does.
    public func serves(_ serviceType: String) -> Bool {
        serviceTypes.contains { $0.lowercased() == serviceType.lowercased() }
    }
}

extension PluginManifest: Decodable {
    private enum CodingKeys: CodingKey {
        case id, name, version, abi, interfaces, library, serviceTypes, sessionScope, templateEngines, statements, settings
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        version = try container.decode(String.self, forKey: .version)
        abi = try container.decode(ABIVersion.self, forKey: .abi)
        interfaces = try container.decode([String].self, forKey: .interfaces)
        library = try container.decode(String.self, forKey: .library)
        serviceTypes = try container.decodeIfPresent([String].self, forKey: .serviceTypes) ?? []
        sessionScope =
            try container.decodeIfPresent(ConnectorDescription.SessionScope.self, forKey: .sessionScope) ?? .service
        templateEngines = try container.decodeIfPresent([String].self, forKey: .templateEngines) ?? []
        statements = try container.decodeIfPresent([OwnStatement].self, forKey: .statements) ?? []
        settings = try container.decodeIfPresent([Setting].self, forKey: .settings) ?? []
    }

    /// Reads the manifest in a file.
    init(contentsOf file: String) throws(PluginProblem) {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw PluginProblem("\(file) cannot be read")
        }
        do {
            self = try JSONDecoder().decode(PluginManifest.self, from: data)
        } catch let error as DecodingError {
            throw PluginProblem("\(file) is no manifest of a plugin: \(Self.sentence(error))")
        } catch {
            throw PluginProblem("\(file) is no manifest of a plugin: it is not JSON")
        }
        guard !id.isEmpty, !library.isEmpty, !library.contains("/") else {
            throw PluginProblem(
                "\(file): 'id' and 'library' must not be empty, and 'library' is the name of a file beside the "
                    + "manifest")
        }
    }

    /// What a Swift type is called where people write JSON.
    private static func inJSON(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is Double.Type: "a whole number"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "'\(place(context.codingPath + [key]))' is missing"
        case .typeMismatch(let type, let context):
            return (context.codingPath.isEmpty ? "it" : "'\(place(context.codingPath))'") + " must be \(inJSON(type))"
        case .valueNotFound(_, let context): return "'\(place(context.codingPath))' is null"
        case .dataCorrupted(let context):
            guard !context.codingPath.isEmpty else { return "it is not JSON" }
            return "'\(place(context.codingPath))' has a value that is not known"
        @unknown default: return "it cannot be read"
        }
    }
}
