/// How a channel makes principals of the catalog's owners.
public struct OwnerPolicies: Sendable, Hashable {
    /// What of an owner is looked up in the owner map.
    public enum Attribute: String, Sendable, CaseIterable, Codable {
        case name
        case email
    }

    /// None of an entity's owners has a principal.
    public enum Unmapped: String, Sendable, CaseIterable, Codable {
        case skip
        case fail
    }

    public var attribute: Attribute
    /// A team that is not mapped stands for its members, in the catalog's order.
    public var expandsTeams: Bool
    public var onUnmapped: Unmapped

    public init(attribute: Attribute = .name, expandsTeams: Bool = false, onUnmapped: Unmapped = .skip) {
        self.attribute = attribute
        self.expandsTeams = expandsTeams
        self.onUnmapped = onUnmapped
    }
}
