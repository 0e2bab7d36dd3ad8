internal import GRDB
internal import GRDBSQLite

/// Inserts rows with one prepared statement, a row's values handed to SQLite together.
///
/// Why not `Statement.execute(arguments:)`: boxing each value of each row took more time than SQLite itself, and a plan has
/// two rows for each change. Nor does SQLite copy each text, which took a quarter of the time.
struct RowInserter {
    private enum Value {
        case null
        case number(Int64)
        /// Where it lies in the row's bytes.
        case text(Range<Int>)
    }

    private let statement: OpaquePointer
    private var values: [Value] = []
    /// The row's texts, one after the other. A text without a byte has an address too, or it would be NULL.
    private var bytes: [UInt8] = [0]

    /// - Parameter sql: An INSERT with a `?` for each value.
    init(_ db: Database, sql: String) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
        values.reserveCapacity(Int(sqlite3_bind_parameter_count(statement)))
    }

    /// Gives the next value of the row.
    mutating func bind(_ text: String?) {
        guard let text else { return values.append(.null) }
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        values.append(.text(start..<bytes.count))
    }

    /// Gives the next value of the row.
    mutating func bind(_ number: Int64?) {
        values.append(number.map { .number($0) } ?? .null)
    }

    /// Inserts the row, once each of its values is given.
    mutating func insert() throws {
        precondition(values.count == sqlite3_bind_parameter_count(statement), "a row must have all of its values")
        defer {
            values.removeAll(keepingCapacity: true)
            bytes.removeSubrange(1...)
        }
        let failure: DatabaseError? = bytes.withUnsafeBytes { row in
            for (index, value) in values.enumerated() {
                let column = CInt(index + 1)
                switch value {
                case .null: sqlite3_bind_null(statement, column)
                case .number(let number): sqlite3_bind_int64(statement, column, number)
                case .text(let range):
                    let start = (row.baseAddress! + range.lowerBound).assumingMemoryBound(to: CChar.self)
                    // Nil: not copied, since it stays where it is until the row is in.
                    _ = sqlite3_bind_text64(statement, column, start, UInt64(range.count), nil, UInt8(SQLITE_UTF8))
                }
            }
            defer {
                sqlite3_reset(statement)
                sqlite3_clear_bindings(statement)
            }
            guard sqlite3_step(statement) != SQLITE_DONE else { return nil }
            let connection = sqlite3_db_handle(statement)
            return DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: sqlite3_errmsg(connection).map { String(cString: $0) })
        }
        if let failure { throw failure }
    }
}
