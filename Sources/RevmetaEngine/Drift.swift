public import RevmetaModel

/// A fact that revmeta wrote and has not taken back.
public struct ManagedFact: Sendable, Equatable {
    public var service: String
    public var key: FactKey
    /// What was written.
    public var value: String
    /// The last run that wrote it, or found it as it was written.
    public var run: Int64
    /// Whether that run found it, and did not write it.
    public var wasFound: Bool
    /// When that run began, ISO 8601, UTC; nil: the journal does not remember it any more.
    public var time: String?
    /// Of a template: what it wrote; nil: a statement of the connector's own wrote the value.
    public var template: TemplateWriting?

    public init(
        service: String, key: FactKey, value: String, run: Int64, wasFound: Bool = false, time: String? = nil,
        template: TemplateWriting? = nil
    ) {
        self.service = service
        self.key = key
        self.value = value
        self.run = run
        self.wasFound = wasFound
        self.time = time
        self.template = template
    }

    /// What the source held after it was written; `unread`: nobody can tell.
    public var held: TemplateWriting.Held { template?.held ?? .value(value) }
}

/// A fact that is not at its source as revmeta wrote it.
public struct Drift: Sendable, Equatable {
    public enum Found: Sendable, Equatable {
        /// Something else; nil: nothing.
        case changed(String?)
        /// The entity does not exist any more.
        case gone
        case unknown(reason: String)
    }

    public var fact: ManagedFact
    public var found: Found

    public init(fact: ManagedFact, found: Found) {
        self.fact = fact
        self.found = found
    }
}

/// What a look for drift came to.
public struct DriftReport: Sendable, Equatable {
    public var compared = 0
    public var changed = 0
    public var gone = 0
    public var unknown = 0
    /// Facts that a template wrote where the source cannot tell them: nothing is compared with them.
    public var unreadable = 0
    /// Services that could not be used, and why.
    public var failures: [String: Failure] = [:]

    public init() {}

    /// The exit status: 0 all is as it was written, 1 something is not or is not known, 3 no service could be used.
    public var exitCode: Int32 {
        if !failures.isEmpty, compared == 0 { return 3 }
        return failures.isEmpty && changed + gone + unknown == 0 ? 0 : 1
    }
}
