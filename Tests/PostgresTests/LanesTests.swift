import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

/// A session that has much to write does it by several connections.
@Suite struct LanesTests {
    /// Tables t1 … tN with two columns.
    private func source(tables: Int) throws -> Source {
        try Source("""
            DO $$ BEGIN FOR i IN 1..\(tables) LOOP
              EXECUTE format('CREATE TABLE t%s (c1 int, c2 int)', i);
            END LOOP; END $$
            """)
    }

    private func changes(_ source: Source, _ range: ClosedRange<Int>, to value: String = "new") -> [Change] {
        range.flatMap { number in
            [
                source.change("table", "public", "t\(number)", to: value),
                source.change("column", "public", "t\(number)", "c1", to: value),
                source.change("column", "public", "t\(number)", "c2", to: value),
            ]
        }
    }

    /// A session that expects to write much.
    private func session(_ source: Source, _ settings: [String: String] = [:]) async throws -> any ConnectorSession {
        let session = try await source.session(as: "metadata_writer", settings)
        let many = Array(repeating: source.change("table", "public", "t1", to: "x"), count: 5000)
        _ = try await session.plan(many)
        return session
    }

    /// One that has its second connection already.
    private func wideSession(_ source: Source, _ settings: [String: String] = [:]) async throws -> any ConnectorSession {
        let session = try await session(source, settings)
        try await grow(session, source, to: 2, writing: nil)
        return session
    }

    /// Has a session write what is there already until it has so many connections: nothing waits for one that is being opened.
    private func grow(
        _ session: any ConnectorSession, _ source: Source, to count: Int, writing description: String?
    ) async throws {
        try await eventually("the session has \(count) connections") {
            try await session.applyAll([source.change("table", "public", "t1", to: description)])
            return try connections(source) >= count
        }
        #expect(try connections(source) == count)
    }

    /// How many connections the writer has.
    private func connections(_ source: Source) throws -> Int {
        try Int(source.query(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'metadata_writer' AND application_name LIKE 'revmeta%'
            """)[0][0]!)!
    }

    private func described(_ source: Source) throws -> Int {
        try Int(source.query("SELECT count(*) FROM pg_description WHERE objoid >= 16384")[0][0]!)!
    }

    @Test(arguments: [nil, 1, 2, 3])
    func muchIsWrittenBySeveralConnections(most: Int?) async throws {
        let source = try source(tables: 1000)
        let session = try await source.session(as: "metadata_writer", most.map { ["writeConnections": "\($0)"] } ?? [:])
        let changes = changes(source, 1...1000)
        let plans = [try await session.plan(changes), try await session.plan(changes)]
        #expect(try connections(source) == 1)
        let execution = await session.execute(plans[1].statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.appliedCount == 3000)
        #expect(try described(source) == 3000)
        try await grow(session, source, to: most ?? 2, writing: "new")
        // What goes on being asked and written is told by the same session.
        let table = Entity(kind: .table, path: source.path("public", "t700"))
        #expect(try await session.values(.description, of: [table]) == [.known("new")])
    }

    @Test func littleIsWrittenByOne() async throws {
        let source = try source(tables: 100)
        let session = try await source.session()
        try await session.applyAll(changes(source, 1...100))
        #expect(try connections(source) == 1)
    }

    @Test func oneConnectionMustDoWhereTheServerHasNoMore() async throws {
        let source = try source(tables: 1)
        // Not before: who sent this may not have left when the session comes.
        let session = try await session(source)
        try source.database.query("ALTER DATABASE \(source.database.name) CONNECTION LIMIT 1")
        for _ in 1...100 { try await session.applyAll(changes(source, 1...1)) }
        #expect(try connections(source) == 1)
        #expect(try described(source) == 3)
    }

    @Test func whatFailsCostsItselfOnEachOfThem() async throws {
        let source = try source(tables: 40)
        let session = try await wideSession(source, ["batchSize": "12"])
        let changes = changes(source, 1...40)
        let statements = try await session.plan(changes).statements
        // A moved value, a lost privilege, and what is gone, all over the batches.
        try source.query("COMMENT ON TABLE t3 IS 'theirs'; COMMENT ON COLUMN t30.c2 IS 'theirs'; DROP TABLE t17")
        try source.database.query("ALTER TABLE t9 OWNER TO stranger; ALTER TABLE t38 OWNER TO stranger")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [
            6: .conflict, 24: .denied, 25: .denied, 26: .denied, 48: .notFound, 49: .notFound, 50: .notFound, 89: .conflict,
            111: .denied, 112: .denied, 113: .denied,
        ])
        #expect(execution.appliedCount == 120 - 11)
        #expect(try described(source) == 120 - 11 + 2)
        #expect(try connections(source) == 2)
    }

    /// A lock timeout of a millisecond would be met each time if one of our connections waited for the other. On a busy machine
    /// it may be met when the server itself is stopped for a moment in the middle of making room for both.
    @Test func theyNeverWaitForEachOther() async throws {
        let columns = (1...1500).map { "c\($0) int" }.joined(separator: ", ")
        var failures: [Int: Failure] = [:]
        for _ in 1...10 {
            let source = try Source("CREATE TABLE t1 (\(columns))")
            let session = try await wideSession(source, ["batchSize": "20", "lockTimeout": "1"])
            let execution = try await session.apply(
                (1...1500).map { source.change("column", "public", "t1", "c\($0)", to: "\($0)") })
            #expect(execution.failure == nil)
            #expect(try connections(source) == 2)
            failures = execution.failures
            if failures.isEmpty { break }
        }
        #expect(failures.isEmpty)
    }

    /// A statement of a user's own sees what was planned before it, though that had to wait.
    @Test func whatDependsOnTheOrderKeepsIt() async throws {
        let source = try source(tables: 4)
        try source.query("SET ROLE app_owner; CREATE TABLE seen (text text)")
        let session = try await session(source, ["batchSize": "4", "lockTimeout": "3600000"])
        let changes = (1...4).map { source.change("table", "public", "t\($0)", to: "new") }
        var statements = try await session.plan(changes).statements
        statements[2].text = "INSERT INTO public.seen SELECT obj_description('public.t2'::regclass)"
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t1 IN SHARE UPDATE EXCLUSIVE MODE")
        let task = Task { [statements] in await session.execute(statements, of: changes) }
        try await source.waitUntilSomebodyWaits()
        try await eventually("the other connection is there") { try connections(source) == 2 }
        // The other connection has time to do what it must not do yet.
        try await Task.sleep(for: .milliseconds(300))
        try holder.run("ROLLBACK")
        let execution = await task.value
        #expect(execution.failures.isEmpty)
        #expect(execution.appliedCount == 4)
        #expect(try source.query("SELECT text FROM seen") == [["new"]])
    }

    @Test func aConnectionThatIsKilledLeavesTheRestUnsettled() async throws {
        let source = try source(tables: 400)
        let session = try await session(source, ["batchSize": "60", "lockTimeout": "3600000"])
        let changes = changes(source, 1...400)
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t250 IN SHARE UPDATE EXCLUSIVE MODE")
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        try source.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
        let execution = try await task.value
        #expect(execution.failure?.status == .transient)
        #expect(execution.failures.isEmpty)
        #expect(execution.outcomes[749] == nil)
        let applied = zip(changes, execution.outcomes).filter { $0.1 == .applied }.map(\.0)
        #expect(applied.count > 500)
        // What was told is there, and nothing is there that was not told: both had ended.
        #expect(try described(source) == applied.count)
        let values = try await source.session().values(
            .description, of: applied.map { Entity(kind: $0.kind == "column" ? .column : .table, path: $0.path) })
        #expect(values.allSatisfy { $0 == .known("new") })
    }

    @Test func aCancellationEndsAllOfThem() async throws {
        let source = try source(tables: 100)
        let session = try await session(source, ["batchSize": "60", "lockTimeout": "3600000"])
        let changes = changes(source, 1...100)
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t80, public.t95 IN SHARE UPDATE EXCLUSIVE MODE")
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        task.cancel()
        let execution = try await task.value
        #expect(execution.failure?.status == .cancelled)
        #expect(execution.failures.isEmpty)
        #expect(execution.outcomes[237] == nil && execution.outcomes[0] == .applied)
        #expect(try described(source) == execution.appliedCount)
        // The session is as good as before.
        try holder.run("ROLLBACK")
        let left = zip(changes, execution.outcomes).filter { $0.1 == nil }.map(\.0)
        try await session.applyAll(left)
        #expect(try described(source) == 300)
    }

    /// A killed writer's second connection may still be at work when its lock is free.
    @Test func whatAnothersSecondConnectionWritesIsWaitedFor() async throws {
        let source = try source(tables: 1)
        let key = 0x72_65_76_6D_65_74_61
        let left = try source.database.connect()
        try left.run("SELECT pg_advisory_lock_shared(\(key + 1))")
        let session = try await source.session()
        let refused = try await session.apply(changes(source, 1...1))
        #expect(refused.failure == nil)
        #expect(refused.failures.mapValues(\.status) == [0: .transient, 1: .transient, 2: .transient])
        #expect(refused.failures[0]?.message.contains("another revmeta (pid ") == true)
        // It does not keep others from writing meanwhile.
        #expect(try source.query("SELECT pg_try_advisory_lock(\(key)) AND pg_advisory_unlock(\(key))") == [["t"]])
        try left.run("SELECT pg_advisory_unlock_shared(\(key + 1))")
        try await session.applyAll(changes(source, 1...1))
    }
}
