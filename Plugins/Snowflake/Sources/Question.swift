import RevmetaODBC
import RevmetaPlugin

/// One thing to ask of Snowflake. Its answer has the columns of Snowflake's own view, however it was got.
enum Question: Sendable {
    case database(String)
    case schemas(in: String, names: [String])
    case relations(in: ExactName, names: [String])
    case columns(in: ExactName, tables: [String])
    case routines(ObjectKind, in: ExactName, names: [String])
    case stages(in: ExactName, names: [String])
    /// Of a database, schema or table-like object.
    case tags(of: ExactName, domain: String)
    /// Of all columns of a table-like object.
    case columnTags(of: ExactName)
    /// Of all that lies in a schema, from ACCOUNT_USAGE.
    case usage(in: ExactName, names: [String], view: ExactName)

    /// The one column of an answer that tells why there is none.
    static let problem = "PROBLEM"

    /// Asks it. What is not there, or not visible, has no rows.
    func answer(_ session: SnowflakeSession, tag: String) throws(Failure) -> Rows {
        do throws(ODBCError) {
            return try session.rows(query, tag: tag)
        } catch {
            switch self {
            case .relations(let schema, _) where error.isTooMuchData:
                return try Listing(schema: schema, session: session, tag: tag).relations()
            case .columns(let schema, let tables) where error.isTooMuchData:
                return try Listing(schema: schema, session: session, tag: tag).columns(of: tables)
            default: break
            }
            let failure = error.snowflakeFailure(of: subject)
            guard failure.status == .notFound || failure.status == .denied else { throw failure }
            switch self {
            case .tags, .columnTags:
                // The object was there a moment ago: tags that may not be looked at are not taken for none.
                return Rows(columns: [Self.problem], values: [[failure.message]])
            case .usage(_, _, let view):
                throw Failure(
                    .denied, "\(failure.message); tagSource is accountUsage, for which the role needs GRANT IMPORTED "
                        + "PRIVILEGES ON DATABASE \(ExactName.shown(view.names[0]))", sqlState: failure.sqlState,
                    vendorCode: failure.vendorCode)
            default:
                // The database is not there.
                guard failure.status == .notFound else { throw failure }
                return Rows(columns: [])
            }
        }
    }

    /// In words, for an error.
    private var subject: String {
        switch self {
        case .database(let database), .schemas(let database, _): "reading database \(ExactName(database).shown)"
        case .relations(let schema, _), .columns(let schema, _), .routines(_, let schema, _), .stages(let schema, _):
            "reading schema \(schema.shown)"
        case .tags(let object, _), .columnTags(let object): "reading the tags of \(object.shown)"
        case .usage(_, _, let view): "reading tags in \(view.shown)"
        }
    }

    private var query: String {
        switch self {
        case .database(let name):
            return "SELECT DATABASE_OWNER, COMMENT FROM \(Self.schema(name)).DATABASES "
                + "WHERE DATABASE_NAME = \(literal(name))"
        case .schemas(let database, let names):
            return "SELECT SCHEMA_NAME, SCHEMA_OWNER, COMMENT FROM \(Self.schema(database)).SCHEMATA "
                + "WHERE SCHEMA_NAME IN (\(literals(names)))"
        case .relations(let schema, let names):
            return "SELECT TABLE_NAME, TABLE_TYPE, IS_TRANSIENT, IS_ICEBERG, IS_DYNAMIC, TABLE_OWNER, COMMENT "
                + "FROM \(Self.schema(schema.names[0])).TABLES WHERE TABLE_SCHEMA = \(literal(schema.names[1])) "
                + "AND TABLE_NAME IN (\(literals(names)))"
        case .columns(let schema, let tables):
            return "SELECT TABLE_NAME, COLUMN_NAME, COMMENT FROM \(Self.schema(schema.names[0])).COLUMNS "
                + "WHERE TABLE_SCHEMA = \(literal(schema.names[1])) AND TABLE_NAME IN (\(literals(tables)))"
        case .routines(let kind, let schema, let names):
            let word = kind == .procedure ? "PROCEDURE" : "FUNCTION"
            return "SELECT \(word)_NAME, \(word)_OWNER, ARGUMENT_SIGNATURE, COMMENT "
                + "FROM \(Self.schema(schema.names[0])).\(word)S WHERE \(word)_SCHEMA = \(literal(schema.names[1])) "
                + "AND \(word)_NAME IN (\(literals(names)))"
        case .stages(let schema, let names):
            return "SELECT STAGE_NAME, STAGE_OWNER, COMMENT FROM \(Self.schema(schema.names[0])).STAGES "
                + "WHERE STAGE_SCHEMA = \(literal(schema.names[1])) AND STAGE_NAME IN (\(literals(names)))"
        case .tags(let object, let domain):
            return "SELECT TAG_DATABASE, TAG_SCHEMA, TAG_NAME, TAG_VALUE, LEVEL, APPLY_METHOD "
                + "FROM TABLE(\(Self.schema(object.names[0])).TAG_REFERENCES(\(literal(object.quoted)), \(literal(domain))))"
        case .columnTags(let table):
            return "SELECT COLUMN_NAME, TAG_DATABASE, TAG_SCHEMA, TAG_NAME, TAG_VALUE, LEVEL, APPLY_METHOD "
                + "FROM TABLE(\(Self.schema(table.names[0])).TAG_REFERENCES_ALL_COLUMNS(\(literal(table.quoted)), 'TABLE'))"
        case .usage(let schema, let names, let view):
            return "SELECT OBJECT_NAME, COLUMN_NAME, DOMAIN, TAG_DATABASE, TAG_SCHEMA, TAG_NAME, TAG_VALUE, APPLY_METHOD "
                + "FROM \(view.names.joined(separator: ".")).TAG_REFERENCES "
                + "WHERE OBJECT_DATABASE = \(literal(schema.names[0])) AND OBJECT_SCHEMA = \(literal(schema.names[1])) "
                + "AND TAG_NAME IN (\(literals(names))) AND OBJECT_DELETED IS NULL"
        }
    }

    private static func schema(_ database: String) -> String {
        ExactName(database).quoted + ".INFORMATION_SCHEMA"
    }
}
