/// What one group of users wants written back: which entities, which of their metadata, under which policies.
public struct Channel: Sendable, Equatable {
    public var name: String
    public var filter: ChannelFilter
    public var updateDescriptions: Bool
    public var updateOwners: Bool
    public var updateTags: Bool
    public var policies: Policies
    public var descriptionFormat = DescriptionFormat.markdown
    public var owners = OwnerPolicies()
    public var tags = TagPolicies()
    /// The service that is written to instead of the entities' own, under the same paths; nil: their own.
    public var sinkService: String?
    /// In the file's order, which decides between two that could write the same fact.
    public var templates: [ChannelTemplate] = []
    /// What the filter says and probably does not mean.
    public var filterWarnings: [String] = []
    /// When `revmeta serve` runs it; nil: only when it is asked to, or something has happened.
    public var schedule: Schedule?

    public init(
        name: String, filter: ChannelFilter = ChannelFilter(), updateDescriptions: Bool = false,
        updateOwners: Bool = false, updateTags: Bool = false, policies: Policies = Policies()
    ) {
        self.name = name
        self.filter = filter
        self.updateDescriptions = updateDescriptions
        self.updateOwners = updateOwners
        self.updateTags = updateTags
        self.policies = policies
    }
}

extension Channel {
    /// Whether it asks for more of an entity than its names, owners and tags.
    public var needsDocuments: Bool { filter.condition != .always || updateTags && tags.needDocuments }

    /// Whether a template may ask for the whole of an entity.
    public var needsAnswers: Bool {
        templates.contains { [$0.set.text, $0.clear?.text ?? ""].joined().contains("entity") }
    }
}

/// What to do where wanted, actual and base values do not simply agree.
public struct Policies: Sendable, Equatable {
    /// Somebody else changed the value at the source.
    public enum Conflict: String, Sendable, CaseIterable, Codable {
        /// The catalog is the truth.
        case overwrite
        /// The source keeps its value; the change is skipped.
        case keep
        /// The change fails; the others go on.
        case fail
    }

    /// A value that we wrote is gone from the catalog.
    public enum Removal: String, Sendable, CaseIterable, Codable {
        case apply
        case ignore
    }

    /// A value is longer than the source can hold.
    public enum TooLong: String, Sendable, CaseIterable, Codable {
        case fail
        case truncate
    }

    /// A value holds characters that the source would refuse or mangle.
    public enum Unrepresentable: String, Sendable, CaseIterable, Codable {
        case fail
        case replace
    }

    public var onConflict: Conflict
    public var removals: Removal
    public var onTooLong: TooLong
    public var onUnrepresentable: Unrepresentable

    public init(
        onConflict: Conflict = .overwrite, removals: Removal = .apply, onTooLong: TooLong = .fail,
        onUnrepresentable: Unrepresentable = .fail
    ) {
        self.onConflict = onConflict
        self.removals = removals
        self.onTooLong = onTooLong
        self.onUnrepresentable = onUnrepresentable
    }
}
