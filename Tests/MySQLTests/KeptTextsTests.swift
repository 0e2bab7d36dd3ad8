import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// `SHOW CREATE TABLE` shows question marks for characters that it cannot show, and a clause made from it would write them.
@Suite struct KeptTextsTests {
    private static let table = """
        CREATE TABLE t (id int, m varchar(10) CHARACTER SET utf8mb4 DEFAULT '🙂',
          w varchar(10) CHARACTER SET utf16 DEFAULT 'a🙂', l char(9) CHARACTER SET utf16le DEFAULT '🙂',
          u varchar(9) CHARACTER SET utf32 DEFAULT '🙂', e enum('🙂','x') DEFAULT 'x', s set('x','🙂y') DEFAULT NULL,
          f enum('x','y🙂') DEFAULT 'y🙂', j varchar(9) CHARACTER SET cp932 DEFAULT x'FA54',
          a varchar(9) CHARACTER SET ascii DEFAULT 'n', c varchar(9) CHARACTER SET ucs2 DEFAULT '?',
          real_m varchar(10) DEFAULT 'what?', real_e enum('yes','no','?') DEFAULT '?',
          real_s set('?','it''s \\\\') CHARACTER SET utf16, x varchar(9) DEFAULT (concat('🙂', '?')),
          o text DEFAULT '🙂?', g varchar(9) AS (concat('🙂', id)) VIRTUAL, k varchar(9) CHECK (k <> '🙃'),
          b varbinary(9) DEFAULT '🙂?', stored int AS (id + 1) STORED) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        INSERT INTO t (id, s) VALUES (1, 'x,🙂y')
        """
    private static let lost = ["m", "w", "l", "u", "e", "s", "f", "j"]
    private static let kept = ["a", "c", "real_m", "real_e", "real_s", "x", "o", "g", "k", "b", "id"]

    private func defaults(_ source: Source) throws -> [[String?]] {
        try source.query("""
            TRUNCATE TABLE t; INSERT INTO t (id, s, e) VALUES (1, 2, 1);
            SELECT \((Self.lost + Self.kept).map { "HEX(\($0))" }.joined(separator: ", ")) FROM t
            """)
    }

    @Test func whatTheDefinitionDoesNotShowIsRefusedAndKept() async throws {
        let source = try Source(Self.table)
        try source.query("GRANT SELECT, INSERT, CREATE ON \(source.database.name).* TO metadata_writer")
        let before = try defaults(source)
        let changes = (Self.lost + Self.kept).map { source.change("column", "t", $0, to: "of \($0)") }
            + [source.change("table", "t", to: "of t")]
        for settings in [[:], ["allowTableCopy": "true"]] {
            let session = try await source.session(settings)
            let refusals = try await session.plan(changes).refusals.sorted { $0.index < $1.index }
            #expect(refusals.map(\.index) == Array(Self.lost.indices), "\(refusals)")
            for (refusal, name) in zip(refusals, Self.lost) {
                #expect(refusal.failure.status == .unsupported)
                #expect(refusal.failure.message.hasPrefix("column \(source.database.name).t.\(name): SHOW CREATE TABLE does not"))
                #expect(refusal.failure.message.contains("by hand"))
            }
        }
        // Beside them all else is written, also by a copy of the table.
        try await source.session().applyAll(Array(changes[Self.lost.count...]))
        try await source.session(["allowTableCopy": "true"]).applyAll([source.change("column", "t", "stored", to: "of stored")])
        #expect(try defaults(source) == before)
        #expect(throws: ServerProblem.self) { try source.query("INSERT INTO t (k) VALUES ('🙃')") }
    }

    /// Who may not SELECT cannot ask, so that a question mark may be anything.
    @Test func whatCannotBeAskedForIsRefused() async throws {
        let source = try Source("CREATE TABLE t (m varchar(9) DEFAULT '?', e enum('?'), n varchar(9) DEFAULT 'é', "
            + "l varchar(9) CHARACTER SET latin1 DEFAULT '?')")
        try source.query("CREATE USER \(source.database.name)_w; GRANT ALTER ON t TO \(source.database.name)_w")
        let session = try await source.session(as: "\(source.database.name)_w")
        let changes = ["m", "e", "n", "l"].map { source.change("column", "t", $0, to: "x") }
        let refusals = try await session.plan(changes).refusals.sorted { $0.index < $1.index }
        #expect(refusals.map(\.index) == [0, 1], "\(refusals)")
        for refusal in refusals {
            let words = refusal.failure.message.split(separator: ", or set").first?.split(separator: "; ").last
            try source.query(String(try #require(words)))
        }
        try await session.applyAll(changes)
    }

    /// To ask waits for who has the table, which a look at the definition does not. It costs the column, and no other table.
    @Test func aTableThatIsInUseCostsItsOwnColumnOnly() async throws {
        // On a server of its own: what looks at all tables there, as another test may, waits for the lock too.
        let server = try MariaDBServer()
        try Source.prepare(server)
        let source = try Source("CREATE TABLE t (m varchar(9) DEFAULT '?', n int); CREATE TABLE free (id int)", on: server)
        try source.query("GRANT SELECT ON \(source.database.name).* TO metadata_writer")
        let holder = try source.database.connect()
        try holder.run("LOCK TABLES t WRITE")
        let session = try await source.session(["lockTimeout": "1000"])
        let plan = try await session.plan([
            source.change("column", "t", "m", to: "x"), source.change("column", "t", "n", to: "x"),
            source.change("table", "free", to: "x"),
        ])
        #expect(plan.refusals.map(\.index) == [0] && plan.refusals.first?.failure.status == .failed)
        #expect(plan.refusals.first?.failure.message.contains("another session uses the table") == true)
        #expect(plan.statements.map { Array($0.changes) } == [[1], [2]])
        try holder.run("UNLOCK TABLES")
    }

    /// The definitions before and after are the same.
    @Test func whatSomebodyElsePutThereMeanwhileIsKept() async throws {
        let source = try Source("CREATE TABLE t (m varchar(9) DEFAULT '?', e enum('x','?') DEFAULT 'x')")
        try source.query("GRANT SELECT ON t TO metadata_writer")
        let session = try await source.session()
        let changes = [source.change("column", "t", "m", to: "x"), source.change("column", "t", "e", to: "x")]
        let statements = try await session.plan(changes).statements
        #expect(statements.count == 1)
        try source.query("ALTER TABLE t ALTER m SET DEFAULT '🙂'")
        let execution = await session.execute(statements, of: changes)
        #expect(execution.failures[0]?.status == .unsupported, "\(execution)")
        #expect(try source.query("SELECT HEX(DEFAULT(m)), COUNT(*) FROM t WHERE FALSE") == [["F09F9982", "0"]])
    }
}
