import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// What is sent, and what comes of it.
struct WritingTests {
    @Test
    func allOfATablesColumnsTakeOneStatement() async throws {
        let account = try Account(), session = try await account.session()
        try await session.applyAll([
            change("table", "ORDERS", to: "it's"), change("column", "ORDERS", "ID", to: "the \\ key"),
            change("column", "ORDERS", "EMAIL", to: "who"), change("column", "ORDERS", "e Mail", to: "again"),
            change("view column", "BIG", "ID", to: "seen"), change("view column", "BIG", "EMAIL", to: "seen too"),
        ])
        #expect(Set(account.written) == [
            #"COMMENT ON TABLE "SHOP"."SALES"."ORDERS" IS 'it''s'"#,
            #"ALTER TABLE "SHOP"."SALES"."ORDERS" ALTER COLUMN "ID" COMMENT 'the \\ key', COLUMN "EMAIL" COMMENT 'who', "#
                + #"COLUMN "e Mail" COMMENT 'again'"#,
            #"ALTER VIEW "SHOP"."SALES"."BIG" ALTER COLUMN "ID" COMMENT 'seen', COLUMN "EMAIL" COMMENT 'seen too'"#,
        ])
        await session.close()
    }

    /// A statement has a limit of a megabyte.
    @Test
    func veryLongCommentsTakeSeveralStatements() async throws {
        let account = try Account(), session = try await account.session()
        let text = String(repeating: "Größe ", count: 60_000)
        try await session.applyAll(["ID", "EMAIL", "e Mail"].map { change("column", "ORDERS", $0, to: text + $0) })
        #expect(account.written.count > 1)
        #expect(account.written.allSatisfy { $0.utf8.count < 1_000_000 })
        #expect(try await session.value(.description, .column, "ORDERS", "EMAIL") == .known(text + "EMAIL"))
        await session.close()
    }

    @Test
    func somebodyElsesChangeIsAConflict() async throws {
        let account = try Account(), session = try await account.session()
        let changes = [change("table", "ORDERS", to: "ours"), change("table", "SCRATCH", to: "ours")]
        let plan = try await session.plan([changes[0], change("transient table", "SCRATCH", to: "ours")])
        try account.own("COMMENT ON TABLE SHOP.SALES.ORDERS IS 'somebody'")
        let execution = await session.execute(
            plan.statements, of: [changes[0], change("transient table", "SCRATCH", to: "ours")])
        #expect(execution.failures[0]?.status == .conflict)
        #expect(execution.failures[0]?.message.contains("found 'somebody'") == true)
        #expect(execution.outcomes[1] == .applied)
        #expect(try await session.value(.description, .table, "ORDERS") == .known("somebody"))
        await session.close()
    }

    /// What was planned for a table must not hit the view that replaced it.
    @Test
    func anotherKindByNowIsNotWritten() async throws {
        let account = try Account("CREATE TABLE SHOP.SALES.SOON (ID INT)"), session = try await account.session()
        let changes = [change("table", "SOON", to: "a table")]
        let plan = try await session.plan(changes)
        try account.own("DROP TABLE SHOP.SALES.SOON", "CREATE VIEW SHOP.SALES.SOON AS SELECT ID FROM SHOP.SALES.ORDERS")
        #expect(await session.execute(plan.statements, of: changes).failures[0]?.status == .notFound)
        await session.close()
    }

    @Test
    func theQueryTagTellsRunAndChannel() async throws {
        let account = try Account(), session = try await account.session(["queryTag": "it's ours"])
        var changes = [change("table", "ORDERS", to: "a"), change("view", "BIG", to: "b")]
        changes[0].channel = "finance"
        changes[1].channel = "sales"
        try await session.applyAll(changes)
        let tags = account.standIn.statements.filter { $0.text.hasPrefix("COMMENT") }.map(\.queryTag)
        #expect(Set(tags) == ["it's ours, channel finance", "it's ours, channel sales"])
        #expect(account.standIn.statements.filter { $0.role == "METADATA_WRITER" && $0.text.hasPrefix("SELECT") }
            .allSatisfy { $0.queryTag.hasPrefix("it's ours") })
        // Set again only where it differs.
        account.standIn.forgetStatements()
        try await session.applyAll([changes[0]].map { change in
            var next = change
            (next.before, next.value) = ("a", "c")
            return next
        })
        #expect(account.standIn.statements.count { $0.text.hasPrefix("ALTER SESSION SET QUERY_TAG") } <= 2)
        await session.close()
    }

    @Test
    func tablesAreWrittenSideBySide() async throws {
        let tables = (1...60).map { "T\($0)" }
        let account = try Account(), session = try await account.session(["parallelism": "4"])
        try account.own(tables.map { "CREATE TABLE SHOP.SALES.\($0) (A INT, B INT)" })
        try account.standIn.set(.delayMilliseconds, "5")
        account.standIn.forgetStatements()
        try await session.applyAll(tables.flatMap { table in
            [change("table", table, to: table), change("column", table, "A", to: "a"), change("column", table, "B", to: "b")]
        })
        let writing = account.standIn.statements.filter { $0.text.hasPrefix("COMMENT") || $0.text.hasPrefix("ALTER TABLE") }
        #expect(writing.count == 120)
        #expect(Set(writing.map(\.session)).count == 4)
        // One table's statements follow each other in one session.
        for table in tables {
            #expect(Set(writing.filter { $0.text.contains("\"\(table)\"") }.map(\.session)).count == 1)
        }
        await session.close()
    }

    /// Templates write in their own way: each part by itself, and what cannot be compared is not.
    @Test
    func aTemplatesPartsAreSentInOrder() async throws {
        let account = try Account(), session = try await account.session()
        let changes = [change("table", "ORDERS", attribute: Attribute(rawValue: "tier"), before: "what no reading tells", to: "x")]
        let parts = ["COMMENT ON TABLE SHOP.SALES.ORDERS IS 'first; one'", "COMMENT ON VIEW SHOP.SALES.BIG IS 'second'"]
        let statement = Statement(text: parts.joined(separator: ";\n"), changes: [0], parts: parts)
        let execution = await session.execute([statement], of: changes)
        #expect(execution.outcomes == [.applied])
        #expect(account.written == parts)
        await session.close()
    }

    /// What is done is done: there is no transaction around it.
    @Test
    func aTemplatesPartThatFailsTellsWhatIsKept() async throws {
        let account = try Account(), session = try await account.session()
        let changes = [change("table", "ORDERS", attribute: Attribute(rawValue: "tier"), before: nil, to: "x")]
        let parts = ["COMMENT ON TABLE SHOP.SALES.ORDERS IS 'first'", "COMMENT ON VIEW SHOP.SALES.NOWHERE IS 'second'"]
        let statement = Statement(text: parts.joined(separator: ";\n"), changes: [0], parts: parts)
        let execution = await session.execute([statement], of: changes)
        guard case .failed(let failure)? = execution.outcomes[0] else {
            Issue.record("expected a failure, found \(execution)")
            return
        }
        #expect(failure.message.hasSuffix("; this is statement 2 of 2, and what those before it did is kept"))
        await session.close()
    }
}
