import RevmetaTestSupport
import Testing

/// What tags are told of, and how many there may be.
struct TagTests {
    private let tagged = [
        "ALTER SCHEMA SHOP.SALES SET TAG SHOP.SALES.PII = 'phone'",
        "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG SHOP.SALES.PII = 'email'",
    ]
    private let columns = "COLUMN_NAME, TAG_NAME, TAG_VALUE, LEVEL, APPLY_METHOD"

    @Test func referencesAreOwnAndInherited() throws {
        let shop = try Shop()
        for statement in tagged { try shop.account.run(statement) }
        let all = try shop.account.run(
            """
            SELECT \(columns) FROM
            TABLE("SHOP".INFORMATION_SCHEMA.TAG_REFERENCES_ALL_COLUMNS('"SHOP"."SALES"."ORDERS"', 'TABLE'))
            WHERE COLUMN_NAME IN ('EMAIL', 'PHONE')
            """)
        #expect(
            all.rows == [
                ["EMAIL", "PII", "email", "COLUMN", "MANUAL"], ["PHONE", "PII", "phone", "SCHEMA", "INHERITED"],
            ])
        let own = try shop.account.run(
            "SELECT \(columns) FROM TABLE(SHOP.INFORMATION_SCHEMA.TAG_REFERENCES('SHOP.SALES', 'SCHEMA'))")
        #expect(own.rows == [[nil, "PII", "phone", "SCHEMA", "MANUAL"]])
        let values = """
            SELECT SYSTEM$GET_TAG('SHOP.SALES.PII', 'SHOP.SALES.ORDERS.EMAIL', 'COLUMN'),
            SYSTEM$GET_TAG('SHOP.SALES.PII', 'SHOP.SALES.BIG', 'TABLE'),
            SYSTEM$GET_TAG('SHOP.SALES.PII', 'SHOP', 'DATABASE'), SYSTEM$GET_TAG_ALLOWED_VALUES('SHOP.SALES.PII')
            """
        #expect(try shop.account.run(values).rows == [["email", "phone", nil, #"["email","phone"]"#]])
    }

    @Test func accountUsageIsLateAndKnowsWhatIsGone() throws {
        let shop = try Shop()
        for statement in tagged { try shop.account.run(statement) }
        let usage = """
            SELECT DOMAIN, OBJECT_NAME, COLUMN_NAME, TAG_VALUE, OBJECT_DELETED IS NOT NULL
            FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES ORDER BY 1
            """
        #expect(try shop.account.run(usage).rows == [])
        try shop.account.set(.accountUsageAsOf, "now")
        #expect(
            try shop.account.run(usage).rows == [
                ["COLUMN", "ORDERS", "EMAIL", "email", "0"], ["SCHEMA", "SALES", nil, "phone", "0"],
            ])
        try shop.account.run("DROP TABLE SHOP.SALES.ORDERS")
        #expect(try shop.account.run(usage).rows.first == ["COLUMN", "ORDERS", "EMAIL", "email", "1"])
    }

    @Test func fiftyTagsOnATableAndFiftyOnItsColumns() throws {
        let shop = try Shop()
        let names = (1...51).map { "SHOP.SALES.TAG\($0)" }
        _ = try shop.account.ask(names.map { "CREATE TAG \($0)" })
        func setting(_ names: some Sequence<String>) -> String { names.map { "\($0) = 'x'" }.joined(separator: ", ") }
        let codes = try shop.account.ask([
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG \(setting(names))",
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG \(setting(names.prefix(50)))",
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG \(names[0]) = 'again'",
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG \(names[50]) = 'x'",
            // The columns count by themselves, and a tag on two of them once.
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG \(setting(names.prefix(50))), "
                + "COLUMN PHONE SET TAG \(setting(names.prefix(50)))",
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN ID SET TAG \(names[50]) = 'x'",
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG \(setting(names.prefix(50))), "
                + "COLUMN PHONE SET TAG \(setting(names.prefix(50))), COLUMN ID SET TAG \(names[0]) = 'x'",
            "ALTER TABLE SHOP.SALES.ORDERS UNSET TAG \(names[0])",
            "ALTER TABLE SHOP.SALES.ORDERS SET TAG \(names[50]) = 'x'",
        ]).map { $0.failure?.code ?? 0 }
        #expect(codes == [391_801, 0, 0, 391_801, 0, 391_801, 391_801, 0, 0])
    }

    @Test func aValueHasAtMost256Characters() throws {
        let shop = try Shop()
        try shop.account.run("CREATE TAG SHOP.SALES.NOTE")
        let long = String(repeating: "ä", count: 256)
        #expect(
            try shop.account.ask(["ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.NOTE = '\(long)'"])[0].failure
                == nil)
        #expect(
            try shop.account.ask(["ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.NOTE = '\(long)ä'"])[0].failure?
                .code == 391_803)
    }

    @Test func policiesOfATagAreToldToWhoMayApplyThem() throws {
        let shop = try Shop()
        let policies = """
            SELECT POLICY_NAME, POLICY_KIND, REF_ENTITY_NAME, REF_COLUMN_NAME
            FROM TABLE("SHOP".INFORMATION_SCHEMA.POLICY_REFERENCES(
            REF_ENTITY_NAME => '"SHOP"."SALES"."PII"', REF_ENTITY_DOMAIN => 'TAG'))
            """
        #expect(try shop.account.run(policies).rows == [["HIDE", "MASKING_POLICY", "PII", nil]])
        try shop.account.run("GRANT READ ON TAG SHOP.SALES.PII TO ROLE STEWARD")
        let hidden = try shop.asked(policies, as: "STEWARD")
        #expect(hidden.rows.isEmpty && hidden.code == 0)
        try shop.account.run("GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE STEWARD")
        #expect(try shop.asked(policies, as: "STEWARD").rows == [["HIDE", "MASKING_POLICY", "PII", nil]])
    }

    @Test func showStopsAndGoesOn() throws {
        let shop = try Shop()
        _ = try shop.account.ask((1...7).map { "CREATE TABLE SHOP.SALES.N\($0) (A INT)" })
        func names(_ more: String) throws -> [String?] {
            let answer = try shop.account.run("SHOW TABLES LIKE 'n%' IN SCHEMA \"SHOP\".\"SALES\"\(more)")
            return answer.rows.map { $0[answer.columns.firstIndex(of: "name")!] }
        }
        #expect(try names(" LIMIT 3") == ["N1", "N2", "N3"])
        #expect(try names(" LIMIT 3 FROM 'N3'") == ["N4", "N5", "N6"])
        #expect(try names(" LIMIT 3 FROM 'N6'") == ["N7"])
        try shop.account.set(.showRows, "4")
        #expect(try names(" LIMIT 3") == ["N1", "N2", "N3"])
        #expect(try shop.account.ask(["SHOW TABLES IN SCHEMA SHOP.SALES"])[0].failure?.code == 90_153)
        try shop.account.set(.informationSchemaRows, "3")
        let tables = "SELECT TABLE_NAME FROM SHOP.INFORMATION_SCHEMA.TABLES"
        #expect(try shop.account.ask([tables])[0].failure?.code == 90_030)
        #expect(try shop.account.ask([tables + " WHERE TABLE_NAME = 'N1'"])[0].rows == [["N1"]])
    }
}
