import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// A tag that carries a policy changes who sees the data.
struct PolicyTests {
    private let pii = Attribute.tag("PII")

    private func account(_ policy: String) throws -> Account {
        let account = try Account(
            "INSERT INTO SHOP.SALES.ORDERS VALUES (1, 'jane@example.org', 'x')", "GRANT USAGE ON DATABASE SHOP TO ROLE ANALYST",
            "GRANT USAGE ON SCHEMA SHOP.SALES TO ROLE ANALYST", "GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST")
        try account.admin(policy, "ALTER TAG GOV.TAGS.\"PII\" SET MASKING POLICY GOV.TAGS.HIDE")
        return account
    }

    private static let masking =
        "CREATE MASKING POLICY GOV.TAGS.HIDE AS (val STRING) RETURNS STRING -> CASE WHEN CURRENT_ROLE() = 'FINANCE' THEN val ELSE '***' END"

    private func seen(_ account: Account) throws -> [[String?]] {
        try account.rows("SELECT EMAIL FROM SHOP.SALES.ORDERS", as: ["UID": "ANNA", "PWD": "secret", "Warehouse": "COMPUTE_WH"])
    }

    /// The promise: a tag in the catalog, and the next SELECT is masked.
    @Test
    func settingATagMasksTheColumn() async throws {
        let account = try account(Self.masking), session = try await account.session()
        #expect(try seen(account) == [["jane@example.org"]])
        try await session.applyAll([change("column", "ORDERS", "EMAIL", attribute: pii, to: "Sensitive")])
        #expect(try seen(account) == [["***"]])
        await session.close()
    }

    @Test(arguments: ["None", nil])
    func replacingAndUnsettingNeedToBeAllowed(_ value: String?) async throws {
        let account = try account(Self.masking), session = try await account.session()
        try await session.applyAll([change("column", "ORDERS", "EMAIL", attribute: pii, to: "Sensitive")])
        let away = change("column", "ORDERS", "EMAIL", attribute: pii, before: "Sensitive", to: value)
        let failure = try await session.refusal(of: away)
        #expect(failure?.status == .denied)
        #expect(failure?.message.contains("carries the masking policy HIDE") == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains("allowPolicyTagChanges: true") == true)
        #expect(try seen(account) == [["***"]])
        await session.close()

        let bold = try await account.session(["allowPolicyTagChanges": "true"])
        try await bold.applyAll([away])
        #expect(try await bold.value(pii, .column, "ORDERS", "EMAIL") == .known(value))
        await bold.close()
    }

    /// A plan is made, and looked at for a while; meanwhile somebody attaches a policy.
    @Test
    func aPolicyThatCameSinceThePlanCounts() async throws {
        let account = try Account(), session = try await account.session()
        try await session.applyAll([change("table", "ORDERS", attribute: pii, to: "a")])
        let changes = [change("table", "ORDERS", attribute: pii, before: "a", to: nil)]
        let plan = try await session.plan(changes)
        #expect(plan.refusals == [])
        try account.admin(
            "CREATE MASKING POLICY GOV.TAGS.HIDE AS (val STRING) RETURNS STRING -> '***'",
            "ALTER TAG GOV.TAGS.\"PII\" SET MASKING POLICY GOV.TAGS.HIDE")
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failures[0]?.status == .denied)
        #expect(try await session.value(pii, .table, "ORDERS") == .known("a"))
        await session.close()
    }

    /// A value over an inherited one replaces what is in force.
    @Test
    func overridingAnInheritedValueIsAReplacement() async throws {
        let account = try account(Self.masking), session = try await account.session()
        try await session.applyAll([change("table", "ORDERS", attribute: pii, to: "Sensitive")])
        #expect(try seen(account) == [["***"]])
        let over = change("column", "ORDERS", "EMAIL", attribute: pii, to: "None")
        _ = try await session.value(pii, .column, "ORDERS", "EMAIL")
        #expect(try await session.refusal(of: over)?.status == .denied)
        // The same without having read it before: found right before it is written.
        let other = try await account.session()
        #expect(try await other.apply([over]).failures[0]?.status == .denied)
        await other.close()
        // The same value changes nothing.
        try await session.applyAll([change("column", "ORDERS", "EMAIL", attribute: pii, to: "Sensitive")])
        await session.close()
    }

    @Test
    func aPolicyThatMayBeHiddenIsNotTakenForNone() async throws {
        let account = try Account(), session = try await account.session()
        try await session.applyAll([change("table", "ORDERS", attribute: pii, to: "a")])
        await session.close()
        try account.admin("REVOKE APPLY MASKING POLICY ON ACCOUNT FROM ROLE METADATA_WRITER")
        let blind = try await account.session()
        let failure = try await blind.refusal(of: change("table", "ORDERS", attribute: pii, before: "a", to: "b"))
        #expect(failure?.status == .denied)
        #expect(failure?.message.contains("GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE METADATA_WRITER") == true)
        await blind.close()
        // Who owns the tag sees what hangs on it.
        try account.admin("GRANT ROLE GOVERNOR TO ROLE METADATA_WRITER")
        let owning = try await account.session()
        try await owning.applyAll([change("table", "ORDERS", attribute: pii, before: "a", to: "b")])
        await owning.close()
    }
}
