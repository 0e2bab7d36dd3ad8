/// A fact to set, or to clear, at a source, with the value it replaces.
public struct Change: Sendable, Equatable {
    /// The entity's kind at the source.
    public var kind: SourceKind
    public var path: EntityPath
    public var attribute: Attribute
    /// What the source held when it was read; nil: nothing.
    public var before: String?
    /// Nil: clear.
    public var value: String?
    /// The name of the channel that wants it; told where a source may want to know. Nil: it is of no matter.
    public var channel: String?

    public init(
        kind: SourceKind, path: EntityPath, attribute: Attribute, before: String?, value: String?, channel: String? = nil
    ) {
        self.kind = kind
        self.path = path
        self.attribute = attribute
        self.before = before
        self.value = value
        self.channel = channel
    }
}

/// What a connector runs for one or more changes. It succeeds or fails for all of them.
public struct Statement: Sendable, Equatable {
    /// Exactly what is sent, without its envelope (transaction, savepoint) and without a closing semicolon.
    public var text: String
    /// Indexes into the changes it was planned from, at least one.
    public var changes: ChangeIndexes
    /// What must still hold right before it runs, besides the changes' values before, in the connector's own words.
    public var guardText: String?
    /// Of a template's: the statements that the text consists of, each without its end, which run as one unit. Empty: the
    /// connector planned it, as one statement.
    public var parts: [String]

    public init(text: String, changes: ChangeIndexes, guardText: String? = nil, parts: [String] = []) {
        self.text = text
        self.changes = changes
        self.guardText = guardText
        self.parts = parts
    }
}

/// What a source says about one asked entity and one asked attribute.
public struct Fact: Sendable, Equatable {
    /// Index into the entities asked for.
    public var entity: Int
    /// Index into the attributes asked for.
    public var attribute: Int
    public var kind: SourceKind
    public var value: Value

    public enum Value: Sendable, Equatable {
        case known(String?)
        /// The source could not tell, and why: two functions share the name, the role may not look.
        case unknown(reason: String)
    }

    public init(entity: Int, attribute: Int, kind: SourceKind, value: Value) {
        self.entity = entity
        self.attribute = attribute
        self.kind = kind
        self.value = value
    }
}
