internal import GRDB
internal import GRDBSQLite

/// Inserts rows with one prepared statement, its values handed to SQLite as they are.
///
/// Why not `Statement.execute(arguments:)`: boxing each value of each row took more time than SQLite itself, and a plan has
/// two rows for each change.
struct RowInserter {
    private let statement: OpaquePointer
    private var column: CInt = 0

    /// - Parameter sql: An INSERT with a `?` for each value.
    init(_ db: Database, sql: String) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
    }

    /// Gives the next value of the row.
    mutating func bind(_ text: String?) {
        column += 1
        guard var text else {
            sqlite3_bind_null(statement, column)
            return
        }
        text.withUTF8 { bytes in
            // SQLite copies the text before this returns. A text without a byte still needs a pointer, or it would be NULL.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            let start = UnsafeRawPointer(bytes.baseAddress ?? Self.nothing).assumingMemoryBound(to: CChar.self)
            _ = sqlite3_bind_text64(statement, column, start, UInt64(bytes.count), copies, UInt8(SQLITE_UTF8))
        }
    }

    /// Gives the next value of the row.
    mutating func bind(_ number: Int64?) {
        column += 1
        if let number { sqlite3_bind_int64(statement, column, number) } else { sqlite3_bind_null(statement, column) }
    }

    /// Inserts the row, once each of its values is given.
    mutating func insert() throws {
        precondition(column == sqlite3_bind_parameter_count(statement), "a row must have all of its values")
        column = 0
        defer { sqlite3_reset(statement) }
        guard sqlite3_step(statement) != SQLITE_DONE else { return }
        let connection = sqlite3_db_handle(statement)
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) })
    }

    nonisolated(unsafe) private static let nothing: UnsafePointer<UInt8> = {  // never written to, never freed
        let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}
