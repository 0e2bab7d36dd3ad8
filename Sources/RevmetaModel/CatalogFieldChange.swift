/// A field of an entity, or of one of its columns, before and after a change, as the catalog writes both.
///
/// Its name is kept as it came: what it stands for can only be told beside the entity's columns.
public struct CatalogFieldChange: Sendable, Equatable, Codable {
    /// `description`, `tags`, `columns."a.b".description`.
    public var name: String
    /// A text, or a list as JSON; nil: nothing was there, or nothing was taken away.
    public var before: String?
    /// Of a list: what was added, or the whole list; nil: nothing. Of a text it is not kept.
    public var after: String?

    public init(name: String, before: String?, after: String? = nil) {
        self.name = name
        self.before = before
        self.after = after
    }
}

extension CatalogFieldChange {
    /// Whether it is a description.
    public var isOfText: Bool { name == "description" || isOfColumn && name.hasSuffix(".description") }

    /// Whether it is a list of owners or tags.
    public var isOfList: Bool {
        name == "owners" || name == "owner" || name == "tags" || isOfColumn && name.hasSuffix(".tags")
    }

    private var isOfColumn: Bool { name.hasPrefix("columns.") }
}

/// What several events changed of an entity, put together.
public struct CoalescedChanges: Sendable {
    /// In their order. Of a text only the first is there: what it was before that is what may have been written last.
    public private(set) var all: [CatalogFieldChange] = []
    private var texts: Set<String> = []

    public init() {}

    /// Takes up what a later event changed.
    public mutating func append(_ changes: [CatalogFieldChange]) {
        all += changes.filter { !$0.isOfText || texts.insert($0.name).inserted }
    }
}
