import RevmetaPlugin

/// The kinds of object that the connector knows, by the words that read answers with.
enum ObjectKind: String, CaseIterable {
    /// What the catalog has above the server's databases, and the server does not.
    case database
    /// What the server calls a database.
    case schema
    case table
    case versionedTable = "system-versioned table"
    case view
    case sequence
    case column
    case versionedColumn = "column of a system-versioned table"
    case viewColumn = "column of a view"
    case sequenceColumn = "column of a sequence"
    case procedure
    case function

    /// Where an entity of a kind is looked for.
    enum Level: Int {
        case database = 1
        case schema
        case table
        case column
        case routine

        /// How many names lead to it.
        var depth: Int { self == .routine ? 3 : rawValue }
    }

    var level: Level {
        switch self {
        case .database: .database
        case .schema: .schema
        case .table, .versionedTable, .view, .sequence: .table
        case .column, .versionedColumn, .viewColumn, .sequenceColumn: .column
        case .procedure, .function: .routine
        }
    }

    /// The kind of this table's columns.
    var columns: ObjectKind {
        switch self {
        case .view: .viewColumn
        case .sequence: .sequenceColumn
        case .versionedTable: .versionedColumn
        default: .column
        }
    }

    /// From `information_schema.TABLES.TABLE_TYPE`.
    init(tableType: String) {
        switch tableType {
        case "VIEW", "SYSTEM VIEW": self = .view
        case "SEQUENCE": self = .sequence
        case "SYSTEM VERSIONED": self = .versionedTable
        default: self = .table
        }
    }

    /// The object in words for people: `table shop.orders`.
    func described(_ path: [String]) -> String {
        let names = self == .database ? path[...] : path.dropFirst()
        return rawValue + " " + names.joined(separator: ".")
    }
}

extension ObjectKind {
    /// What a session can do with the kind's description.
    func description(_ flavour: Flavour) -> Ability {
        func able(_ limit: Int, _ unit: Ability.LengthUnit = .characters) -> Ability {
            Ability(
                kind: rawValue, attribute: "description", canClear: true, emptyIsNull: true,
                text: .basicMultilingualPlane,
                maxLength: limit, unit: unit)
        }
        func unable(_ support: Ability.Support, _ note: String) -> Ability {
            Ability(kind: rawValue, attribute: "description", support: support, note: note)
        }
        switch self {
        case .table, .versionedTable: return able(2048)
        case .column: return able(1024)
        // The server takes 1024 characters, but its manual and its buffers have room for bytes.
        case .schema where flavour.hasSchemaComments: return able(1024, .bytes)
        case .schema where flavour.isMariaDB:
            return unable(.versioned, "MariaDB keeps comments of databases from 10.5 on")
        case .schema: return unable(.unsupported, "MySQL keeps no comments of databases")
        case .database:
            return unable(
                .unsupported, "the catalog's name for a whole server is nothing that the server could describe")
        case .view, .viewColumn: return unable(.unsupported, "MySQL and MariaDB keep no comments of views")
        case .sequence, .sequenceColumn:
            return unable(.notImplemented, "this connector does not write comments of sequences")
        case .versionedColumn:
            return unable(
                .unsupported, "MariaDB changes no column of a table with system versioning (its own comment can be "
                    + "written)")
        case .procedure, .function:
            return unable(.notImplemented, "this connector does not write comments of routines")
        }
    }
}
