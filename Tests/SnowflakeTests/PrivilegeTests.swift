import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// What `check` says of what may not be written, and which grant would allow it.
struct PrivilegeTests {
    /// A role that sees everything and owns nothing.
    private func session(_ account: Account, _ grants: String...) async throws -> any ConnectorSession {
        try account.admin([
            "REVOKE ROLE APP_OWNER FROM ROLE METADATA_WRITER", "REVOKE APPLY TAG ON ACCOUNT FROM ROLE METADATA_WRITER",
            "GRANT USAGE ON DATABASE SHOP TO ROLE METADATA_WRITER", "GRANT USAGE ON SCHEMA SHOP.SALES TO ROLE METADATA_WRITER",
            "GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE METADATA_WRITER",
            "GRANT READ ON TAG GOV.TAGS.\"PII\" TO ROLE METADATA_WRITER",
        ] + grants)
        return try await account.session()
    }

    private func message(_ session: any ConnectorSession, _ change: Change) async throws -> String? {
        let refusals = try await session.check([change])
        #expect(refusals.allSatisfy { $0.failure.status == .denied })
        return refusals.first?.failure.message
    }

    @Test
    func theOwnersRoleIsNamed() async throws {
        let account = try Account(), session = try await session(account)
        let grant = "GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER"
        #expect(try await message(session, change("table", "ORDERS", to: "x"))?.hasSuffix(grant) == true)
        #expect(try await message(session, change("column", "ORDERS", "ID", to: "x"))?.hasSuffix(grant) == true)
        #expect(try await message(session, change("schema", to: "x"))?.hasSuffix(grant) == true)
        await session.close()
        try account.admin(grant)
        let allowed = try await account.session()
        #expect(try await allowed.check([
            change("table", "ORDERS", to: "x"), change("column", "ORDERS", "ID", to: "x"), change("schema", to: "x"),
            change("table", "ORDERS", attribute: .owner, before: "APP_OWNER", to: "FINANCE"),
        ]) == [])
        await allowed.close()
    }

    @Test
    func modifyIsEnoughForASchema() async throws {
        let account = try Account()
        let session = try await session(account, "GRANT MODIFY ON SCHEMA SHOP.SALES TO ROLE METADATA_WRITER")
        #expect(try await session.check([change("schema", to: "x")]) == [])
        try await session.applyAll([change("schema", to: "x")])
        await session.close()
    }

    @Test
    func aTagNeedsApplyAndItsObject() async throws {
        let account = try Account(), pii = Attribute.tag("PII")
        let none = try await session(account)
        #expect(try await message(none, change("table", "ORDERS", attribute: pii, to: "x")) ==
            "role METADATA_WRITER may not set tag GOV.TAGS.PII: GRANT APPLY ON TAG GOV.TAGS.PII TO ROLE METADATA_WRITER, or "
            + "GRANT APPLY TAG ON ACCOUNT TO ROLE METADATA_WRITER")
        await none.close()
        try account.admin("GRANT APPLY ON TAG GOV.TAGS.\"PII\" TO ROLE METADATA_WRITER")
        let tagOnly = try await account.session()
        #expect(try await message(tagOnly, change("table", "ORDERS", attribute: pii, to: "x"))?
            .contains("GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER") == true)
        await tagOnly.close()
        try account.admin("GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER")
        let both = try await account.session()
        #expect(try await both.check([change("table", "ORDERS", attribute: pii, to: "x")]) == [])
        try await both.applyAll([change("table", "ORDERS", attribute: pii, to: "x")])
        await both.close()
    }

    /// Snowflake says "does not exist or not authorized"; the outcome says which, and what to do.
    @Test
    func whatSnowflakeRefusesIsExplained() async throws {
        let account = try Account(), session = try await session(account)
        let execution = try await session.apply([change("table", "ORDERS", to: "x")])
        #expect(execution.failures[0]?.status == .denied)
        #expect(execution.failures[0]?.message.contains("GRANT ROLE APP_OWNER TO ROLE METADATA_WRITER") == true)
        await session.close()
    }
}
