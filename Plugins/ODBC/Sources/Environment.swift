import CODBC

/// The process's one handle of the driver manager.
///
/// One for all connections: drivers keep what they share by environment, and the manager loads each of them once for it.
struct Environment: @unchecked Sendable {  // set once; the manager guards what is behind it
    let handle: SQLHENV

    static let shared: Result<Environment, ODBCError> = {
        var allocated: SQLHANDLE?
        guard succeeded(SQLAllocHandle(SQLSMALLINT(SQL_HANDLE_ENV), nil, &allocated)), let handle = allocated else {
            return .failure(ODBCError(records: [
                Diagnostic(sqlState: "HY001", message: "the driver manager is out of memory"),
            ]))
        }
        let version = SQLPOINTER(bitPattern: UInt(SQL_OV_ODBC3))
        guard succeeded(SQLSetEnvAttr(handle, SQL_ATTR_ODBC_VERSION, version, 0)) else {
            return .failure(ODBCError(SQL_HANDLE_ENV, handle, .utf8))
        }
        return .success(Environment(handle: handle))
    }()
}

func succeeded(_ answer: SQLRETURN) -> Bool {
    answer == SQL_SUCCESS || answer == SQL_SUCCESS_WITH_INFO
}
