/// Where a tag at a source can come from.
public enum TagSource: String, Sendable, Hashable, CaseIterable, Codable {
    /// Tags of all classifications but the tier's.
    case classification
    /// Glossary terms: the glossary is the key, the term's name the value.
    case glossary
    /// `Tier`: `Tier1`.
    case tier
    /// `Certification`: `Gold`.
    case certification
    /// `Domain`: the domain's qualified name.
    case domain
    /// Custom properties: the property's name is the key.
    case property
}

/// How a channel makes tags of what the catalog knows.
public struct TagPolicies: Sendable, Hashable {
    /// Several values for one key, where a source holds one.
    public enum Ambiguous: String, Sendable, CaseIterable, Codable {
        case fail
        /// The values, sorted, in one text.
        case join
        /// The first in the catalog's order.
        case first
    }

    public var sources: Set<TagSource>
    public var onAmbiguous: Ambiguous
    /// What stands between joined values.
    public var joiner: String
    /// The first rule that is about a tag decides; a tag without one stays as it is.
    public var rules: [TagRule]

    public init(
        sources: Set<TagSource> = [.classification], onAmbiguous: Ambiguous = .fail, joiner: String = ",", rules: [TagRule] = []
    ) {
        self.sources = sources
        self.onAmbiguous = onAmbiguous
        self.joiner = joiner
        self.rules = rules
    }

    /// Whether an answer's tags alone do not tell all of the sources.
    public var needDocuments: Bool { !sources.isDisjoint(with: [.certification, .domain, .property]) }
}

/// What becomes of some tags at a source.
public struct TagRule: Sendable, Hashable {
    public enum Result: Sendable, Hashable {
        /// Not written.
        case drop
        /// Written under another key or value; nil: the tag's own.
        case rename(key: CaptureTemplate?, value: CaptureTemplate?)
    }

    /// Of `KEY.VALUE`.
    public var pattern: NamePattern
    /// OpenMetadata's service types, in lower case; empty: all.
    public var serviceTypes: Set<String>
    public var result: Result

    public init(_ pattern: NamePattern, serviceTypes: Set<String> = [], _ result: Result) {
        self.pattern = pattern
        self.serviceTypes = Set(serviceTypes.map { $0.lowercased() })
        self.result = result
    }
}
