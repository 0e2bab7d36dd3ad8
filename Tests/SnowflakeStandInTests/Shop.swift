import RevmetaODBC
import RevmetaTestSupport

/// An account with a shop in it: a table, a tag with a masking policy, an analyst and a steward.
struct Shop {
    let account: SnowflakeStandIn

    init() throws {
        account = try SnowflakeStandIn()
        try account.run(
            "CREATE DATABASE SHOP", "CREATE SCHEMA SALES",
            "CREATE TABLE ORDERS (ID INT NOT NULL, EMAIL STRING, PHONE STRING, AMOUNT NUMBER(10,2))",
            "INSERT INTO ORDERS VALUES (1, 'anna@example.org', '+49 1', 3.50), (2, NULL, '+49 2', 4)",
            "CREATE VIEW BIG AS SELECT ID, EMAIL FROM ORDERS",
            "CREATE TAG PII ALLOWED_VALUES 'email', 'phone'",
            """
            CREATE MASKING POLICY HIDE AS (val STRING) RETURNS STRING ->
              CASE WHEN CURRENT_ROLE() IN ('ANALYST') THEN val ELSE '***' END
            """,
            "ALTER TAG PII SET MASKING POLICY HIDE", "CREATE ROLE ANALYST", "CREATE ROLE STEWARD",
            "CREATE ROLE STRANGER",
            "CREATE USER ANNA PASSWORD = 'a;}b' DEFAULT_ROLE = ANALYST DEFAULT_WAREHOUSE = COMPUTE_WH",
            "GRANT ROLE ANALYST TO USER ANNA", "GRANT ROLE STEWARD TO USER ANNA", "GRANT ROLE STRANGER TO USER ANNA")
        for role in ["ANALYST", "STEWARD", "STRANGER"] {
            try account.run("GRANT USAGE ON WAREHOUSE COMPUTE_WH TO ROLE \(role)")
        }
        for role in ["ANALYST", "STEWARD"] {
            try account.run(
                "GRANT USAGE ON DATABASE SHOP TO ROLE \(role)", "GRANT USAGE ON SCHEMA SHOP.SALES TO ROLE \(role)",
                "GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE \(role)",
                "GRANT SELECT ON VIEW SHOP.SALES.BIG TO ROLE \(role)")
        }
    }

    static func keys(_ role: String) -> [String: String] {
        ["UID": "anna", "PWD": "a;}b", "Role": role, "Database": "SHOP", "Schema": "SALES"]
    }

    /// What a role gets for a statement: the values, or the code of the refusal.
    func asked(_ statement: String, as role: String) throws -> (rows: [[String?]], code: Int) {
        let answer = try account.ask([statement], connection: Self.keys(role))[0]
        return (answer.rows, answer.failure?.code ?? 0)
    }

    func connect(_ more: [String: String] = [:], loginTimeout: Int? = nil) throws -> Connection {
        var string = ConnectionString(driver: account.driver)
        let keys = ["Server": "x", "UID": "ADMIN", "PWD": "admin", "StandIn": account.folder].merging(more) { $1 }
        for (key, value) in keys.sorted(by: { $0.key < $1.key }) { string.append(key, value) }
        return try Connection(string, loginTimeout: loginTimeout)
    }
}
