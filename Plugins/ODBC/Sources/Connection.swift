import CODBC
internal import RevmetaThreads

/// One connection to a source, through the driver manager.
///
/// Used by one thread at a time; ``cancel()`` alone may come from another. With what it is made of, the only holder of ODBC's
/// handles.
public final class Connection: @unchecked Sendable {  // its user keeps to one thread, the monitor guards the rest
    private let handle: SQLHDBC
    let form: TextForm
    private var isOpen = true
    private let monitor = Monitor()
    /// The statement under way, for whoever wants it to end.
    private var running: SQLHSTMT?

    /// Connects, and waits for as long as the driver does.
    ///
    /// - Parameter loginTimeout: In seconds. Drivers are free to pay no attention.
    public init(_ string: ConnectionString, loginTimeout: Int? = nil) throws(ODBCError) {
        let environment = try Environment.shared.get()
        var allocated: SQLHANDLE?
        guard succeeded(SQLAllocHandle(SQLSMALLINT(SQL_HANDLE_DBC), environment.handle, &allocated)),
            let handle = allocated
        else { throw ODBCError(SQL_HANDLE_ENV, environment.handle, .utf8) }
        self.handle = handle
        let text = string.text
        guard !text.utf8.contains(0) else {
            SQLFreeHandle(SQLSMALLINT(SQL_HANDLE_DBC), handle)
            isOpen = false
            form = .utf8
            throw ODBCError(records: [
                Diagnostic(sqlState: "HY024", message: "a setting of the connection holds the character U+0000"),
            ])
        }
        let form = TextForm.of(string)
        self.form = form
        if let loginTimeout {
            // What cannot be asked of a driver is no reason not to connect.
            _ = SQLSetConnectAttr(handle, SQL_ATTR_LOGIN_TIMEOUT, SQLPOINTER(bitPattern: loginTimeout), 0)
        }
        let answer = form.lend(
            text,
            wide: {
                SQLDriverConnectW(
                    handle, nil, $0, SQLSMALLINT(SQL_NTS), nil, 0, nil, SQLUSMALLINT(SQL_DRIVER_NOPROMPT))
            },
            narrow: {
                SQLDriverConnect(
                    handle, nil, $0, SQLSMALLINT(SQL_NTS), nil, 0, nil, SQLUSMALLINT(SQL_DRIVER_NOPROMPT))
            })
        guard succeeded(answer) else {
            let error = ODBCError(SQL_HANDLE_DBC, handle, form).ofConnecting
            SQLFreeHandle(SQLSMALLINT(SQL_HANDLE_DBC), handle)
            isOpen = false
            throw error
        }
    }

    deinit {
        close()
    }

    /// Ends the connection; the source then rolls back what was not committed.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        SQLDisconnect(handle)
        SQLFreeHandle(SQLSMALLINT(SQL_HANDLE_DBC), handle)
    }

    /// Makes the statement under way end soon, with an error. Does nothing if none is. From any thread.
    public func cancel() {
        // The statement cannot be freed while the monitor is held.
        monitor.locked { if let running { SQLCancel(running) } }
    }
}

extension Connection {
    /// Runs a statement for its effect.
    public func run(_ statement: String) throws(ODBCError) {
        _ = try results(of: statement)
    }

    /// Runs a statement, and gives the rows of its first result that has columns.
    public func rows(_ statement: String) throws(ODBCError) -> Rows {
        try results(of: statement).lazy.compactMap(\.self).first ?? Rows(columns: [])
    }

    /// Runs SQL of one statement or several, and gives each result in order; nil for one without columns.
    public func results(of sql: String) throws(ODBCError) -> [Rows?] {
        let batch = try batch(sql)
        if let error = batch.error { throw error }
        return batch.results
    }

    /// How a text of several statements ended.
    public struct Batch: Sendable, Equatable {
        /// The results that came before the error, or all; nil for one without columns.
        public var results: [Rows?]
        /// Nil: all went well.
        public var error: ODBCError?
    }

    /// Sends SQL of several statements in one piece, where the driver can, and tells how far it came.
    ///
    /// Drivers differ: some tell the first error at once and keep the results before it to themselves, some run the first
    /// statement only and say nothing. Who needs to know what was kept asks for it inside one transaction.
    public func batch(_ sql: String) throws(ODBCError) -> Batch {
        guard isOpen else {
            throw ODBCError(records: [Diagnostic(sqlState: "08003", message: "the connection is closed")])
        }
        guard !sql.utf8.contains(0) else {
            throw ODBCError(records: [
                Diagnostic(sqlState: "HY090", message: "a statement holds the character U+0000"),
            ])
        }
        var allocated: SQLHANDLE?
        guard succeeded(SQLAllocHandle(SQLSMALLINT(SQL_HANDLE_STMT), handle, &allocated)), let statement = allocated
        else { throw ODBCError(SQL_HANDLE_DBC, handle, form) }
        monitor.locked { running = statement }
        defer {
            monitor.locked { running = nil }
            SQLFreeHandle(SQLSMALLINT(SQL_HANDLE_STMT), statement)
        }
        return results(of: sql, statement)
    }

    private func results(of sql: String, _ statement: SQLHSTMT) -> Batch {
        var batch = Batch(results: [])
        var answer = form.lend(
            sql, wide: { SQLExecDirectW(statement, $0, SQL_NTS) }, narrow: { SQLExecDirect(statement, $0, SQL_NTS) })
        // Without data ends well what changed no row, and the list of results.
        while answer != SQL_NO_DATA || batch.results.isEmpty {
            guard succeeded(answer) || answer == SQL_NO_DATA else {
                batch.error = ODBCError(SQL_HANDLE_STMT, statement, form)
                return batch
            }
            do throws(ODBCError) {
                batch.results.append(try Cursor(statement, form).rows())
            } catch {
                batch.error = error
                return batch
            }
            answer = SQLMoreResults(statement)
        }
        return batch
    }
}

extension Connection {
    /// Whether each statement is kept by itself, which is how connections begin.
    public func setAutocommit(_ isOn: Bool) throws(ODBCError) {
        let value = SQLPOINTER(bitPattern: UInt(isOn ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF))
        guard succeeded(SQLSetConnectAttr(handle, SQL_ATTR_AUTOCOMMIT, value, SQLINTEGER(SQL_IS_UINTEGER))) else {
            throw ODBCError(SQL_HANDLE_DBC, handle, form)
        }
    }

    /// Ends the transaction; without autocommit the next statement begins another.
    public func commit() throws(ODBCError) {
        try end(SQL_COMMIT)
    }

    public func rollback() throws(ODBCError) {
        try end(SQL_ROLLBACK)
    }

    private func end(_ how: Int32) throws(ODBCError) {
        guard succeeded(SQLEndTran(SQLSMALLINT(SQL_HANDLE_DBC), handle, SQLSMALLINT(how))) else {
            throw ODBCError(SQL_HANDLE_DBC, handle, form)
        }
    }
}

extension ODBCError {
    /// The manager tells a driver that it could not load as a warning. ODBC has a state for it.
    fileprivate var ofConnecting: ODBCError {
        guard !records.isEmpty, records.allSatisfy({ $0.sqlState == "01000" }) else { return self }
        return ODBCError(records: records.map {
            Diagnostic(sqlState: "IM003", vendorCode: $0.vendorCode, message: $0.message)
        })
    }
}
