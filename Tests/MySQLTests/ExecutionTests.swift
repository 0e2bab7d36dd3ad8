import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaTestWaiting
import Testing

@Suite struct ExecutionTests {
    @Test func whatSomebodyElseDescribedIsNotOverwritten() async throws {
        let source = try Source("CREATE TABLE t (a int COMMENT 'old'); CREATE TABLE u (a int)")
        let session = try await source.session()
        let changes = [
            source.change("column", "t", "a", before: "old", to: "new"), source.change("table", "u", to: "new"),
            source.change("schema", to: "new"),
        ]
        let statements = try await session.plan(changes).statements
        try source.query("ALTER TABLE t MODIFY a int COMMENT 'theirs'; ALTER DATABASE \(source.database.name) "
            + "COMMENT = 'theirs'")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [0: .conflict, 2: .conflict])
        #expect(execution.failures[0]?.message.contains("expected 'old', found 'theirs'") == true)
        #expect(execution.outcomes[1] == .applied)
        #expect(try source.comments("t") == ["", "theirs"])
    }

    /// A clause that is out of date would put a colleague's work back, and the server would not mind.
    @Test func whatSomebodyElseAlteredIsNotPutBack() async throws {
        let source = try Source("CREATE TABLE t (a int DEFAULT 1, b int); CREATE TABLE u (a int)")
        let session = try await source.session()
        let changes = [source.change("column", "t", "a", to: "new"), source.change("table", "u", to: "new")]
        let statements = try await session.plan(changes).statements
        try source.query("ALTER TABLE t ALTER a SET DEFAULT 2; DROP TABLE u")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures.mapValues(\.status) == [0: .conflict, 1: .notFound])
        #expect(
            execution.failures[0]?.message.contains("expected '`a` int(11) DEFAULT 1', found '`a` int(11) DEFAULT "
                + "2'") == true)
        #expect(try source.definition("t").contains("`a` int(11) DEFAULT 2,"))
    }

    /// A line that follows adds a comma to the one before, which is not what was changed.
    @Test func aKeyThatWasAddedIsNamed() async throws {
        let source = try Source("CREATE TABLE t (a int PRIMARY KEY, b int)")
        let session = try await source.session()
        let changes = [source.change("column", "t", "a", to: "new")]
        let statements = try await session.plan(changes).statements
        try source.query("ALTER TABLE t ADD KEY k (b)")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures[0]?.message.contains("found 'KEY `k` (`b`)'") == true, "\(execution)")
    }

    @Test func insertsAndOthersCommentsAreNoConflict() async throws {
        let source = try Source("CREATE TABLE t (a int AUTO_INCREMENT PRIMARY KEY, b int)")
        let session = try await source.session()
        let changes = [source.change("column", "t", "a", to: "new")]
        let statements = try await session.plan(changes).statements
        try source.query("INSERT INTO t (b) VALUES (1), (2); ALTER TABLE t COMMENT = 'theirs', MODIFY b int "
            + "COMMENT 'theirs'")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.outcomes == [.applied])
        #expect(try source.comments("t") == ["theirs", "new", "theirs"])
    }

    /// What holds already is not sent again: an ALTER for nothing costs as much as one for something.
    @Test func whatHoldsAlreadyIsNotSent() async throws {
        let source = try Source("CREATE TABLE t (a int)")
        let session = try await source.session()
        let changes = [source.change("column", "t", "a", to: "new"), source.change("table", "t", to: "new")]
        var statements = try await session.plan(changes).statements
        try source.query("ALTER TABLE t COMMENT = 'new', MODIFY a int COMMENT 'new'")
        statements[0].text = "this would be refused"
        #expect(await session.execute(statements, of: changes).outcomes == [.applied])
    }

    @Test func aHarmfulStatementEndsTheRunAndSaysHowToMend() async throws {
        let source = try Source("CREATE TABLE t (a int INVISIBLE DEFAULT 3 COMMENT 'old', j json, b int); CREATE "
            + "TABLE u (a int)")
        let session = try await source.session()
        let changes = [
            source.change("column", "t", "a", before: "old", to: "new"), source.change("column", "t", "j", to: "new"),
            source.change("table", "t", to: "new"), source.change("table", "u", to: "new"),
        ]
        var statements = try await session.plan(changes).statements
        #expect(statements.count == 2)
        // As a server would that read a clause differently.
        statements[0].text = statements[0].text.replacing(" INVISIBLE", with: "")
        let before = try source.definition("t")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure?.status == .failed)
        #expect(execution.outcomes.count == 2 && execution.outcomes[1] == nil)
        let message = try #require(execution.failures[0]?.message)
        #expect(execution.failure?.message.contains("nothing more is sent") == true)
        let after = try source.definition("t")
        #expect(message.contains(before) && message.contains(after))
        #expect(try source.comments("u") == ["", ""])
        // The statement that it gives puts all back.
        let mending = try #require(message.split(separator: "\n").last)
        #expect(mending.hasPrefix("ALTER TABLE `\(source.database.name)`.`t` MODIFY COLUMN `a` int(11) INVISIBLE "
            + "DEFAULT 3"))
        try source.query(String(mending))
        #expect(try source.definition("t") == before)
    }

    @Test func aFailingStatementCostsItsOwnTableOnly() async throws {
        let source = try Source((1...5).map { "CREATE TABLE t\($0) (a int)" }.joined(separator: ";"))
        let session = try await source.session()
        let changes = (1...5).map { source.change("table", "t\($0)", to: "x") }
        var statements = try await session.plan(changes).statements
        statements[2].text = "ALTER TABLE t3 COMENT = 'x'"
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.keys.sorted() == [2] && execution.failures[2]?.status == .failed)
        #expect(execution.outcomes.count { $0 == .applied } == 4)
    }

    @Test func aReaderIsNotWaitedForLongerThanAllowed() async throws {
        let source = try Source("CREATE TABLE held (a int); CREATE TABLE free (a int)")
        let reader = try source.database.connect()
        try reader.run("BEGIN; SELECT * FROM held")
        let session = try await source.session(["lockTimeout": "1000"])
        let changes = [source.change("table", "held", to: "x"), source.change("table", "free", to: "x")]
        let execution = try await session.apply(changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [0: .transient])
        #expect(execution.failures[0]?.message.contains("lockTimeout") == true)
        #expect(execution.outcomes[1] == .applied)
        try reader.run("COMMIT")
        try await session.applyAll([changes[0]])
    }

    @Test func aWaitIsCancelled() async throws {
        let source = try Source("CREATE TABLE t1 (a int); CREATE TABLE t2 (a int); CREATE TABLE t3 (a int)")
        let reader = try source.database.connect()
        try reader.run("BEGIN; SELECT * FROM t2")
        let session = try await source.session(["lockTimeout": "600000"])
        let changes = (1...3).map { source.change("table", "t\($0)", to: "x") }
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        task.cancel()
        let execution = try await task.value
        #expect(execution.failure?.status == .cancelled)
        #expect(execution.outcomes == [.applied, nil, nil])
        // Nobody waits any more, and the session is as good as before.
        try await source.waitUntil(waiting: 0)
        try reader.run("COMMIT")
        try await session.applyAll(changes)
    }

    @Test func aKilledConnectionIsTransient() async throws {
        let source = try Source("CREATE TABLE t1 (a int); CREATE TABLE t2 (a int)")
        let reader = try source.database.connect()
        try reader.run("BEGIN; SELECT * FROM t2")
        let session = try await source.session(["lockTimeout": "600000"])
        let changes = (1...2).map { source.change("table", "t\($0)", to: "x") }
        let task = Task { try await session.apply(changes) }
        try await source.waitUntilSomebodyWaits()
        try source.query("KILL \(try source.waiters()[0])")
        let execution = try await task.value
        #expect(execution.failure?.status == .transient)
        #expect(execution.outcomes == [.applied, nil])
    }

    @Test func aSecondWriterOfADatabaseIsSentAway() async throws {
        let source = try Source("CREATE TABLE t (a int)"), other = try Source("CREATE TABLE t (a int)")
        let first = try await source.session(), second = try await source.session()
        try await first.applyAll([source.change("table", "t", to: "first")])
        let changes = [source.change("column", "t", "a", to: "second"), other.change("table", "t", to: "second")]
        let execution = try await second.apply(changes)
        #expect(execution.failure == nil)
        #expect(execution.failures.mapValues(\.status) == [0: .transient])
        #expect(execution.failures[0]?.message.contains("another revmeta (connection ") == true)
        #expect(execution.outcomes[1] == .applied)
        await first.close()
        try await eventually("the second may write") { try await second.apply([changes[0]]).outcomes == [.applied] }
    }

    @Test func aTemplatesStatementsRunInOrder() async throws {
        let source = try Source("CREATE TABLE t (a int COMMENT 'old'); CREATE TABLE log (text varchar(99)) "
            + "ENGINE=InnoDB; GRANT INSERT ON log TO metadata_writer")
        let session = try await source.session()
        let changes = [
            source.change("column", "t", "a", before: "old", to: "x"),
            source.change("column", "t", "a", before: "other", to: "x"),
            source.change("table", "gone", to: "x"),
        ]
        let log = "\(source.database.name).log"
        let statements = [
            Statement(text: "-", changes: [0],
                parts: ["INSERT INTO \(log) VALUES ('1')", "INSERT INTO \(log) VALUES ('2')"]),
            Statement(text: "-", changes: [0],
                parts: ["INSERT INTO \(log) VALUES ('lost')", "INSERT INTO nowhere.t VALUES (1)"]),
            Statement(text: "-", changes: [1], parts: ["INSERT INTO \(log) VALUES ('moved')"]),
            Statement(text: "-", changes: [2], parts: ["INSERT INTO \(log) VALUES ('gone')"]),
        ]
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failure == nil)
        #expect(execution.outcomes[0] == .applied)
        #expect(execution.failures.mapValues(\.status) == [1: .denied, 2: .conflict, 3: .notFound])
        #expect(execution.failures[1]?.message.contains("statement 2 of 2") == true)
        #expect(try source.query("SELECT text FROM log ORDER BY text") == [["1"], ["2"]])
    }
}

extension Source {
    /// The connections of the test's database that wait for a table.
    func waiters() throws -> [String] {
        try query(
            """
            SELECT ID FROM information_schema.PROCESSLIST
            WHERE STATE LIKE 'Waiting for table metadata lock' AND INFO LIKE '%\(database.name)%'
            """).map { $0[0]! }
    }

    func waitUntilSomebodyWaits() async throws {
        try await waitUntil(waiting: 1)
    }

    func waitUntil(waiting count: Int) async throws {
        try await eventually("\(count) wait for a table") { try waiters().count == count }
    }
}
