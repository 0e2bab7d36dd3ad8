/// How a channel writes some of its facts: by statements of the user's own instead of the connector's.
public struct ChannelTemplate: Sendable, Equatable {
    /// What its statements are about.
    public enum Level: String, Sendable, CaseIterable, Codable {
        case database
        case schema
        /// Every table-like kind.
        case table
        /// Views of every kind, before a template for tables.
        case view
        case column
        case procedure
    }

    /// Which facts it writes.
    public enum Subject: String, Sendable, CaseIterable, Codable {
        case description
        case owner
        case tags
    }

    /// A text and where it stands: `revmeta.yaml:12:5: channels[0].sqlTemplate`.
    public struct Text: Sendable, Hashable {
        public var text: String
        public var place: String
        /// Whether it may hold a secret, since a reference or an alias stands in the file for it or a part of it: it is not shown.
        public var isPrivate: Bool

        public init(_ text: String, place: String = "the template", isPrivate: Bool = false) {
            self.text = text
            self.place = place
            self.isPrivate = isPrivate
        }
    }

    public var set: Text
    /// What takes a value away; nil: `set`, with the value absent.
    public var clear: Text?
    /// Nil: the deepest name that the template uses.
    public var on: Level?
    /// Nil: what its variables tell.
    public var of: Subject?
    /// OpenMetadata's service types, compared without case; empty: all.
    public var serviceTypes: [String]
    /// Which engine understands it.
    public var engine: String
    /// Whether values may be placed as they are.
    public var allowsRaw: Bool

    public static let defaultEngine = "format"

    public init(
        set: Text, clear: Text? = nil, on: Level? = nil, of: Subject? = nil, serviceTypes: [String] = [],
        engine: String = Self.defaultEngine, allowsRaw: Bool = false
    ) {
        self.set = set
        self.clear = clear
        self.on = on
        self.of = of
        self.serviceTypes = serviceTypes
        self.engine = engine
        self.allowsRaw = allowsRaw
    }

    public func serves(_ serviceType: String) -> Bool {
        serviceTypes.isEmpty || serviceTypes.contains { $0.lowercased() == serviceType.lowercased() }
    }
}
