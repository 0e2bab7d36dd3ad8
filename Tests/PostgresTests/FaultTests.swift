import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

@Suite struct FaultTests {
    @Test func aLongWaitCanBeCancelled() async throws {
        let source = try Source("CREATE TABLE t1 (); CREATE TABLE t2 ()")
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t2 IN SHARE UPDATE EXCLUSIVE MODE")
        let session = try await source.session("metadata_writer", lockTimeout: 3_600_000)
        let changes = [source.change("table", "public", "t1", to: "x"), source.change("table", "public", "t2", to: "x")]
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        task.cancel()
        let execution = try await task.value
        #expect(execution.failure?.status == .cancelled)
        #expect(execution.outcomes == [nil, nil])
        // Rolled back, and the session is as good as before.
        #expect(try source.query("SELECT obj_description('t1'::regclass)") == [[nil]])
        try holder.run("ROLLBACK")
        try await session.applyAll(changes)
    }

    @Test func whatWasAppliedBeforeACancellationIsTold() async throws {
        let source = try Source((1...9).map { "CREATE TABLE t\($0) ()" }.joined(separator: ";"))
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t8 IN SHARE UPDATE EXCLUSIVE MODE")
        let session = try await source.session(as: "metadata_writer", ["lockTimeout": "3600000", "batchSize": "3"])
        let changes = (1...9).map { source.change("table", "public", "t\($0)", to: "x") }
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        task.cancel()
        let execution = try await task.value
        #expect(execution.failure?.status == .cancelled)
        #expect(execution.outcomes == Array(repeating: .applied, count: 6) + [nil, nil, nil])
    }

    @Test func aBatchPreparedBeforeACancellationIsNotSent() async throws {
        let source = try Source((1...6).map { "CREATE TABLE t\($0) ()" }.joined(separator: ";"))
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t2 IN SHARE UPDATE EXCLUSIVE MODE")
        let session = try await source.session(as: "metadata_writer", ["lockTimeout": "3600000", "batchSize": "3"])
        let changes = (1...6).map { source.change("table", "public", "t\($0)", to: "x") }
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        task.cancel()
        let execution = try await task.value
        #expect(execution.failure?.status == .cancelled)
        #expect(execution.outcomes == Array(repeating: nil, count: 6))
        #expect(try source.query("SELECT count(*) FROM pg_description WHERE objoid >= 16384") == [["0"]])
        try holder.run("ROLLBACK")
        try await session.applyAll(changes)
    }

    @Test func whatIsCertainWhenTheConnectionBreaksIsTold() async throws {
        let source = try Source((1...6).map { "CREATE TABLE t\($0) ()" }.joined(separator: ";"))
        let session = try await source.session(as: "metadata_writer", ["batchSize": "3"])
        let changes = (1...6).map { source.change("table", "public", "t\($0)", to: "x") }
        var statements = try await session.plan(changes).statements
        // Goes after the batch's comments, while their outcomes are still kept and the second batch is prepared.
        statements[2].text = "SELECT pg_terminate_backend(pg_backend_pid())"
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure?.status == .transient)
        #expect(execution.outcomes == [.applied, .applied, nil, nil, nil, nil])
        let described = """
            SELECT c.relname FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
            WHERE d.objoid >= 16384 ORDER BY 1
            """
        #expect(try source.query(described) == [["t1"], ["t2"]])
    }

    @Test func aCancelledConnectionAttemptEndsSoon() async throws {
        let source = try Source()
        var settings = source.database.settings(as: "metadata_writer")
        let silent = try SilentServer()
        settings["hostPort"] = "127.0.0.1:\(silent.port)"
        settings["connectTimeout"] = "3600"
        let task = Task { [settings] in try await Source.open(settings) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        let clock = ContinuousClock()
        let start = clock.now
        await #expect(throws: Failure.self) { _ = try await task.value }
        // Far from the hour that it may take.
        #expect(clock.now - start < .seconds(1800))
    }

    @Test func aServerThatStopsLeavesTheRestUnsettled() async throws {
        let server = try PostgresServer()
        let database = try server.createDatabase()
        try database.query((1...12).map { "CREATE TABLE t\($0) ()" }.joined(separator: ";"))
        let source = Source(database)
        let session = try await source.session(as: "postgres", ["lockTimeout": "3600000", "batchSize": "4"])
        let holder = try database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t10 IN SHARE UPDATE EXCLUSIVE MODE")
        let changes = (1...12).map { source.change("table", "public", "t\($0)", to: "x") }
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        try server.stop()
        let execution = try await task.value
        #expect(execution.failure?.status == .transient)
        #expect(execution.failure?.message.contains("was lost") == true)
        #expect(execution.outcomes == Array(repeating: .applied, count: 8) + [nil, nil, nil, nil])

        // The broken session says so again, and a new one finds what was told to be applied.
        await #expect(throws: Failure.self) {
            try await session.values(.description, of: [Entity(kind: .table, path: source.path("public", "t1"))])
        }
        await session.close()
        try server.start()
        let again = try await source.session(as: "postgres")
        let values = try await again.values(
            .description, of: (1...12).map { Entity(kind: .table, path: source.path("public", "t\($0)")) })
        #expect(values == (1...12).map { .known($0 <= 8 ? "x" : nil) })
    }

    @Test func aKilledBackendIsATransientFailure() async throws {
        let source = try Source("CREATE TABLE t ()")
        let session = try await source.session()
        try source.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        let execution = await session.execute(
            [Statement(text: "COMMENT ON TABLE public.t IS 'x'", changes: [0])],
            of: [source.change("table", "public", "t", to: "x")])
        #expect(execution.failure?.status == .transient)
        #expect(execution.outcomes == [nil])
    }
}

extension Source {
    /// Returns once a session waits for a lock in the database.
    func waitUntilSomebodyWaits() async throws {
        let waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        try await eventually("a session waits for a lock") { try query(waiting) != [["0"]] }
    }
}
