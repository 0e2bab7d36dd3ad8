import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

struct FaultTests {
    @Test
    func aRateLimitIsAMatterOfTime() async throws {
        let account = try Account(), session = try await account.session()
        let changes = [change("table", "ORDERS", to: "a"), change("column", "ORDERS", "ID", to: "b"), change("view", "BIG", to: "c")]
        try account.standIn.plan(.rateLimit, containing: "COMMENT ON TABLE")
        let plan = try await session.plan(changes)
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.count == 2)
        #expect(execution.failures.values.allSatisfy { $0.status == .transient })
        // Who asked too much did not go on with the same table; the other one is done.
        #expect(try await session.value(.description, .table, "BIG") == .known("c"))
        let again = await session.execute(plan.statements, of: changes)
        #expect(again.failures.isEmpty)
        await session.close()
    }

    @Test
    func aRateLimitWhileReadingIsAMatterOfTime() async throws {
        let account = try Account(), session = try await account.session()
        try account.standIn.plan(.rateLimit, containing: "INFORMATION_SCHEMA.TABLES")
        let failure = await #expect(throws: Failure.self) { _ = try await session.value(.description, .table, "ORDERS") }
        #expect(failure?.status == .transient)
        #expect(try await session.value(.description, .table, "ORDERS") == .known(nil))
        await session.close()
    }

    /// Nobody knows whether what was under way is kept: the call says so, and what is certain is told.
    @Test(arguments: [SnowflakeStandIn.Fault.drop, .lose])
    func aLostConnectionLeavesItsStatementOpen(_ fault: SnowflakeStandIn.Fault) async throws {
        let account = try Account(), session = try await account.session(["parallelism": "1"])
        let changes = ["ORDERS", "EVENTS"].map { change($0 == "ORDERS" ? "table" : "event table", $0, to: $0) }
        try account.standIn.plan(fault, containing: "\"EVENTS\" IS")
        let plan = try await session.plan(changes)
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failure?.status == .transient)
        let lost = try #require(plan.statements.firstIndex { $0.text.contains("EVENTS") })
        #expect(execution.outcomes[lost] == nil)
        await session.close()
        let next = try await account.session()
        let isKept = if case .lose = fault { true } else { false }
        #expect(try await next.value(.description, .table, "EVENTS") == .known(isKept ? "EVENTS" : nil))
        #expect(try await next.value(.description, .table, "ORDERS") == .known(execution.outcomes[1 - lost] == .applied ? "ORDERS" : nil))
        await next.close()
    }

    @Test
    func oneStatementThatFailsCostsItsChangesOnly() async throws {
        let account = try Account(), session = try await account.session()
        try account.standIn.plan(.fail(code: 1003, sqlState: "42000", message: "SQL compilation error"), containing: "ALTER TABLE")
        let changes = [change("table", "ORDERS", to: "a"), change("column", "ORDERS", "ID", to: "b"), change("view", "BIG", to: "c")]
        let execution = try await session.apply(changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.count == 1)
        #expect(execution.failures.values.first?.status == .failed)
        #expect(execution.failures.values.first?.message.contains("SQL compilation error") == true)
        #expect(try await session.value(.description, .table, "ORDERS") == .known("a"))
        await session.close()
    }

    /// INFORMATION_SCHEMA refuses schemas that are too large (090030): they are listed page by page.
    @Test
    func aLargeSchemaIsListed() async throws {
        let account = try Account("COMMENT ON TABLE SHOP.SALES.ORDERS IS 'listed'"), session = try await account.session()
        try account.standIn.set(.informationSchemaRows, "3")
        let entities = Account.entities.filter { !["function", "procedure", "database", "schema"].contains($0.kind) }
        let facts = try await session.facts(.description, of: entities.map(\.entity))
        for (fact, asked) in zip(facts, entities) { #expect(fact?.kind == asked.kind, "\(asked)") }
        #expect(facts[0]?.value == .known("listed"))
        #expect(account.sent.contains { $0.hasPrefix("SHOW TABLES IN SCHEMA") })
        try await session.applyAll([change("column", "ORDERS", "ID", to: "by its own listing")])
        #expect(try await session.value(.description, .column, "ORDERS", "ID") == .known("by its own listing"))
        await session.close()
    }

    @Test
    func aThousandTablesAreListedPageByPage() async throws {
        let account = try Account(), session = try await account.session()
        try account.own((1...1100).map { "CREATE TABLE SHOP.SALES.T\($0) (A INT) COMMENT = 'of T\($0)'" })
        try account.standIn.set(.informationSchemaRows, "3")
        let names = (1...1100).map { "T\($0)" }
        let facts = try await session.facts(
            .description, of: names.map { Entity(kind: .table, path: EntityPath(["SHOP", "SALES", $0])) })
        for (name, fact) in zip(names, facts) { #expect(fact?.value == .known("of \(name)")) }
        await session.close()
    }

    @Test
    func aStatementThatNeverAnswersIsCancelled() async throws {
        let account = try Account(), session = try await account.session()
        try account.standIn.plan(.stall, containing: "COMMENT ON TABLE")
        let changes = [change("table", "ORDERS", to: "a")]
        let plan = try await session.plan(changes)
        let running = Task { await session.execute(plan.statements, of: changes) }
        try await eventually("the table is looked at") {
            account.standIn.statements.contains { $0.text.contains("INFORMATION_SCHEMA.TABLES") }
        }
        running.cancel()
        let execution = await running.value
        #expect(execution.failure != nil)
        #expect(execution.outcomes == [nil])
        await session.close()
    }
}
