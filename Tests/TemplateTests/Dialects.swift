import RevmetaPlugin

/// The dialects of the sources that Collate prints templates for, and two variants, as data.
enum Dialects {
    static let all = [
        postgres, mysql, mysqlWithoutEscapes, snowflake, bigquery, databricks, sqlServer, oracle, redshift, trino,
        clickhouse, athena,
    ]

    static let postgres: Dialect = {
        var dialect = Dialect(name: "postgresql")
        dialect.identifierMaxBytes = 63
        dialect.hasDollarQuotes = true
        dialect.hasNestedComments = true
        dialect.hasEscapeLiterals = true
        return dialect
    }()

    static let mysql: Dialect = {
        var dialect = mysqlWithoutEscapes
        dialect.name = "mysql"
        dialect.hasBackslashEscapes = true
        return dialect
    }()

    /// With NO_BACKSLASH_ESCAPES in its sql_mode.
    static let mysqlWithoutEscapes: Dialect = {
        var dialect = Dialect(name: "mysql-no-backslash-escapes", identifierQuote: "`")
        dialect.hasDoubleQuotedLiterals = true
        dialect.hasHashComments = true
        return dialect
    }()

    static let snowflake: Dialect = {
        var dialect = Dialect(name: "snowflake")
        dialect.identifierMaxBytes = 255
        dialect.hasBackslashEscapes = true
        dialect.hasDollarQuotes = true
        dialect.hasSlashComments = true
        return dialect
    }()

    static let bigquery: Dialect = {
        var dialect = Dialect(name: "bigquery", identifierQuote: "`")
        dialect.hasBackslashEscapes = true
        dialect.hasEscapedQuotes = true
        dialect.hasEscapedIdentifiers = true
        dialect.hasDottedIdentifiers = true
        dialect.hasDoubleQuotedLiterals = true
        dialect.hasHashComments = true
        dialect.list.open = "["
        dialect.list.close = "]"
        dialect.list.pairOpen = "("
        dialect.list.pairSeparator = ", "
        dialect.list.pairClose = ")"
        return dialect
    }()

    static let databricks: Dialect = {
        var dialect = Dialect(name: "databricks", identifierQuote: "`")
        dialect.hasBackslashEscapes = true
        dialect.hasEscapedQuotes = true
        dialect.hasDoubleQuotedLiterals = true
        dialect.hasNestedComments = true
        return dialect
    }()

    static let sqlServer: Dialect = {
        var dialect = Dialect(name: "mssql")
        dialect.identifierOpen = "["
        dialect.identifierClose = "]"
        dialect.literalOpen = "N'"
        dialect.hasNestedComments = true
        return dialect
    }()

    static let oracle = Dialect(name: "oracle")

    static let redshift: Dialect = {
        var dialect = postgres
        dialect.name = "redshift"
        dialect.identifierMaxBytes = 127
        dialect.hasBackslashEscapes = true
        return dialect
    }()

    static let trino = Dialect(name: "trino")

    static let clickhouse: Dialect = {
        var dialect = Dialect(name: "clickhouse", identifierQuote: "`")
        dialect.hasBackslashEscapes = true
        dialect.hasEscapedIdentifiers = true
        dialect.hasHashComments = true
        dialect.hasDollarQuotes = true
        return dialect
    }()

    static let athena: Dialect = {
        var dialect = Dialect(name: "athena", identifierQuote: "`")
        dialect.hasBackslashEscapes = true
        dialect.hasEscapedQuotes = true
        dialect.hasDoubleQuotedLiterals = true
        return dialect
    }()
}
