public import RevmetaModel

/// Two channels want different values for one fact, so that nobody can say which of the two is meant.
public struct ChannelOverlap: Error, Sendable, Equatable, CustomStringConvertible {
    /// The channels, in file order.
    public let channels: [String]
    public let service: String
    public let entity: Entity
    public let attribute: Attribute
    /// What each of them wants.
    public let values: [String]

    public var description: String {
        let name = EntityPath([service] + entity.path.names)
        return "channel '\(channels[0])' and channel '\(channels[1])' want different values for the \(attribute) of the "
            + "\(entity.kind.rawValue) \(name): \(Self.shown(values[0])) and \(Self.shown(values[1])). Narrow the filter of one "
            + "of them, or let both say the same"
    }

    private static func shown(_ value: String) -> String {
        "'\(value.prefix(60).split(whereSeparator: \.isNewline).joined(separator: " "))\(value.count > 60 ? "…" : "")'"
    }
}
