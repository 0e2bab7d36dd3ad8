import RevmetaEngine
import RevmetaHost
import RevmetaModel
import RevmetaTestSupport
import Testing

/// An account of the stand-in with one object of every kind, and the connector's sessions with it.
///
/// Sessions connect as role `METADATA_WRITER`, which inherits `APP_OWNER`, who owns everything, and `FINANCE`. There is also
/// `STRANGER`, of which it has nothing. Tags lie in schema `GOV.TAGS` and belong to `GOVERNOR`; the writer may apply them.
struct Account {
    let standIn: SnowflakeStandIn

    static let plugins = PluginHost(PluginDirectory(PluginSearchPath(options: [], environment: [:])), isolation: .inProcess)

    /// - Parameter statements: Run after the others, as the owner of everything.
    init(_ statements: String...) throws {
        standIn = try SnowflakeStandIn()
        try admin(Self.roles)
        try own(Self.objects + statements)
    }

    private static let roles = [
        "CREATE ROLE APP_OWNER", "CREATE ROLE FINANCE", "CREATE ROLE STRANGER", "CREATE ROLE METADATA_WRITER",
        "CREATE ROLE GOVERNOR", "CREATE ROLE ANALYST",
        "GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER", "GRANT ROLE FINANCE TO ROLE METADATA_WRITER",
        "CREATE USER REVMETA PASSWORD = 'correct horse' DEFAULT_ROLE = METADATA_WRITER",
        "GRANT ROLE METADATA_WRITER TO USER REVMETA",
        "CREATE USER ANNA PASSWORD = 'secret' DEFAULT_ROLE = ANALYST", "GRANT ROLE ANALYST TO USER ANNA",
        "GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE METADATA_WRITER", "GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE ANALYST",
        "CREATE DATABASE GOV", "CREATE SCHEMA GOV.TAGS",
        "CREATE TAG GOV.TAGS.\"PII\"", "CREATE TAG GOV.TAGS.\"Tier\" ALLOWED_VALUES 'Tier1', 'Tier2', 'it''s \"3\"'",
        "GRANT OWNERSHIP ON TAG GOV.TAGS.\"PII\" TO ROLE GOVERNOR COPY CURRENT GRANTS",
        "GRANT OWNERSHIP ON TAG GOV.TAGS.\"Tier\" TO ROLE GOVERNOR COPY CURRENT GRANTS",
        "GRANT USAGE ON DATABASE GOV TO ROLE METADATA_WRITER", "GRANT USAGE ON SCHEMA GOV.TAGS TO ROLE METADATA_WRITER",
        "GRANT APPLY TAG ON ACCOUNT TO ROLE METADATA_WRITER",
        "GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE METADATA_WRITER",
        "GRANT APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE METADATA_WRITER",
        "CREATE DATABASE SHOP", "GRANT OWNERSHIP ON DATABASE SHOP TO ROLE APP_OWNER COPY CURRENT GRANTS",
        "GRANT ROLE APP_OWNER TO ROLE SYSADMIN", "GRANT ROLE APP_OWNER TO USER ADMIN", "GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE APP_OWNER",
    ]

    private static let objects = [
        "CREATE SCHEMA SHOP.SALES", "USE SCHEMA SHOP.SALES",
        "CREATE TABLE ORDERS (ID INT, EMAIL STRING, \"e Mail\" STRING)",
        "CREATE TRANSIENT TABLE SCRATCH (ID INT)",
        "CREATE STAGE FILES",
        "CREATE EXTERNAL TABLE FAR (ID INT AS (1)) LOCATION = @FILES/o AUTO_REFRESH = FALSE FILE_FORMAT = (TYPE = PARQUET)",
        "CREATE DYNAMIC TABLE LIVELY TARGET_LAG = '1 hour' WAREHOUSE = COMPUTE_WH AS SELECT ID, EMAIL FROM ORDERS",
        "CREATE ICEBERG TABLE COLD (ID INT) CATALOG = 'SNOWFLAKE' EXTERNAL_VOLUME = 'v' BASE_LOCATION = 'b'",
        "CREATE EVENT TABLE EVENTS", "CREATE VIEW BIG AS SELECT ID, EMAIL FROM ORDERS",
        "CREATE SECURE VIEW HIDDEN AS SELECT ID, EMAIL FROM ORDERS", "CREATE MATERIALIZED VIEW TOTALS AS SELECT ID FROM ORDERS",
        "CREATE FUNCTION TAX(A NUMBER) RETURNS NUMBER AS 'A * 2'",
        "CREATE PROCEDURE CLEAN(DAY DATE, N INT) RETURNS STRING LANGUAGE SQL AS $$BEGIN RETURN 'x'; END$$",
    ]

    /// What the catalog would ask for, with the kind that the source answers.
    static let entities: [(entity: Entity, kind: SourceKind)] = {
        func one(_ asked: EntityKind, _ kind: SourceKind, _ names: String...) -> (entity: Entity, kind: SourceKind) {
            (Entity(kind: asked, path: EntityPath(["SHOP"] + names)), kind)
        }
        return [
            one(.database, "database"), one(.schema, "schema", "SALES"),
            one(.table, "table", "SALES", "ORDERS"), one(.column, "column", "SALES", "ORDERS", "e Mail"),
            one(.table, "transient table", "SALES", "SCRATCH"), one(.column, "column", "SALES", "SCRATCH", "ID"),
            one(.table, "external table", "SALES", "FAR"), one(.column, "column", "SALES", "FAR", "ID"),
            one(.table, "dynamic table", "SALES", "LIVELY"),
            one(.column, "dynamic table column", "SALES", "LIVELY", "EMAIL"),
            one(.table, "iceberg table", "SALES", "COLD"), one(.column, "iceberg table column", "SALES", "COLD", "ID"),
            one(.table, "event table", "SALES", "EVENTS"),
            one(.column, "event table column", "SALES", "EVENTS", "TIMESTAMP"),
            one(.table, "view", "SALES", "BIG"), one(.column, "view column", "SALES", "BIG", "ID"),
            one(.table, "view", "SALES", "HIDDEN"), one(.column, "view column", "SALES", "HIDDEN", "ID"),
            one(.table, "materialized view", "SALES", "TOTALS"),
            one(.column, "materialized view column", "SALES", "TOTALS", "ID"),
            one(.table, "stage", "SALES", "FILES"), one(.procedure, "function", "SALES", "TAX"),
            one(.procedure, "procedure", "SALES", "CLEAN"),
        ]
    }()

    /// Runs statements as ACCOUNTADMIN.
    func admin(_ statements: [String]) throws {
        for answer in try standIn.ask(statements) { if let failure = answer.failure { throw failure } }
    }

    func admin(_ statements: String...) throws { try admin(statements) }

    /// Runs statements as the owner of everything.
    func own(_ statements: [String]) throws {
        let answers = try standIn.ask(["USE ROLE APP_OWNER", "USE WAREHOUSE COMPUTE_WH"] + statements)
        for answer in answers { if let failure = answer.failure { throw failure } }
    }

    func own(_ statements: String...) throws { try own(statements) }

    /// The rows of a query, seen by ACCOUNTADMIN.
    func rows(_ query: String, as connection: [String: String] = [:]) throws -> [[String?]] {
        try standIn.run(query, connection: connection).rows
    }

    var settings: [String: String] {
        [
            "account": "myorg-account", "username": "REVMETA", "password": "correct horse", "warehouse": "COMPUTE_WH",
            "role": "METADATA_WRITER", "driver": standIn.driver, "connectionOptions": "StandIn=\(standIn.folder)",
            "tagDatabase": "GOV", "tagSchema": "TAGS",
        ]
    }

    func session(_ more: [String: String] = [:]) async throws(Failure) -> any ConnectorSession {
        try await Self.open(settings.merging(more) { $1 }.filter { !$0.value.isEmpty })
    }

    static func open(_ settings: [String: String]) async throws(Failure) -> any ConnectorSession {
        let service = ServiceDefinition(name: "shop", type: "snowflake", connection: settings.mapValues { Secret($0) })
        return try await plugins.open(service, database: nil)
    }

    /// The statements of the connector's sessions that are not their own pins.
    var sent: [String] {
        standIn.statements.filter { $0.role == "METADATA_WRITER" && !$0.text.hasPrefix("ALTER SESSION") }.map(\.text)
    }

    /// Of these, those that write.
    var written: [String] { sent.filter { !$0.hasPrefix("SELECT") && !$0.hasPrefix("SHOW") } }
}

/// A change below database SHOP, schema SALES.
func change(
    _ kind: SourceKind, _ names: String..., attribute: Attribute = .description, before: String? = nil, to value: String?
) -> Change {
    Change(kind: kind, path: EntityPath(["SHOP", "SALES"] + names), attribute: attribute, before: before, value: value)
}

extension ConnectorSession {
    /// Plans changes that can all be planned, and executes them.
    func apply(_ changes: [Change], sourceLocation: SourceLocation = #_sourceLocation) async throws -> Execution {
        let plan = try await plan(changes)
        #expect(plan.refusals == [], sourceLocation: sourceLocation)
        return await execute(plan.statements, of: changes)
    }

    /// Applies changes that must all succeed.
    func applyAll(_ changes: [Change], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let execution = try await apply(changes, sourceLocation: sourceLocation)
        #expect(execution.failure == nil, sourceLocation: sourceLocation)
        #expect(execution.failures.isEmpty, sourceLocation: sourceLocation)
    }

    /// Why a change cannot be planned.
    func refusal(of change: Change) async throws -> Failure? {
        try await plan([change]).refusals.first?.failure
    }

    /// The facts of one attribute, in the order asked for; nil: no such entity.
    func facts(_ attribute: Attribute, of entities: [Entity]) async throws -> [Fact?] {
        var facts = [Fact?](repeating: nil, count: entities.count)
        for fact in try await read(entities, attributes: [attribute]) { facts[fact.entity] = fact }
        return facts
    }

    /// The values of one attribute below database SHOP, schema SALES.
    func value(_ attribute: Attribute, _ kind: EntityKind, _ names: String...) async throws -> Fact.Value? {
        let entity = Entity(kind: kind, path: EntityPath(["SHOP", "SALES"] + names))
        return try await facts(attribute, of: [entity])[0]?.value
    }
}

extension Execution {
    /// What failed, by the statement's index.
    var failures: [Int: Failure] {
        var failures: [Int: Failure] = [:]
        for (index, outcome) in outcomes.enumerated() {
            if case .failed(let failure) = outcome { failures[index] = failure }
        }
        return failures
    }
}
