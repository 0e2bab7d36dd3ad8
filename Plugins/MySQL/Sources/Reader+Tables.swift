import RevmetaPlugin

/// Tables and columns to be looked up: one query for all tables, one for all columns.
struct TablesPart {
    private struct Asked {
        var entities: [Int] = []
        var columns: [ExactText: [Int]] = [:]
    }

    private var asked: [TableName: Asked] = [:]
    private var order: [TableName] = []

    mutating func ask(_ entity: Int, _ schema: String, _ table: String, column: String? = nil) {
        let name = TableName(schema, table)
        if asked[name] == nil { order.append(name) }
        if let column {
            asked[name, default: Asked()].columns[ExactText(column), default: []].append(entity)
        } else {
            asked[name, default: Asked()].entities.append(entity)
        }
    }

    func read(_ connection: Connection, into readings: inout [Reading], _ call: Call) throws(Failure) {
        guard !order.isEmpty else { return }
        let kinds = try readTables(connection, into: &readings, call)
        let withColumns = order.filter { kinds[$0] != nil && asked[$0]?.columns.isEmpty == false }
        guard !withColumns.isEmpty else { return }
        let (unseen, hidden) = try readColumns(of: withColumns, kinds, connection, into: &readings, call)
        for name in withColumns where unseen.contains(name) {
            guard let kind = kinds[name]?.columns, let columns = asked[name]?.columns else { continue }
            if kind == .column || kind == .versionedColumn {
                try readDefinition(of: name, kind, connection, into: &readings, call)
            } else if kind == .viewColumn, hidden.contains(name) {
                // A view's definition is for those who may SHOW VIEW, and names its columns in ways that only the server reads.
                for entity in columns.values.joined() {
                    readings[entity] = .unknown(kind, because: Self.hiddenView)
                }
            }
        }
    }

    /// The same for each column, so that it is told once.
    private static let hiddenView = "the server shows a view's columns only to who may SELECT them, so that it is not known "
        + "whether the view has this one; neither MySQL nor MariaDB would keep a comment of it"

    /// Gives the kinds of those that exist.
    private func readTables(
        _ connection: Connection, into readings: inout [Reading], _ call: Call
    ) throws(Failure) -> [TableName: ObjectKind] {
        var sql = SQL(.mysql)
        sql.raw("SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COMMENT FROM information_schema.TABLES")
        Self.condition(order, in: &sql)
        let rows = try connection.rows(sql.text, of: "reading the tables", call)
        var kinds: [TableName: ObjectKind] = [:]
        while rows.next() {
            let name = TableName(rows.text(0) ?? "", rows.text(1) ?? "")
            guard let asked = asked[name] else { continue }
            let kind = ObjectKind(tableType: rows.text(2) ?? ""), comment = rows.text(4)
            kinds[name] = kind
            for entity in asked.entities {
                switch kind {
                case .view: readings[entity] = .found(kind, description: nil)
                // The server puts the reason where the comment would stand.
                case _ where rows.text(3) == nil:
                    readings[entity] = .unknown(kind,
                        because: "the server cannot open it: \(comment ?? "no reason told")")
                default: readings[entity] = .found(kind, description: comment?.ifNotEmpty)
                }
            }
        }
        return kinds
    }

    /// Gives the tables of which some asked column is not to be seen, and those of which none at all is.
    private func readColumns(
        of names: [TableName], _ kinds: [TableName: ObjectKind], _ connection: Connection,
        into readings: inout [Reading],
        _ call: Call
    ) throws(Failure) -> (unseen: Set<TableName>, hidden: Set<TableName>) {
        var sql = SQL(.mysql)
        sql.raw("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_COMMENT FROM information_schema.COLUMNS")
        Self.condition(names, in: &sql)
        let rows = try connection.rows(sql.text, of: "reading the columns", call)
        var seen: [TableName: Int] = [:], hidden = Set(names)
        while rows.next() {
            let name = TableName(rows.text(0) ?? "", rows.text(1) ?? "")
            hidden.remove(name)
            guard let kind = kinds[name]?.columns, let entities = asked[name]?.columns[ExactText(rows.text(2) ?? "")]
            else { continue }
            seen[name, default: 0] += 1
            // A view's columns show the comments of those that they are made of.
            let comment = kind == .viewColumn ? nil : rows.text(3)?.ifNotEmpty
            for entity in entities { readings[entity] = .found(kind, description: comment) }
        }
        return (Set(names.filter { seen[$0, default: 0] < asked[$0]?.columns.count ?? 0 }), hidden)
    }

    /// The server shows columns only to who may do something with their values; a table's definition also to others.
    private func readDefinition(
        of name: TableName, _ kind: ObjectKind, _ connection: Connection, into readings: inout [Reading], _ call: Call
    ) throws(Failure) {
        guard let columns = asked[name]?.columns else { return }
        do throws(Failure) {
            let definition = try connection.definition(of: name, call)
            for column in definition.columns {
                for entity in columns[ExactText(column.name)] ?? [] {
                    readings[entity] = .found(kind, description: column.comment.text.ifNotEmpty)
                }
            }
        } catch {
            guard error.status == .denied || error.status == .failed else { throw error }
            for entity in columns.values.joined() { readings[entity] = .unknown(kind, because: error.message) }
        }
    }

    /// A condition on the names alone, which the server decides before it opens a table.
    private static func condition(_ names: [TableName], in sql: inout SQL) {
        sql.raw(" WHERE TABLE_SCHEMA IN (")
        sql.literals(Set(names.map(\.schema)).map(\.text))
        sql.raw(") AND TABLE_NAME IN (")
        sql.literals(names.map(\.table.text))
        sql.raw(")")
    }
}

extension Connection {
    /// What the server says a table is made of; throws `notFound` if there is none.
    func definition(of table: TableName, _ call: Call, isDue: Bool = false) throws(Failure) -> Definition {
        let rows = try rows(
            "SHOW CREATE TABLE " + table.quoted, of: "the definition of table \(table.shown)", call, isDue: isDue)
        guard rows.next(), let text = rows.bytes(1) else { throw Failure(.failed, "\(table.shown) has no definition") }
        do {
            return try Definition(table: text)
        } catch {
            throw Failure(error.status, "table \(table.shown): \(error.message)")
        }
    }

    /// What the server says a database is made of.
    func definition(ofSchema schema: String, _ call: Call, isDue: Bool = false) throws(Failure) -> Definition {
        let rows = try rows(
            "SHOW CREATE DATABASE " + ServerText.quoted(schema), of: "the definition of schema \(schema)", call,
            isDue: isDue)
        guard rows.next(), let text = rows.bytes(1)
        else { throw Failure(.failed, "schema \(schema) has no definition") }
        return try Definition(database: text)
    }
}

extension TableName {
    /// For messages: `shop.orders`.
    var shown: String { schema.text + "." + table.text }
}
