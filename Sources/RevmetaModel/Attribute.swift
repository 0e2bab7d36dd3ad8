/// The name of one kind of metadata: `description`, `owner`, or `tag.NAME` for the value of the tag NAME.
///
/// Open on purpose: a new kind of metadata changes no type.
public struct Attribute: RawRepresentable, Sendable, Hashable, Codable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let description = Attribute(rawValue: "description")
    public static let owner = Attribute(rawValue: "owner")

    /// What an ability names for tags of every name.
    public static let anyTag = Attribute(rawValue: "tag.")

    public static func tag(_ name: String) -> Attribute {
        Attribute(rawValue: "tag." + name)
    }

    /// Whether a value can be taken away without another in its place. Every object has an owner.
    public var canBeAbsent: Bool { self != .owner }
}

extension Attribute: CustomStringConvertible {
    public var description: String { rawValue }
}
