import RevmetaPlugin

extension Dialect {
    /// PostgreSQL with `standard_conforming_strings` on, which every session and script pins.
    static let postgresql: Dialect = {
        var dialect = Dialect(name: "postgresql")
        dialect.identifierMaxBytes = 63
        dialect.hasDollarQuotes = true
        dialect.hasNestedComments = true
        dialect.hasEscapeLiterals = true
        dialect.scriptBegin = """
            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SET search_path = pg_catalog;

            """
        dialect.scriptUse = "\\connect "
        return dialect
    }()
}

extension SQL {
    /// What each statement begins with: working out how names and texts are quoted takes longer than to quote one.
    static let postgresql = SQL(.postgresql)
}
