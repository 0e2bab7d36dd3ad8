import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

struct OwnerTests {
    @Test(arguments: ["STRANGER", "NOBODY", "finance"])
    func whatWouldBeLostIsNotGivenAway(_ owner: String) async throws {
        let account = try Account(), session = try await account.session()
        let change = change("table", "ORDERS", attribute: .owner, before: "APP_OWNER", to: owner)
        let failure = try await session.refusal(of: change)
        #expect(failure?.status == .denied)
        #expect(failure?.message.contains("would lose its own rights") == true)
        #expect(failure?.message.contains("TO ROLE METADATA_WRITER, or set allowOwnershipLoss: true") == true)
        #expect(try await session.value(.owner, .table, "ORDERS") == .known("APP_OWNER"))
        await session.close()
    }

    /// Grants that others have stay theirs.
    @Test
    func grantsStayAndTheToolStillWrites() async throws {
        let account = try Account("GRANT SELECT ON TABLE SHOP.SALES.ORDERS TO ROLE ANALYST"), session = try await account.session()
        try await session.applyAll([
            change("table", "ORDERS", attribute: .owner, before: "APP_OWNER", to: "FINANCE"), change("table", "ORDERS", to: "before"),
        ])
        #expect(account.written.last == #"GRANT OWNERSHIP ON TABLE "SHOP"."SALES"."ORDERS" TO ROLE "FINANCE" COPY CURRENT GRANTS"#)
        let grants = try account.standIn.run(
            "SHOW GRANTS ON TABLE SHOP.SALES.ORDERS", connection: ["UID": "REVMETA", "PWD": "correct horse"])
        let kept = grants.rows.map { row in ["privilege", "grantee_name"].map { row[grants.columns.firstIndex(of: $0)!] } }
        #expect(kept.contains(["SELECT", "ANALYST"]))
        #expect(kept.contains(["OWNERSHIP", "FINANCE"]))
        try await session.applyAll([change("table", "ORDERS", before: "before", to: "after")])
        await session.close()
    }

    @Test
    func itIsGivenAwayIfThatIsAllowed() async throws {
        let account = try Account(), session = try await account.session(["allowOwnershipLoss": "true"])
        try account.admin("GRANT MANAGE GRANTS ON ACCOUNT TO ROLE METADATA_WRITER")
        try await session.applyAll([change("view", "BIG", attribute: .owner, before: "APP_OWNER", to: "STRANGER")])
        await session.close()
    }

    @Test
    func thereIsNothingToClearAnOwnerTo() async throws {
        let session = try await Account().session()
        let failure = try await session.refusal(
            of: change("table", "ORDERS", attribute: .owner, before: "APP_OWNER", to: nil))
        #expect(failure?.status == .unsupported)
        let column = try await session.refusal(of: change("column", "ORDERS", "ID", attribute: .owner, to: "FINANCE"))
        #expect(column?.status == .unsupported)
        await session.close()
    }

    /// The role was taken away between plan and run.
    @Test
    func aRoleThatWasLostSinceThePlanCounts() async throws {
        let account = try Account(), planner = try await account.session()
        let changes = [change("table", "ORDERS", attribute: .owner, before: "APP_OWNER", to: "FINANCE")]
        let plan = try await planner.plan(changes)
        await planner.close()
        try account.admin("REVOKE ROLE FINANCE FROM ROLE METADATA_WRITER")
        let session = try await account.session()
        #expect(await session.execute(plan.statements, of: changes).failures[0]?.status == .denied)
        await session.close()
    }
}
