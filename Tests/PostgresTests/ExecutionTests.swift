import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

@Suite struct ExecutionTests {
    /// Tables t1 … tN, each with columns c1 … cM.
    private func source(tables: Int, columns: Int = 1) throws -> Source {
        let list = (1...columns).map { "c\($0) int" }.joined(separator: ", ")
        return try Source((1...tables).map { "CREATE TABLE t\($0) (\(list))" }.joined(separator: ";"))
    }

    private func tableChanges(_ source: Source, _ range: ClosedRange<Int>, to value: String = "new") -> [Change] {
        range.map { source.change("table", "public", "t\($0)", to: value) }
    }

    private func described(_ source: Source) throws -> Int {
        try Int(source.query("SELECT count(*) FROM pg_description WHERE objoid >= 16384")[0][0]!)!
    }

    /// Turns the statements at some indexes into ones that the server refuses when it runs them.
    private func spoiled(_ statements: [Statement], at indexes: [Int]) -> [Statement] {
        var statements = statements
        for index in indexes { statements[index].text = #"COMMENT ON COLUMN "public"."t1"."nowhere" IS 'x'"# }
        return statements
    }

    @Test(arguments: [[417], [0], [999], [1, 2], Array(stride(from: 0, to: 1000, by: 20))])
    func aFailingStatementCostsItsOwnChangeOnly(failing: [Int]) async throws {
        let source = try source(tables: 20, columns: 50)
        let session = try await source.session()
        let changes = (0..<1000).map {
            source.change("column", "public", "t\($0 / 50 + 1)", "c\($0 % 50 + 1)", to: "\($0)")
        }
        let plan = try await session.plan(changes)
        let execution = await session.execute(spoiled(plan.statements, at: failing), of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.keys.sorted() == failing)
        #expect(execution.failures.values.allSatisfy { $0.status == .notFound && $0.sqlState == "42703" })
        #expect(execution.appliedCount == 1000 - failing.count)
        #expect(try described(source) == 1000 - failing.count)
    }

    @Test func aSyntaxErrorIsBlamedOnItsOwnStatement() async throws {
        let source = try source(tables: 30)
        let session = try await source.session()
        let changes = tableChanges(source, 1...30)
        var statements = try await session.plan(changes).statements
        statements[11].text = "COMMENT ON TABLE public.t12 IZ 'x'"
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures.mapValues(\.sqlState) == [11: "42601"])
        #expect(execution.appliedCount == 29)
        #expect(try described(source) == 29)
    }

    @Test func aTemplatesStatementsMayBeSeveral() async throws {
        let source = try source(tables: 4)
        let session = try await source.session()
        let changes = tableChanges(source, 1...4)
        var statements = try await session.plan(changes).statements
        statements[0].parts = [
            "COMMENT ON TABLE public.t1 IS 'one' -- a comment; and its end", "COMMENT ON COLUMN public.t1.c1 IS 'two'",
        ]
        statements[1].parts = ["COMMENT ON TABLE public.t2 IS 'lost'", "COMMENT ON TABLE public.nowhere IS 'x'"]
        statements[2].parts = ["BEGIN", "COMMENT ON TABLE public.t3 IS 'lost'"]
        for index in 0..<3 { statements[index].text = statements[index].parts.joined(separator: ";\n") }
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.outcomes[0] == .applied)
        #expect(execution.failures[1]?.status == .notFound)
        #expect(execution.failures[2]?.status == .invalid)
        #expect(execution.outcomes[3] == .applied)
        #expect(try described(source) == 3)
    }

    @Test func aLockedTableIsLeftForTheNextRun() async throws {
        let source = try source(tables: 40, columns: 10)
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t7 IN SHARE UPDATE EXCLUSIVE MODE")
        let (session, proxy) = try await source.watchedSession(["lockTimeout": "3000"])
        let changes = tableChanges(source, 1...40)
            + (1...40).flatMap { table in
                (1...10).map { source.change("column", "public", "t\(table)", "c\($0)", to: "x") }
            }
        let execution = try await session.apply(changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.count == 11)
        #expect(execution.failures.values.allSatisfy { $0.status == .transient && $0.sqlState == "55P03" })
        #expect(execution.failures.keys.allSatisfy { changes[$0].path.names[2] == "t7" })
        #expect(try described(source) == changes.count - 11)
        // One wait, not one for each of its eleven statements.
        #expect(proxy.errors("55P03") == 1)
    }

    @Test func manyLockedTablesAreWaitedForOnceEach() async throws {
        let source = try source(tables: 60, columns: 5)
        let holder = try source.database.connect()
        let locked = (1...6).map { "public.t\($0)" }.joined(separator: ", ")
        try holder.run("BEGIN; LOCK TABLE \(locked) IN SHARE UPDATE EXCLUSIVE MODE")
        let (session, proxy) = try await source.watchedSession(["lockTimeout": "1000"])
        let changes = (1...60).flatMap { table in
            (1...5).map { source.change("column", "public", "t\(table)", "c\($0)", to: "x") }
        }
        let execution = try await session.apply(changes)
        #expect(execution.failures.count == 30)
        #expect(try described(source) == 270)
        // A wait for each table, not one for each of thirty statements.
        #expect(proxy.errors("55P03") == 6)
    }

    @Test func anOwnerWaitsForItsLockAndTheOthersDoNot() async throws {
        let source = try source(tables: 5)
        let holder = try source.database.connect()
        try holder.run("BEGIN; INSERT INTO public.t2 VALUES (1)")
        let session = try await source.session("metadata_writer", lockTimeout: 300)
        let execution = try await session.apply(
            (1...5).map {
                source.change("table", "public", "t\($0)", attribute: .owner, before: "app_owner", to: "new_owner")
            })
        #expect(execution.failures.mapValues(\.status) == [1: .transient])
        #expect(execution.appliedCount == 4)
    }

    @Test func whatWasDroppedSinceIsNotFound() async throws {
        let source = try source(tables: 4, columns: 3)
        try source.query("COMMENT ON COLUMN t4.c3 IS 'old'")
        let (session, proxy) = try await source.watchedSession()
        let changes = [
            source.change("table", "public", "t1", to: "x"), source.change("column", "public", "t2", "c2", to: "x"),
            source.change("table", "public", "t3", to: "x"), source.change("column", "public", "t2", "c1", to: "x"),
            source.change("column", "public", "t1", "c1", to: "x"), source.change("column", "public", "t1", "c2", to: "x"),
            source.change("column", "public", "t4", "c3", before: "old", to: "x"),
        ]
        let statements = try await session.plan(changes).statements
        try source.query(
            """
            DROP TABLE t1; ALTER TABLE t2 DROP c2; DROP TABLE t3; CREATE VIEW t3 AS SELECT 1 AS c1; ALTER TABLE t4 DROP c3
            """)
        let execution = await session.execute(statements, of: changes)
        let gone = [0, 1, 2, 4, 5, 6]
        #expect(execution.failures.mapValues(\.status) == Dictionary(uniqueKeysWithValues: gone.map { ($0, .notFound) }))
        #expect(execution.failures[2]?.message.contains("is a view by now") == true)
        for index in gone where index != 2 {
            #expect(execution.failures[index]?.message.contains("does not exist any more") == true)
        }
        #expect(execution.outcomes[3] == .applied)
        // None of them was sent.
        #expect(proxy.errors("42703") == 0 && proxy.errors("42P01") == 0)
    }

    /// A column that is gone is not looked for, since it looks like one without a comment: the server says so, once.
    @Test(arguments: [[7], [5, 6, 9, 12]])
    func aColumnThatWasDroppedSinceCostsNoOther(dropped: [Int]) async throws {
        let source = try source(tables: 3, columns: 4)
        let (session, proxy) = try await source.watchedSession()
        let changes = (0..<12).map { source.change("column", "public", "t\($0 / 4 + 1)", "c\($0 % 4 + 1)", to: "x") }
        let statements = try await session.plan(changes).statements
        try source.query(dropped.map { "ALTER TABLE t\(($0 - 1) / 4 + 1) DROP c\(($0 - 1) % 4 + 1)" }.joined(separator: ";"))
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures.keys.sorted() == dropped.map { $0 - 1 })
        for failure in execution.failures.values {
            #expect(failure.status == .notFound && failure.message.contains("does not exist any more"))
        }
        #expect(execution.appliedCount == 12 - dropped.count)
        #expect(try described(source) == 12 - dropped.count)
        #expect(proxy.errors("42703") == 1)
    }

    /// It may write something else than the column, and the server would not mind.
    @Test func aTemplatesStatementIsNotSentForAColumnThatWasDroppedSince() async throws {
        let source = try source(tables: 2, columns: 2)
        try source.query("CREATE TABLE noted (what text); GRANT INSERT ON noted TO metadata_writer")
        let session = try await source.session()
        let changes = [
            source.change("column", "public", "t1", "c1", to: "x"),
            source.change("column", "public", "t1", "c2", attribute: .tag("pii"), to: "x"),
            source.change("column", "public", "t2", "c1", to: "x"), source.change("column", "public", "t2", "c2", to: "x"),
        ]
        let statements = changes.indices.map { index in
            let text = "INSERT INTO public.noted VALUES ('\(index)')"
            return Statement(text: text, changes: [index], parts: [text])
        }
        try source.query("ALTER TABLE t1 DROP c1, DROP c2; ALTER TABLE t2 DROP c2")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures.mapValues(\.status) == [0: .notFound, 1: .notFound, 3: .notFound])
        #expect(execution.outcomes[2] == .applied)
        #expect(try source.query("SELECT what FROM noted") == [["2"]])
    }

    @Test func whatIsWrittenOverIsFoundInEachSchemaAndKind() async throws {
        let source = try Source(
            """
            CREATE TABLE t ("c" int, "C" int); CREATE SCHEMA other; CREATE TABLE other.t ("c" int, "C" int);
            CREATE TABLE "T" ("c" int); CREATE VIEW v AS SELECT 1 AS c
            """)
        let session = try await source.session()
        let columns = [
            ("public", "t", "c"), ("public", "t", "C"), ("other", "t", "c"), ("other", "t", "C"), ("public", "T", "c"),
            ("public", "v", "c"),
        ]
        let changes = columns.map { source.change("column", $0.0, $0.1, $0.2, to: "new") }
            + [source.change("table", "public", "t", to: "new"), source.change("view", "public", "v", to: "new")]
        let statements = try await session.plan(changes).statements
        try source.query(
            """
            COMMENT ON COLUMN t."C" IS 'theirs'; COMMENT ON COLUMN other.t.c IS 'theirs'; COMMENT ON COLUMN v.c IS 'theirs';
            COMMENT ON TABLE t IS 'theirs'
            """)
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [1: .conflict, 2: .conflict, 5: .conflict, 6: .conflict])
        #expect(execution.appliedCount == 4)
        #expect(try source.query("SELECT description, count(*) FROM pg_description WHERE objoid >= 16384 GROUP BY 1 ORDER BY 1")
            == [["new", "4"], ["theirs", "4"]])
    }

    /// In any order, and each time if a column comes twice: the others' comments are found by their columns' names.
    @Test(arguments: [[6, 1, 4, 2, 3, 5], [1, 2, 3, 4, 5, 6], [2, 6, 4], [4, 2, 4, 1, 4], [1, 3, 5], [5, 6, 1, 2, 2]])
    func aColumnIsComparedWithItsOwnComment(asked: [Int]) async throws {
        let source = try source(tables: 2, columns: 6)
        let session = try await source.session()
        let changes = [source.change("column", "public", "t1", "c1", to: "new")]
            + asked.map { source.change("column", "public", "t2", "c\($0)", to: "new") }
        let statements = try await session.plan(changes).statements
        try source.query(
            """
            COMMENT ON TABLE t2 IS 'theirs'; COMMENT ON COLUMN t2.c2 IS 'theirs'; COMMENT ON COLUMN t2.c4 IS 'theirs';
            COMMENT ON COLUMN t2.c6 IS 'new'
            """)
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        let theirs = changes.indices.filter { $0 > 0 && [2, 4].contains(asked[$0 - 1]) }
        #expect(execution.failures.mapValues(\.status) == Dictionary(uniqueKeysWithValues: theirs.map { ($0, .conflict) }))
        #expect(execution.failures.values.allSatisfy { $0.message.contains("theirs") })
        #expect(execution.appliedCount == changes.count - theirs.count)
        #expect(try source.query("SELECT count(*) FROM pg_description WHERE description = 'theirs'") == [["3"]])
    }

    @Test func whatSomebodyElseChangedIsNotOverwritten() async throws {
        let source = try Source(
            """
            CREATE TABLE t1 (c1 int); CREATE TABLE t2 ();
            COMMENT ON TABLE t1 IS 'old'; COMMENT ON COLUMN t1.c1 IS 'old';
            """)
        let session = try await source.session()
        let changes = [
            source.change("table", "public", "t1", before: "old", to: "new"),
            source.change("column", "public", "t1", "c1", before: "old", to: "new"),
            source.change("table", "public", "t2", before: nil, to: "new"),
            source.change("table", "public", "t2", attribute: .owner, before: "app_owner", to: "new_owner"),
        ]
        let statements = try await session.plan(changes).statements
        try source.query(
            """
            COMMENT ON TABLE t1 IS 'theirs'; COMMENT ON COLUMN t1.c1 IS NULL; COMMENT ON TABLE t2 IS 'theirs too';
            ALTER TABLE t2 OWNER TO stranger;
            """)
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures.mapValues(\.status) == [0: .conflict, 1: .conflict, 2: .conflict, 3: .conflict])
        #expect(execution.failures[0]?.message.contains("expected 'old', found 'theirs'") == true)
        #expect(execution.failures[1]?.message.contains("found nothing") == true)
        let now = try source.query(
            """
            SELECT obj_description('t1'::regclass), col_description('t1'::regclass, 1), obj_description('t2'::regclass)
            """)
        #expect(now == [["theirs", nil, "theirs too"]])
    }

    @Test func theTwoSpellingsOfALetterAreTwoTexts() async throws {
        let source = try Source("CREATE TABLE t1 (); COMMENT ON TABLE t1 IS 'cafe\u{301}'")
        let session = try await source.session()
        let execution = try await session.apply([
            source.change("table", "public", "t1", before: "caf\u{E9}", to: "new")
        ])
        #expect(execution.failures[0]?.status == .conflict)
    }

    @Test func aSecondWriterIsSentAway() async throws {
        let source = try source(tables: 2)
        let first = try await source.session(), second = try await source.session()
        try await first.applyAll([source.change("table", "public", "t1", to: "first")])
        let refused = try await second.apply([source.change("table", "public", "t2", to: "second")])
        // Nothing was sent, which is an outcome, and nothing to doubt.
        #expect(refused.failure == nil)
        #expect(refused.failures[0]?.status == .transient)
        #expect(refused.failures[0]?.message.contains("another revmeta (pid ") == true)
        #expect(refused.failures[0]?.message.contains(", since 2") == true)
        // Reading goes on meanwhile.
        let read = try await second.values(.description, of: [Entity(kind: .table, path: source.path("public", "t1"))])
        #expect(read == [.known("first")])
        try await first.applyAll([source.change("table", "public", "t1", before: "first", to: "again")])
        await first.close()
        // The server frees the lock a moment after the client has said goodbye.
        let held = """
            SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
            WHERE locktype = 'advisory' AND datname = current_database()
            """
        try await eventually("the lock is free") { try source.query(held) == [["0"]] }
        try await second.applyAll([source.change("table", "public", "t2", to: "second")])
    }

    @Test func whatCannotBeReadIsNotCompared() async throws {
        let source = try source(tables: 2)
        try source.query("COMMENT ON TABLE t2 IS 'theirs'; SET ROLE app_owner; CREATE TABLE notes (t text, tag text)")
        let session = try await source.session()
        let changes = [
            source.change("table", "public", "t1", attribute: .tag("PII"), before: "whatever it was", to: "Sensitive"),
            source.change("column", "public", "t1", "c1", attribute: .owner, before: "nobody", to: "jane"),
            source.change("table", "public", "t2", before: "ours", to: "new"),
        ]
        let texts = ["('t1', 'PII.Sensitive')", "('t1.c1', 'jane')", "('t2', 'new')"]
            .map { "INSERT INTO public.notes VALUES \($0)" }
        let execution = await session.execute(
            texts.enumerated().map { Statement(text: $1, changes: [$0], parts: [$1]) }, of: changes)
        #expect(execution.outcomes.prefix(2) == [.applied, .applied])
        // What it reads it compares, whoever wrote the statement.
        #expect(execution.failures.mapValues(\.status) == [2: .conflict])
        #expect(try source.query("SELECT t FROM notes ORDER BY t") == [["t1"], ["t1.c1"]])
    }

    @Test func theServerIsToldWhichRunItIs() async throws {
        let source = try source(tables: 1)
        let session = try await source.session()
        let changes = tableChanges(source, 1...1)
        let plan = try await session.plan(changes)
        #expect(await session.execute(plan.statements, of: changes, label: "run 12").outcomes == [.applied])
        #expect(try source.query("SELECT application_name FROM pg_stat_activity WHERE usename = 'metadata_writer' "
            + "AND datname = current_database()") == [["revmeta run 12"]])
    }

    @Test func threeThousandTablesFitTheLockTable() async throws {
        let source = try Source()
        for start in stride(from: 1, through: 3000, by: 500) {
            try source.query(
                """
                SET ROLE app_owner;
                DO $$ BEGIN FOR i IN \(start)..\(start + 499) LOOP
                  EXECUTE format('CREATE TABLE t%s (c1 int)', i);
                END LOOP; END $$
                """)
        }
        let session = try await source.session()
        try await session.applyAll(tableChanges(source, 1...3000))
        #expect(try described(source) == 3000)
    }

    @Test func aBatchMayBeSmall() async throws {
        let source = try source(tables: 25)
        let session = try await source.session("metadata_writer", batchSize: 4)
        let changes = tableChanges(source, 1...25)
        let statements = spoiled(try await session.plan(changes).statements, at: [6])
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures.keys.sorted() == [6])
        #expect(try described(source) == 24)
    }

    @Test func whatMovedIsFoundInEachBatchOfACall() async throws {
        let source = try source(tables: 10)
        let session = try await source.session("metadata_writer", batchSize: 3)
        let changes = tableChanges(source, 1...10)
        let statements = try await session.plan(changes).statements
        try source.query("COMMENT ON TABLE t5 IS 'theirs'; COMMENT ON TABLE t10 IS 'theirs'; DROP TABLE t7")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [4: .conflict, 6: .notFound, 9: .conflict])
        #expect(execution.appliedCount == 7)
        #expect(try source.query("SELECT obj_description('t5'::regclass), obj_description('t6'::regclass)")
            == [["theirs", "new"]])
    }

    @Test func whatMovesWhileTheBatchBeforeIsWrittenIsFound() async throws {
        let source = try source(tables: 6)
        let holder = try source.database.connect()
        try holder.run("BEGIN; LOCK TABLE public.t2 IN SHARE UPDATE EXCLUSIVE MODE")
        let session = try await source.session(
            as: "metadata_writer", ["lockTimeout": "3600000", "batchSize": "3"])
        let changes = tableChanges(source, 1...6)
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        // The second batch is prepared by now, and must not be compared yet.
        try source.query("COMMENT ON TABLE t5 IS 'theirs'")
        try holder.run("ROLLBACK")
        let execution = try await task.value
        #expect(execution.failures.mapValues(\.status) == [4: .conflict])
        #expect(execution.appliedCount == 5)
        #expect(try source.query("SELECT obj_description('t5'::regclass)") == [["theirs"]])
    }

    @Test func aFailingStatementCostsOnlyItselfInEachBatchOfACall() async throws {
        let source = try source(tables: 12)
        let session = try await source.session("metadata_writer", batchSize: 3)
        let changes = tableChanges(source, 1...12)
        // The first batch has one, the second two, the third none and the last nothing else.
        let failing = [1, 3, 5, 9, 10, 11]
        let statements = spoiled(try await session.plan(changes).statements, at: failing)
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.keys.sorted() == failing)
        #expect(execution.appliedCount == 6)
        #expect(try described(source) == 6)
    }

    /// The question about the second batch stands in the first one's message, which the server then cannot read.
    @Test func aNameThatTheEncodingCannotSpellCostsNoBatchBeforeIt() async throws {
        let database = try PostgresServer.shared.get().createDatabase(
            options: "ENCODING LATIN1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try database.query("CREATE TABLE t1 (); CREATE TABLE t3 ()")
        let source = Source(database)
        let session = try await source.session("postgres", batchSize: 1)
        let changes = ["t1", "wish 🎁", "t3"].map { source.change("table", "public", $0, to: "new") }
        let execution = try await session.apply(changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [1: .notFound])
        #expect(execution.appliedCount == 2)
        #expect(try described(source) == 2)
    }

    @Test func aBatchWithoutCommentsIsFollowedByTheNext() async throws {
        let source = try source(tables: 4)
        let session = try await source.session("metadata_writer", batchSize: 2)
        let owners = (1...2).map {
            source.change("table", "public", "t\($0)", attribute: .owner, before: "app_owner", to: "new_owner")
        }
        try await session.applyAll(owners + tableChanges(source, 3...4))
        #expect(try described(source) == 2)
    }
}

extension Source {
    func session(_ role: String, lockTimeout: Int) async throws -> any ConnectorSession {
        try await session(as: role, ["lockTimeout": "\(lockTimeout)"])
    }

    func session(_ role: String, batchSize: Int) async throws -> any ConnectorSession {
        try await session(as: role, ["batchSize": "\(batchSize)"])
    }
}
