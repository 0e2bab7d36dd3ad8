import CODBC

/// Fetches the rows of a statement's current result.
struct Cursor {
    private let statement: SQLHSTMT
    private let form: TextForm
    /// Of the place for one piece of a value. Longer ones come in pieces.
    private static let pieceUnits = 4096
    /// Of a column's name.
    private static let nameUnits = 1024

    init(_ statement: SQLHSTMT, _ form: TextForm) {
        self.statement = statement
        self.form = form
    }

    /// All rows; nil: the result has no columns.
    func rows() throws(ODBCError) -> Rows? {
        var count = SQLSMALLINT(0)
        try check(SQLNumResultCols(statement, &count))
        guard count > 0 else { return nil }
        var names: [String] = []
        for number in 1...count { names.append(try name(SQLUSMALLINT(number))) }
        var rows = Rows(columns: names)
        while true {
            let answer = SQLFetch(statement)
            if answer == SQL_NO_DATA { return rows }
            try check(answer)
            var values: [String?] = []
            values.reserveCapacity(names.count)
            for number in 1...count { values.append(try value(SQLUSMALLINT(number))) }
            rows.values.append(values)
        }
    }

    private func check(_ answer: SQLRETURN) throws(ODBCError) {
        guard succeeded(answer) else { throw ODBCError(SQL_HANDLE_STMT, statement, form) }
    }

    private func name(_ column: SQLUSMALLINT) throws(ODBCError) -> String {
        let capacity = SQLSMALLINT(Self.nameUnits)
        switch form {
        case .wide:
            var buffer = [SQLWCHAR](repeating: 0, count: Self.nameUnits)
            try check(SQLDescribeColW(statement, column, &buffer, capacity, nil, nil, nil, nil, nil))
            return String(decoding: buffer.prefix { $0 != 0 }, as: UTF16.self)
        case .utf8:
            var buffer = [SQLCHAR](repeating: 0, count: Self.nameUnits)
            try check(SQLDescribeCol(statement, column, &buffer, capacity, nil, nil, nil, nil, nil))
            return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private func value(_ column: SQLUSMALLINT) throws(ODBCError) -> String? {
        switch form {
        case .wide:
            try units(of: column, SQL_C_WCHAR, SQLWCHAR(0)).map { String(decoding: $0, as: UTF16.self) }
        case .utf8:
            try units(of: column, SQL_C_CHAR, SQLCHAR(0)).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// A value's units, all pieces of it joined before they are read as text: a character may lie across two.
    private func units<Unit: FixedWidthInteger>(
        of column: SQLUSMALLINT, _ type: Int32, _ zero: Unit
    ) throws(ODBCError) -> [Unit]? {
        let size = MemoryLayout<Unit>.size
        var buffer = [Unit](repeating: zero, count: Self.pieceUnits), value: [Unit] = []
        while true {
            var length = SQLLEN(0)
            let answer = SQLGetData(statement, column, SQLSMALLINT(type), &buffer, buffer.count * size, &length)
            // What was left was nothing.
            if answer == SQL_NO_DATA { return value }
            try check(answer)
            if length == SQLLEN(SQL_NULL_DATA) { return nil }
            let isWhole = length != SQLLEN(SQL_NO_TOTAL) && Int(length) <= (buffer.count - 1) * size
            guard !isWhole else { return value + buffer.prefix(Int(length) / size) }
            // A driver may leave a piece shorter than its place, so as not to part a character.
            var piece = buffer.dropLast()
            while piece.last == 0 { piece.removeLast() }
            value += piece
            if answer == SQL_SUCCESS { return value }
            for index in buffer.indices { buffer[index] = 0 }
        }
    }
}
