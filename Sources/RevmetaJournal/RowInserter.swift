internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import RevmetaModel

/// Inserts rows with one prepared statement, a row's values handed to SQLite together.
///
/// Why not `Statement.execute(arguments:)`: boxing each value of each row took more time than SQLite itself, and a plan has
/// two rows for each change. Nor does SQLite copy each text, which took a quarter of the time, and what the row before
/// had too, SQLite is not told again.
struct RowInserter: ~Copyable {
    private enum Value {
        /// As SQLite has it from the row before.
        case same
        case null
        case number(Int64)
        /// Where it lies in the row's bytes.
        case text(Range<Int>)
        /// The same, for SQLite to copy.
        case shared(Range<Int>)
    }

    /// What SQLite has for a value that the next row may have too.
    private enum Lasting {
        case null
        case shared(String)
        case nothing
    }

    private let statement: OpaquePointer
    private var values: [Value] = []
    private var lasting: [Lasting]
    /// The row's texts, one after the other. A text without a byte has an address too, or it would be NULL.
    private var bytes: [UInt8] = [0]

    /// - Parameter sql: An INSERT with a `?` for each value.
    init(_ db: Database, sql: String) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
        sqlite3_clear_bindings(statement)
        lasting = Array(repeating: .null, count: Int(sqlite3_bind_parameter_count(statement)))
        values.reserveCapacity(lasting.count)
    }

    deinit {
        sqlite3_clear_bindings(statement)
    }

    /// Gives the next value of the row.
    mutating func bind(_ text: String?) {
        _ = bind(text, leavingOut: nil)
    }

    /// Gives the next value of the row: a text, without what it ends with but for one byte, as a statement does with its value
    /// and a quote.
    ///
    /// - Returns: After how many characters that would stand; nil: the text is whole.
    mutating func bind(_ text: String?, leavingOut end: String?) -> Int64? {
        guard let text else {
            bindNull()
            return nil
        }
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        let place = end.flatMap { leaveOut($0, after: start) }
        bind(.text(start..<bytes.count))
        return place
    }

    /// What is shorter is not worth it.
    private static let shortestLeftOut = 16

    private mutating func leaveOut(_ end: String, after start: Int) -> Int64? {
        let count = end.utf8.count, place = bytes.count - 1 - count
        guard count >= Self.shortestLeftOut, place >= start else { return nil }
        // By the C library: there is a text for each change.
        let isThere = bytes.withUnsafeBytes { bytes in
            end.utf8.span.withUnsafeBytes { memcmp($0.baseAddress!, bytes.baseAddress! + place, count) == 0 }
        }
        guard isThere else { return nil }
        var characters: Int64 = 0
        for index in start..<place where bytes[index] & 0xC0 != 0x80 { characters += 1 }
        bytes.removeSubrange(place..<place + count)
        return characters
    }

    /// Gives the next value of the row: a text that many rows in succession have.
    mutating func bind(shared text: String) {
        if case .shared(let last) = lasting[values.count], last.isExactly(text) { return values.append(.same) }
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        bind(.shared(start..<bytes.count), .shared(text))
    }

    /// Gives the next value of the row: a path's text, whose bytes are hashed too.
    mutating func bind(_ path: EntityPath, into hasher: inout Hasher) {
        let start = bytes.count
        path.appendDescription(to: &bytes)
        bytes.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[start...])) }
        bind(.text(start..<bytes.count))
    }

    /// Gives the next value of the row.
    mutating func bind(_ number: Int64?) {
        guard let number else { return bindNull() }
        bind(.number(number))
    }

    private mutating func bindNull() {
        if case .null = lasting[values.count] { return values.append(.same) }
        bind(.null, .null)
    }

    private mutating func bind(_ value: Value, _ lasts: Lasting = .nothing) {
        lasting[values.count] = lasts
        values.append(value)
    }

    /// Inserts the row, once each of its values is given.
    mutating func insert() throws {
        precondition(values.count == lasting.count, "a row must have all of its values")
        defer {
            values.removeAll(keepingCapacity: true)
            bytes.removeSubrange(1...)
        }
        let failure: DatabaseError? = bytes.withUnsafeBytes { row in
            for index in values.indices {
                let column = CInt(index + 1)
                switch values[index] {
                case .same: break
                case .null: sqlite3_bind_null(statement, column)
                case .number(let number): sqlite3_bind_int64(statement, column, number)
                // Not copied, since it stays where it is until the row is in.
                case .text(let range): Self.bind(statement, column, row, range, nil)
                case .shared(let range): Self.bind(statement, column, row, range, Self.copied)
                }
            }
            defer { sqlite3_reset(statement) }
            guard sqlite3_step(statement) != SQLITE_DONE else { return nil }
            let connection = sqlite3_db_handle(statement)
            return DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: sqlite3_errmsg(connection).map { String(cString: $0) })
        }
        if let failure { throw failure }
    }

    /// SQLite's sign for a text that it is to copy.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private static func bind(
        _ statement: OpaquePointer, _ column: CInt, _ row: UnsafeRawBufferPointer, _ range: Range<Int>,
        _ destructor: sqlite3_destructor_type?
    ) {
        let start = (row.baseAddress! + range.lowerBound).assumingMemoryBound(to: CChar.self)
        _ = sqlite3_bind_text64(statement, column, start, UInt64(range.count), destructor, UInt8(SQLITE_UTF8))
    }
}
