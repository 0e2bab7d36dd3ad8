import RevmetaPlugin

extension Dialect {
    /// Snowflake with `QUOTED_IDENTIFIERS_IGNORE_CASE` off, which every session and script pins.
    static let snowflake: Dialect = {
        var dialect = Dialect(name: "snowflake")
        dialect.hasBackslashEscapes = true
        dialect.hasDollarQuotes = true
        dialect.hasSlashComments = true
        dialect.scriptBegin = SnowflakeSession.pin + ";\n"
        return dialect
    }()
}
