import RevmetaTestSupport
import Testing

/// What a tag does at the next query.
struct MaskingTests {
    private let emails = "SELECT EMAIL FROM SHOP.SALES.ORDERS ORDER BY ID"

    @Test func aTagThatCarriesAPolicyMasksItsColumn() throws {
        let shop = try Shop()
        #expect(try shop.asked(emails, as: "STEWARD").rows == [["anna@example.org"], [nil]])
        try shop.account.run("ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG SHOP.SALES.PII = 'email'")
        #expect(try shop.asked(emails, as: "STEWARD").rows == [["***"], ["***"]])
        #expect(try shop.asked(emails, as: "ANALYST").rows == [["anna@example.org"], [nil]])
        // Columns without the tag, and of other types, are as they were.
        let others = "SELECT PHONE, AMOUNT FROM SHOP.SALES.ORDERS WHERE ID = 1"
        #expect(try shop.asked(others, as: "STEWARD").rows == [["+49 1", "3.50"]])
        try shop.account.run("ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL UNSET TAG SHOP.SALES.PII")
        #expect(try shop.asked(emails, as: "STEWARD").rows == [["anna@example.org"], [nil]])
    }

    @Test func aViewAsksForTheSessionsRole() throws {
        let shop = try Shop()
        try shop.account.run("ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG SHOP.SALES.PII = 'email'")
        let view = "SELECT EMAIL FROM SHOP.SALES.BIG WHERE ID = 1"
        #expect(try shop.asked(view, as: "STEWARD").rows == [["***"]])
        #expect(try shop.asked(view, as: "ANALYST").rows == [["anna@example.org"]])
    }

    @Test func aTagOnTheTableMasksTheColumnsOfItsPoliciesType() throws {
        let shop = try Shop()
        try shop.account.run("ALTER TABLE SHOP.SALES.ORDERS SET TAG SHOP.SALES.PII = 'email'")
        let all = "SELECT ID, EMAIL, PHONE, AMOUNT FROM SHOP.SALES.ORDERS WHERE ID = 1"
        #expect(try shop.asked(all, as: "STEWARD").rows == [["1", "***", "***", "3.50"]])
    }

    @Test func aPolicyOfTheColumnGoesBeforeOneOfATag() throws {
        let shop = try Shop()
        try shop.account.run(
            "CREATE MASKING POLICY SHOP.SALES.CUT AS (v STRING) RETURNS STRING -> LEFT(v, 2) || '…'",
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG SHOP.SALES.PII = 'email'",
            "ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET MASKING POLICY SHOP.SALES.CUT")
        #expect(try shop.asked(emails, as: "ANALYST").rows == [["an…"], [nil]])
    }

    @Test func aPolicyCanAskForTheTagsValue() throws {
        let shop = try Shop()
        try shop.account.run(
            """
            CREATE MASKING POLICY SHOP.SALES.BY_VALUE AS (v STRING) RETURNS STRING ->
              CASE SYSTEM$GET_TAG_ON_CURRENT_COLUMN('SHOP.SALES.PII') WHEN 'email' THEN 'an email' ELSE v END
            """,
            "ALTER TAG SHOP.SALES.PII SET MASKING POLICY SHOP.SALES.BY_VALUE FORCE",
            """
            ALTER TABLE SHOP.SALES.ORDERS MODIFY COLUMN EMAIL SET TAG SHOP.SALES.PII = 'email',
              COLUMN PHONE SET TAG SHOP.SALES.PII = 'phone'
            """)
        let both = "SELECT EMAIL, PHONE FROM SHOP.SALES.ORDERS WHERE ID = 1"
        #expect(try shop.asked(both, as: "ANALYST").rows == [["an email", "+49 1"]])
    }

    @Test func aRowAccessPolicyHidesRows() throws {
        let shop = try Shop()
        try shop.account.run(
            """
            CREATE ROW ACCESS POLICY SHOP.SALES.FIRST AS (i NUMBER) RETURNS BOOLEAN ->
              i = 1 OR CURRENT_ROLE() = 'ANALYST'
            """,
            "ALTER TABLE SHOP.SALES.ORDERS ADD ROW ACCESS POLICY SHOP.SALES.FIRST ON (ID)")
        #expect(try shop.asked("SELECT ID FROM SHOP.SALES.ORDERS", as: "STEWARD").rows == [["1"]])
        #expect(try shop.asked("SELECT COUNT(*) FROM SHOP.SALES.ORDERS", as: "ANALYST").rows == [["2"]])
    }
}
