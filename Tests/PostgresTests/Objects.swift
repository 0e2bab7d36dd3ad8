import RevmetaModel
import RevmetaTestSupport

/// One object of every kind, each described as `the KIND`.
enum Objects {
    static let all = """
        CREATE SCHEMA shop; COMMENT ON SCHEMA shop IS 'the schema';
        CREATE TABLE shop.plain (id int, name text); COMMENT ON TABLE shop.plain IS 'the table';
        COMMENT ON COLUMN shop.plain.name IS 'the column';
        CREATE TABLE shop.parted (id int) PARTITION BY RANGE (id);
        COMMENT ON TABLE shop.parted IS 'the partitioned table';
        CREATE VIEW shop.seen AS SELECT id, name FROM shop.plain; COMMENT ON VIEW shop.seen IS 'the view';
        COMMENT ON COLUMN shop.seen.id IS 'the column';
        CREATE MATERIALIZED VIEW shop.kept AS SELECT 1 AS id;
        COMMENT ON MATERIALIZED VIEW shop.kept IS 'the materialized view';
        RESET ROLE; CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
        GRANT USAGE ON FOREIGN SERVER nowhere TO app_owner; SET ROLE app_owner;
        CREATE FOREIGN TABLE shop.far (id int) SERVER nowhere; COMMENT ON FOREIGN TABLE shop.far IS 'the foreign table';
        CREATE FUNCTION shop.tax(amount numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 1.0';
        COMMENT ON FUNCTION shop.tax IS 'the function';
        CREATE PROCEDURE shop.close_day(IN day date, INOUT done bool) LANGUAGE sql AS 'SELECT true';
        COMMENT ON PROCEDURE shop.close_day IS 'the procedure';
        CREATE AGGREGATE shop.total(numeric) (SFUNC = numeric_add, STYPE = numeric);
        COMMENT ON AGGREGATE shop.total(numeric) IS 'the aggregate';
        CREATE FUNCTION shop.step(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 + 1';
        CREATE AGGREGATE shop.howmany(*) (SFUNC = shop.step, STYPE = bigint, INITCOND = '0');
        COMMENT ON AGGREGATE shop.howmany(*) IS 'the aggregate';
        GRANT CREATE ON SCHEMA shop TO new_owner;
        """

    /// What the catalog would ask for, with the kind that the source answers.
    static func entities(_ source: Source) -> [(entity: Entity, kind: SourceKind)] {
        func one(_ asked: EntityKind, _ kind: SourceKind, _ names: String...) -> (entity: Entity, kind: SourceKind) {
            (Entity(kind: asked, path: EntityPath([source.database.name] + names)), kind)
        }
        return [
            one(.database, "database"),
            one(.schema, "schema", "shop"),
            one(.table, "table", "shop", "plain"),
            one(.column, "column", "shop", "plain", "name"),
            one(.table, "partitioned table", "shop", "parted"),
            one(.table, "view", "shop", "seen"),
            one(.column, "column", "shop", "seen", "id"),
            one(.table, "materialized view", "shop", "kept"),
            one(.table, "foreign table", "shop", "far"),
            one(.procedure, "function", "shop", "tax"),
            one(.procedure, "procedure", "shop", "close_day"),
            one(.procedure, "aggregate", "shop", "total"),
            one(.procedure, "aggregate", "shop", "howmany"),
        ]
    }
}
