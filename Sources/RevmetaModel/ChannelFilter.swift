/// The plain filter of a channel: which services, databases, schemas and tables, and which kinds of entity.
///
/// An empty list selects everything at its level. A database or schema is selected only if the filter names nothing
/// deeper than it: a filter on tables is not a wish to comment on their schema.
public struct ChannelFilter: Sendable, Equatable {
    /// One pattern list for each level a filter can name.
    public struct Patterns: Sendable, Equatable {
        public var services: [NamePattern]
        public var databases: [NamePattern]
        public var schemas: [NamePattern]
        /// Tables and stored procedures.
        public var tables: [NamePattern]

        public init(
            services: [NamePattern] = [], databases: [NamePattern] = [], schemas: [NamePattern] = [],
            tables: [NamePattern] = []
        ) {
            self.services = services
            self.databases = databases
            self.schemas = schemas
            self.tables = tables
        }
    }

    public var include: Patterns
    public var exclude: Patterns
    /// Empty: all kinds.
    public var kinds: Set<EntityKind>
    /// OpenMetadata's table types, compared without case. Not empty: only tables of these types, and their columns.
    public var tableTypes: Set<String>
    /// What else an entity must be; a column: its table.
    public var condition: Condition
    /// A column has its own tags for the condition, not those of its table and its table's other columns.
    public var columnsMatchOwnTags = false
    /// Only these, as somebody named each of them; nil: all.
    public var entities: Set<Entity>?

    public init(
        include: Patterns = Patterns(), exclude: Patterns = Patterns(), kinds: Set<EntityKind> = [],
        tableTypes: Set<String> = [], condition: Condition = .always
    ) {
        self.include = include
        self.exclude = exclude
        self.kinds = kinds
        self.tableTypes = Set(tableTypes.map { $0.lowercased() })
        self.condition = condition
    }
}
