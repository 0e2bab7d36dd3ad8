/// The kinds of object that the connector knows, by the words that read answers with.
///
/// A column's kind tells what it is a column of, since statements must.
enum ObjectKind: String, CaseIterable, Sendable {
    case database
    case schema
    case table
    case transientTable = "transient table"
    case externalTable = "external table"
    case dynamicTable = "dynamic table"
    case icebergTable = "iceberg table"
    case eventTable = "event table"
    case view
    case materializedView = "materialized view"
    case stage
    case procedure
    case function
    case column
    case dynamicTableColumn = "dynamic table column"
    case icebergTableColumn = "iceberg table column"
    case eventTableColumn = "event table column"
    case viewColumn = "view column"
    case materializedViewColumn = "materialized view column"

    /// Where an entity of a kind is looked for.
    enum Level {
        case database
        case schema
        case relation
        case stage
        case routine
        case column

        /// How many names lead to it.
        var depth: Int {
            switch self {
            case .database: 1
            case .schema: 2
            case .relation, .stage, .routine: 3
            case .column: 4
            }
        }
    }

    var level: Level {
        switch self {
        case .database: .database
        case .schema: .schema
        case .table, .transientTable, .externalTable, .dynamicTable, .icebergTable, .eventTable, .view, .materializedView:
            .relation
        case .stage: .stage
        case .procedure, .function: .routine
        case .column, .dynamicTableColumn, .icebergTableColumn, .eventTableColumn, .viewColumn, .materializedViewColumn:
            .column
        }
    }

    /// The kind of this one's columns.
    var column: ObjectKind {
        switch self {
        case .dynamicTable: .dynamicTableColumn
        case .icebergTable: .icebergTableColumn
        case .eventTable: .eventTableColumn
        case .view: .viewColumn
        case .materializedView: .materializedViewColumn
        default: .column
        }
    }

    /// What stands after `COMMENT ON`; nil: the kind has a statement of its own.
    var commentWord: StaticString? {
        switch self {
        case .database: "DATABASE "
        case .schema: "SCHEMA "
        case .table, .transientTable, .externalTable, .eventTable: "TABLE "
        case .view: "VIEW "
        case .materializedView: "MATERIALIZED VIEW "
        case .stage: "STAGE "
        case .procedure: "PROCEDURE "
        case .function: "FUNCTION "
        default: nil
        }
    }

    /// What stands after `ALTER`, of the object or of a column's table. Not every kind has a statement of its own for tags:
    /// Snowflake sends external tables to ALTER TABLE, and materialized views to ALTER VIEW.
    var alterWord: StaticString {
        switch self {
        case .database: "DATABASE "
        case .schema: "SCHEMA "
        case .dynamicTable, .dynamicTableColumn: "DYNAMIC TABLE "
        case .icebergTable, .icebergTableColumn: "ICEBERG TABLE "
        case .view, .viewColumn, .materializedView, .materializedViewColumn: "VIEW "
        case .stage: "STAGE "
        case .procedure: "PROCEDURE "
        case .function: "FUNCTION "
        case .table, .transientTable, .externalTable, .eventTable, .column, .eventTableColumn: "TABLE "
        }
    }

    /// What stands after `GRANT OWNERSHIP ON`.
    var grantWord: StaticString {
        switch self {
        case .eventTable: "EVENT TABLE "
        case .externalTable: "EXTERNAL TABLE "
        default: alterWord
        }
    }

    /// Whether one statement comments on several of a table's columns.
    var hasJoinedColumnComments: Bool { level == .column && self != .eventTableColumn }

    /// A column belongs to its table's owner.
    var hasOwner: Bool { level != .column }

    var hasTags: Bool {
        switch level {
        case .database, .schema, .relation, .column: true
        case .stage, .routine: false
        }
    }

    /// The object in words for people: `table SHOP.PUBLIC.ORDERS`.
    func described(_ path: [String]) -> String {
        rawValue + " " + ExactName(path).shown
    }
}
