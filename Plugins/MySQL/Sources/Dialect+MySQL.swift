import RevmetaPlugin

extension Dialect {
    /// MySQL and MariaDB under ``SessionPins``, which every session and script pins.
    static let mysql: Dialect = {
        var dialect = Dialect(name: "mysql", identifierQuote: "`")
        dialect.identifierMaxBytes = 192  // 64 characters of at most three bytes
        dialect.hasBackslashEscapes = true
        dialect.hasDoubleQuotedLiterals = true
        dialect.hasHashComments = true
        dialect.scriptBegin = """
            SET NAMES utf8mb4;
            SET SESSION \(SessionPins.assignments(lockSeconds: 2));

            """
        return dialect
    }()
}

/// What the connector's statements depend on.
enum SessionPins {
    /// Strict, since the server would cut too long comments without a word. Not NO_ZERO_DATE nor the like: restating an
    /// old column's `DEFAULT '0000-00-00'` or `'2020-02-31'` must not fail.
    static let sqlMode = "STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION"

    /// The defaults of TIMESTAMP columns are spelled in the session's time zone.
    static func assignments(lockSeconds: Int) -> String {
        "sql_mode = '\(sqlMode)', time_zone = '+00:00', sql_quote_show_create = 1, lock_wait_timeout = \(lockSeconds), "
            + "innodb_lock_wait_timeout = \(lockSeconds)"
    }
}
