import RevmetaTestSupport
import Testing

/// Who may do what, and what is then said.
struct PrivilegeTests {
    @Test(arguments: [
        // What a role may see but not change, and what it may not even know of.
        ("ANALYST", "COMMENT ON TABLE SHOP.SALES.ORDERS IS 'x'", 3001),
        ("STRANGER", "COMMENT ON TABLE SHOP.SALES.ORDERS IS 'x'", 2003),
        ("ANALYST", "COMMENT ON SCHEMA SHOP.SALES IS 'x'", 3001), ("ANALYST", "COMMENT ON DATABASE SHOP IS 'x'", 3001),
        ("STRANGER", "COMMENT ON DATABASE SHOP IS 'x'", 2003),
        ("ANALYST", "ALTER TABLE SHOP.SALES.ORDERS ALTER COLUMN ID COMMENT 'x'", 3001),
        ("ANALYST", "ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.PII = 'email'", 3001),
        ("ANALYST", "CREATE TAG SHOP.SALES.MINE", 3001), ("ANALYST", "CREATE DATABASE MINE", 3001),
        ("ANALYST", "GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST COPY CURRENT GRANTS", 3001),
        ("ANALYST", "GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE STRANGER", 3001),
        ("ANALYST", "INSERT INTO SHOP.SALES.ORDERS VALUES (3, 'a', 'b', 1)", 3001),
        ("STRANGER", "SELECT * FROM SHOP.SALES.ORDERS", 2003),
        ("ANALYST", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES", 2003),
        ("ANALYST", "DROP TABLE SHOP.SALES.ORDERS", 3001),
        ("ANALYST", "USE ROLE ACCOUNTADMIN", 3013), ("ANALYST", "USE ROLE STEWARD", 0),
    ])
    func whatARoleMayNot(_ role: String, _ statement: String, _ code: Int) throws {
        #expect(try Shop().asked(statement, as: role).code == code)
    }

    /// Each needs what is granted here, and is refused without.
    @Test(arguments: [
        (
            "GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE STEWARD COPY CURRENT GRANTS",
            "COMMENT ON TABLE SHOP.SALES.ORDERS IS 'x'"
        ),
        ("GRANT MODIFY ON SCHEMA SHOP.SALES TO ROLE STEWARD", "COMMENT ON SCHEMA SHOP.SALES IS 'x'"),
        ("GRANT MODIFY ON DATABASE SHOP TO ROLE STEWARD", "ALTER DATABASE SHOP SET COMMENT = 'x'"),
        (
            "GRANT APPLY TAG ON ACCOUNT TO ROLE STEWARD",
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.PII = 'email'"
        ),
        ("GRANT APPLY TAG ON ACCOUNT TO ROLE STEWARD", "ALTER SCHEMA SHOP.SALES SET TAG SHOP.SALES.PII = 'email'"),
        ("GRANT CREATE TAG ON SCHEMA SHOP.SALES TO ROLE STEWARD", "CREATE TAG IF NOT EXISTS SHOP.SALES.MINE"),
        (
            "GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE STEWARD",
            "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES"
        ),
        (
            "GRANT MANAGE GRANTS ON ACCOUNT TO ROLE STEWARD",
            "GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST COPY CURRENT GRANTS"
        ),
    ])
    func whatAGrantGives(_ grant: String, _ statement: String) throws {
        let shop = try Shop()
        #expect(try shop.asked(statement, as: "STEWARD").code != 0)
        try shop.account.run(grant)
        #expect(try shop.asked(statement, as: "STEWARD").code == 0)
    }

    @Test func applyingOneTagNeedsTheObjectToo() throws {
        let shop = try Shop()
        let statement = "ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.PII = 'email'"
        try shop.account.run("GRANT APPLY ON TAG SHOP.SALES.PII TO ROLE STEWARD")
        #expect(try shop.asked(statement, as: "STEWARD").code == 3001)
        try shop.account.run("GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE STEWARD COPY CURRENT GRANTS")
        #expect(try shop.asked(statement, as: "STEWARD").code == 0)
    }

    @Test func anOwnerThatGivesATableAwayHasLostIt() throws {
        let shop = try Shop()
        try shop.account.run("GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE STEWARD COPY CURRENT GRANTS")
        let away = "GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST"
        // Copying grants needs the new owner's role to be active, or MANAGE GRANTS.
        #expect(try shop.asked(away + " COPY CURRENT GRANTS", as: "STEWARD").code == 3001)
        #expect(try shop.asked(away, as: "STEWARD").code == 3036)
        #expect(try shop.asked(away + " REVOKE CURRENT GRANTS", as: "STEWARD").code == 0)
        #expect(try shop.asked("COMMENT ON TABLE SHOP.SALES.ORDERS IS 'x'", as: "STEWARD").code == 2003)
        #expect(try shop.asked("COMMENT ON TABLE SHOP.SALES.ORDERS IS 'x'", as: "ANALYST").code == 0)
    }

    @Test func copiedGrantsStayAndAreTheNewOwners() throws {
        let shop = try Shop()
        try shop.account.run("GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE STEWARD COPY CURRENT GRANTS")
        let grants = try shop.account.ask(["SHOW GRANTS ON TABLE SHOP.SALES.ORDERS"])[0]
        let rows = grants.rows.map { row in
            ["privilege", "grantee_name", "granted_by"].map { row[grants.columns.firstIndex(of: $0)!] }
        }
        #expect(
            rows == [
                ["OWNERSHIP", "STEWARD", "STEWARD"], ["SELECT", "ANALYST", "STEWARD"],
                ["SELECT", "STEWARD", "STEWARD"],
            ])
    }

    @Test func informationIsOfWhatARoleMaySee() throws {
        let shop = try Shop()
        let tables = "SELECT TABLE_NAME FROM SHOP.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'SALES' ORDER BY 1"
        try shop.account.run("CREATE TABLE SHOP.SALES.SECRETS (A INT)")
        #expect(try shop.asked(tables, as: "ANALYST").rows == [["BIG"], ["ORDERS"]])
        #expect(try shop.account.run(tables).rows == [["BIG"], ["ORDERS"], ["SECRETS"]])
    }

    /// Those who may tag or grant everything are shown everything by commands, and nothing more by INFORMATION_SCHEMA.
    @Test(arguments: ["APPLY TAG", "MANAGE GRANTS"])
    func accountPrivilegesShowByCommands(_ privilege: String) throws {
        let shop = try Shop()
        try shop.account.run("CREATE TABLE SHOP.SALES.SECRETS (A INT)", "GRANT \(privilege) ON ACCOUNT TO ROLE STEWARD")
        #expect(try shop.asked("SHOW TABLES LIKE 'secrets' IN SCHEMA SHOP.SALES", as: "STEWARD").rows.count == 1)
        let found = "SELECT TABLE_NAME FROM SHOP.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'SECRETS'"
        #expect(try shop.asked(found, as: "STEWARD").rows.isEmpty)
    }

    @Test func theBundleOf202607AsksForTheNewOwnersRole() throws {
        let shop = try Shop()
        try shop.account.run("GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE STEWARD COPY CURRENT GRANTS")
        let away = "GRANT OWNERSHIP ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST REVOKE CURRENT GRANTS"
        try shop.account.set(.bundle202607, "enabled")
        #expect(try shop.asked(away, as: "STEWARD").code == 3001)
        try shop.account.run("GRANT ROLE ANALYST TO ROLE STEWARD")
        #expect(try shop.asked(away, as: "STEWARD").code == 0)
    }

    @Test func aRoleHasWhatItsRolesHave() throws {
        let shop = try Shop()
        try shop.account.run("GRANT ROLE STEWARD TO ROLE STRANGER")
        #expect(try shop.asked("SELECT COUNT(*) FROM SHOP.SALES.ORDERS", as: "STRANGER").rows == [["2"]])
        let roles =
            "SELECT IS_ROLE_IN_SESSION('STEWARD'), IS_ROLE_IN_SESSION('ANALYST'), IS_ROLE_IN_SESSION('STRANGER')"
        #expect(try shop.asked(roles, as: "STRANGER").rows == [["1", "0", "1"]])
    }

    @Test func withoutAWarehouseNothingIsRead() throws {
        let shop = try Shop()
        try shop.account.run("REVOKE USAGE ON WAREHOUSE COMPUTE_WH FROM ROLE STEWARD")
        #expect(try shop.asked("SELECT * FROM SHOP.SALES.ORDERS", as: "STEWARD").code == 606)
        #expect(try shop.asked("SHOW TABLES IN SCHEMA SHOP.SALES", as: "STEWARD").code == 0)
        #expect(try shop.asked("SELECT CURRENT_ROLE()", as: "STEWARD").rows == [["STEWARD"]])
    }
}
