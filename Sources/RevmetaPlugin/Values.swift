/// Something the catalog describes: its kind (`database`, `schema`, `table`, `column`, `procedure`) and its path.
public struct Entity: Sendable, Equatable {
    public var kind: String
    /// Names, outermost first, exactly as the source stores them: never quoted, never case-folded.
    public var path: [String]

    public init(kind: String, path: [String]) {
        self.kind = kind
        self.path = path
    }
}

/// A fact to set, or to clear.
public struct Change: Sendable, Equatable {
    /// The entity's kind at the source, as ``Connector/read(_:attributes:into:_:)`` emitted it.
    public var kind: String
    public var path: [String]
    /// `description`, `owner`, or `tag.NAME`.
    public var attribute: String
    /// What the source held when it was read; nil: nothing.
    public var before: String?
    /// Nil: clear.
    public var value: String?
    /// The name of the channel that wants it, for query tags; nil: it has none.
    public var channel: String?

    public init(
        kind: String, path: [String], attribute: String, before: String?, value: String?, channel: String? = nil
    ) {
        self.kind = kind
        self.path = path
        self.attribute = attribute
        self.before = before
        self.value = value
        self.channel = channel
    }
}

/// What carries one or more changes to the source. It succeeds or fails for all of them.
public struct Statement: Sendable, Equatable {
    /// Exactly what is sent, without its envelope and without what ends it.
    public var text: String
    /// Indexes of the changes it carries, at least one.
    public var changes: [Int]
    /// What else must still hold right before it runs, in the connector's own words; nil: only the values before.
    public var guardText: String?
    /// Set: it comes from a template, and these are the statements that the text consists of, in order and each without its
    /// end. They run as one unit: all or, where the source allows it, none. Empty: this connector planned it.
    public var parts: [String]

    public init(text: String, changes: [Int], guardText: String? = nil, parts: [String] = []) {
        self.text = text
        self.changes = changes
        self.guardText = guardText
        self.parts = parts
    }
}

/// What a session can do with one attribute of one kind.
public struct Ability: Sendable, Equatable {
    /// How far the attribute is supported.
    public enum Support: Int32, Sendable {
        case unknown = 0
        /// The source has no such notion.
        case unsupported = 1
        /// The source has it, this connector does not yet.
        case notImplemented = 2
        /// The source has it from a newer release on.
        case versioned = 3
        case full = 4
    }

    /// Which texts the source can hold.
    public enum Text: Int32, Sendable {
        case any = 0
        case noNUL = 1
        /// U+0001 to U+FFFF: anything beyond would be mangled without a word.
        case basicMultilingualPlane = 2
    }

    /// What a length limit counts.
    public enum LengthUnit: Int32, Sendable {
        case bytes = 0
        /// Unicode scalars.
        case characters = 1
    }

    public var kind: String
    /// `description`, `owner`, or `tag.` for every tag.
    public var attribute: String
    public var support: Support
    public var canClear: Bool
    /// The source keeps an empty text and nothing as one value.
    public var emptyIsNull: Bool
    public var text: Text
    /// Nil: no limit.
    public var maxLength: Int?
    public var unit: LengthUnit
    /// Where support is not full: why, and what to do about it.
    public var note: String?

    public init(
        kind: String, attribute: String, support: Support = .full, canClear: Bool = false, emptyIsNull: Bool = false,
        text: Text = .any, maxLength: Int? = nil, unit: LengthUnit = .bytes, note: String? = nil
    ) {
        self.kind = kind
        self.attribute = attribute
        self.support = support
        self.canClear = canClear
        self.emptyIsNull = emptyIsNull
        self.text = text
        self.maxLength = maxLength
        self.unit = unit
        self.note = note
    }
}
