/// The kinds of object that the connector knows, by the words that read answers with.
///
/// What another server of the same wire protocol calls or numbers differently belongs here and in ``Flavour``.
enum ObjectKind: String, CaseIterable {
    case database
    case schema
    case table
    case partitionedTable = "partitioned table"
    case view
    case materializedView = "materialized view"
    case foreignTable = "foreign table"
    case column
    case function
    case procedure
    case aggregate

    /// Where an entity of a kind is looked for.
    enum Level {
        case database
        case schema
        case relation
        case column
        case routine

        /// How many names lead to it.
        var depth: Int {
            switch self {
            case .database: 1
            case .schema: 2
            case .relation, .routine: 3
            case .column: 4
            }
        }
    }

    var level: Level {
        switch self {
        case .database: .database
        case .schema: .schema
        case .table, .partitionedTable, .view, .materializedView, .foreignTable: .relation
        case .column: .column
        case .function, .procedure, .aggregate: .routine
        }
    }

    /// What stands after `COMMENT ON` and `ALTER`; the server refuses any other word for the kind.
    var keyword: StaticString {
        switch self {
        case .database: "DATABASE "
        case .schema: "SCHEMA "
        case .table, .partitionedTable: "TABLE "
        case .view: "VIEW "
        case .materializedView: "MATERIALIZED VIEW "
        case .foreignTable: "FOREIGN TABLE "
        case .column: "COLUMN "
        case .function: "FUNCTION "
        case .procedure: "PROCEDURE "
        case .aggregate: "AGGREGATE "
        }
    }

    /// A column belongs to its table's owner.
    var hasOwner: Bool { self != .column }

    /// From `pg_class.relkind`; nil: not a kind that a catalog lists as a table.
    init?(relkind: String?) {
        switch relkind {
        case "r": self = .table
        case "p": self = .partitionedTable
        case "v": self = .view
        case "m": self = .materializedView
        case "f": self = .foreignTable
        default: return nil
        }
    }

    /// From `pg_proc.prokind`. A window function is a function to every statement.
    init(prokind: String?) {
        switch prokind {
        case "p": self = .procedure
        case "a": self = .aggregate
        default: self = .function
        }
    }
}

extension ObjectKind {
    /// The object in words for people: `table public.orders`.
    func described(_ path: [String]) -> String {
        let names = self == .database ? path[...] : path.dropFirst()
        return rawValue + " " + names.joined(separator: ".")
    }
}
