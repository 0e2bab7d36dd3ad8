/// What a session can do with one attribute of one kind of entity.
public struct Ability: Sendable, Equatable {
    /// How far the attribute is supported.
    public enum Support: Int32, Sendable {
        case unknown = 0
        /// The source has no such notion.
        case unsupported = 1
        /// The source has it, the connector does not yet.
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

    /// What ``maxLength`` counts.
    public enum LengthUnit: Int32, Sendable {
        case bytes = 0
        /// Unicode scalars.
        case characters = 1
    }

    public var kind: SourceKind
    public var attribute: Attribute
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
        kind: SourceKind, attribute: Attribute, support: Support, canClear: Bool = false, emptyIsNull: Bool = false,
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
