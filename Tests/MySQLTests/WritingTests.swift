import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

@Suite struct WritingTests {
    @Test func aTableAndItsColumnsAreOneStatement() async throws {
        let source = try Source("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL "
            + "COMMENT 'old')")
        let session = try await source.session()
        let changes = [
            source.change("table", "t", to: "It's \\ here\r\n"),
            source.change("column", "t", "name", before: "old", to: nil),
            source.change("column", "t", "id", to: "the key"),
        ]
        let plan = try await session.plan(changes)
        #expect(plan.refusals == [])
        #expect(
            plan.statements.map(\.text) == [
                #"ALTER TABLE `\#(source.database.name)`.`t` MODIFY COLUMN `name` varchar(20) NOT NULL, "#
                    + #"MODIFY COLUMN `id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'the key', "#
                    + #"COMMENT = 'It''s \\ here\r\n', ALGORITHM=INSTANT, LOCK=NONE"#
            ])
        #expect(plan.statements[0].changes == [0, 1, 2])
        #expect(
            plan.statements[0].guardText == """
                CREATE TABLE `t` (
                  `id` int(11) NOT NULL AUTO_INCREMENT,
                  `name` varchar(20) NOT NULL,
                  PRIMARY KEY (`id`)
                ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
                """)
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failure == nil && execution.outcomes == [.applied])
        #expect(try source.comments("t") == ["It's \\ here\r\n", "the key", ""])
    }

    @Test func aSchemaIsDescribedAndCleared() async throws {
        let source = try Source(options: "CHARACTER SET latin1 COLLATE latin1_bin")
        let session = try await source.session()
        let entity = Entity(kind: .schema, path: source.path())
        try await session.applyAll([source.change("schema", to: "what's sold")])
        #expect(try await session.descriptions([entity]) == [.known("what's sold")])
        #expect(
            try source.query("SHOW CREATE DATABASE \(source.database.name)")[0][1]!.hasSuffix(
                "/*!40100 DEFAULT CHARACTER SET latin1 COLLATE latin1_bin */ COMMENT 'what''s sold'"))
        try await session.applyAll([source.change("schema", before: "what's sold", to: nil)])
        #expect(try await session.descriptions([entity]) == [.known(nil)])
    }

    /// The characters that MariaDB's limits count are those the abilities tell.
    @Test func theLongestDescriptionsFit() async throws {
        let source = try Source("CREATE TABLE t (a int)")
        let session = try await source.session()
        let table = String(repeating: "€", count: 2048), column = String(repeating: "ﬀ", count: 1024)
        let schema = String(repeating: "é", count: 512)
        try await session.applyAll([
            source.change("table", "t", to: table), source.change("column", "t", "a", to: column),
            source.change("schema", to: schema),
        ])
        #expect(try source.comments("t") == [table, column])
        let plan = try await session.plan([
            source.change("table", "t", before: table, to: table + "x"),
            source.change("column", "t", "a", before: column, to: column + "x"),
            source.change("schema", before: schema, to: schema + "x"),
        ])
        #expect(plan.statements == [] && plan.refusals.map(\.failure.status) == [.invalid, .invalid, .invalid])
    }

    static let hostileTexts = [
        "it's", "''", #"back\slash \' \n"#, "line\nline\r\n\ttab", "\u{202E}rtl \u{200F}עברית", #"\"#, #"\\"#, #"\'"#,
        "quote then mark: '\u{301} \"\u{327} `\u{301}", "/* -- */ -- ; # /*!50100 x */", "%s %d %% \\% \\_ {}", "*/",
        "'; DROP TABLE t; --", " leading and trailing ", "COMMENT 'x' CHECK (1)", "\u{FFFF}\u{1}\u{8}\u{1A}\u{7F}",
        ", ADD COLUMN evil int", "\\0 not a NUL", "AUTO_INCREMENT=7", "cafe\u{301} caf\u{E9}",
    ]

    @Test func hostileTextsArriveByteForByte() async throws {
        let source = try Source("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, j json, n int CHECK (n > 0))")
        let session = try await source.session()
        var before: String?
        for text in Self.hostileTexts {
            try await session.applyAll(
                [source.change("table", "t", before: before, to: text)]
                    + ["id", "j", "n"].map { source.change("column", "t", $0, before: before, to: text) }
                    + [source.change("schema", before: before, to: text)])
            before = text
            let stored = try source.comments("t")
            #expect(stored.allSatisfy { Array($0.utf8) == Array(text.utf8) }, "\(text): \(stored)")
            let entities = [Entity(kind: .table, path: source.path("t")), Entity(kind: .schema, path: source.path())]
            #expect(try await session.descriptions(entities) == [.known(text), .known(text)])
        }
    }

    static let hostileNames = [
        "with.dot", "with `ticks`", "`", "with space", "MixedCase", "select", "1st", "it's", #"back\slash"#, "a,b(c",
        "NULL",
        "semi;colon", "CHECK", "COMMENT 'x'", String(repeating: "n", count: 64), "\u{301}mark", "tick`\u{301}mark",
        "日本",
        "double\"quote", "a)b", "/*!50100 x*/", "%", "_",
    ]

    @Test(arguments: hostileNames) func hostileNamesAreFoundAndWritten(name: String) async throws {
        let quoted = "`" + name.unicodeScalars.map { $0 == "`" ? "``" : String($0) }.joined() + "`"
        let server = try MariaDBServer.shared.get()
        let source = try Source()
        try source.query("CREATE DATABASE \(quoted); CREATE TABLE \(quoted).\(quoted) (\(quoted) int CHECK "
            + "(\(quoted) > 0))")
        defer { _ = try? source.query("DROP DATABASE \(quoted)") }
        #expect(source.database.server === server)
        let session = try await source.session(as: "root")
        let schema = EntityPath(["default", name]), table = EntityPath(["default", name, name])
        let column = EntityPath(["default", name, name, name])
        func change(_ kind: SourceKind, _ path: EntityPath, to value: String) -> Change {
            Change(kind: kind, path: path, attribute: .description, before: nil, value: value)
        }
        try await session.applyAll([
            change("schema", schema, to: "1"), change("table", table, to: "2"), change("column", column, to: "3"),
        ])
        #expect(
            try await session.descriptions([
                Entity(kind: .schema, path: schema), Entity(kind: .table, path: table),
                Entity(kind: .column, path: column),
            ]) == ["1", "2", "3"].map { .known($0) })
    }

    @Test func whatNoStatementCanDoIsRefused() async throws {
        let source = try Source(
            """
            CREATE TABLE t (id int, twice int AS (id * 2) STORED, v varchar(9) CHECK (json_valid(v)));
            CREATE VIEW v AS SELECT 1 AS id; CREATE SEQUENCE s;
            CREATE TABLE kept (id int) WITH SYSTEM VERSIONING;
            """)
        let session = try await source.session()
        let plan = try await session.plan([
            source.change("table", "t", to: "with \0 in it"), source.change("table", "t", to: "with 😀 in it"),
            source.change("column", "t", "twice", to: "x"), source.change("column", "t", "v", to: "x"),
            source.change("column", "t", "gone", to: "x"), source.change("table", "gone", to: "x"),
            source.change("view", "v", to: "x"), source.change("sequence", "s", to: "x"),
            source.change("column of a system-versioned table", "kept", "id", to: "x"),
            source.change("column", "t", "id", "nested", to: "x"),
            Change(kind: "table", path: source.path("t"), attribute: .owner, before: nil, value: "x"),
            Change(kind: "database", path: EntityPath(["default"]), attribute: .description, before: nil, value: "x"),
        ])
        #expect(plan.statements == [])
        let refusals = plan.refusals.sorted { $0.index < $1.index }.map(\.failure)
        #expect(
            refusals.map(\.status) == [
                .invalid, .invalid, .unsupported, .unsupported, .notFound, .notFound, .unsupported, .unsupported,
                .unsupported,
                .invalid, .unsupported, .unsupported,
            ], "\(refusals)")
        #expect(refusals[2].message.contains("it is a STORED generated column; set allowTableCopy: true"))
        #expect(refusals[3].message.contains("allowTableCopy"))
    }

    /// What stands beside `id` lets the server change no comment of the table but by a copy.
    @Test(arguments: [
        "x text, UNIQUE KEY (x)", "x text, y longblob, UNIQUE KEY (x, y)", "x text CHECK (json_valid(x))",
        "x mediumblob CHECK (json_valid(x))", "x text CHECK (json_valid(json_extract(x, '$.a')))",
        "x date, y date, PERIOD FOR p (x, y), UNIQUE KEY (id, p WITHOUT OVERLAPS)",
    ])
    func whatLetsNoCommentChangeIsKnown(beside: String) async throws {
        let source = try Source("CREATE TABLE t (id int, \(beside))")
        let changes = [source.change("table", "t", to: "of t"), source.change("column", "t", "id", to: "of id")]
        let refused = try await source.session().plan(changes)
        #expect(refused.statements == [] && refused.refusals.map(\.failure.status) == [.unsupported, .unsupported])
        #expect(refused.refusals.allSatisfy { $0.failure.message.contains("allowTableCopy: true") })

        try source.query("GRANT INSERT, CREATE ON \(source.database.name).* TO metadata_writer")
        let session = try await source.session(["allowTableCopy": "true"])
        let before = try source.definition("t")
        try await session.applyAll(changes)
        let after = try source.definition("t").replacing(" COMMENT 'of id'", with: "")
        #expect(after.replacing(" COMMENT='of t'", with: "") == before)
    }

    /// A copy would not be the same table.
    @Test(arguments: ["x int, UNIQUE KEY (x) USING HASH", "x text, UNIQUE KEY (x, id)"])
    func whatACopyWouldChangeIsNotCopied(beside: String) async throws {
        let source = try Source("CREATE TABLE t (id int, \(beside), s int AS (id + 1) STORED)")
        try source.query("GRANT INSERT, CREATE ON \(source.database.name).* TO metadata_writer")
        let before = try source.definition("t")
        let changes = [
            source.change("table", "t", to: "of t"), source.change("column", "t", "id", to: "of id"),
            source.change("column", "t", "s", to: "of s"),
        ]
        let refused = try await source.session(["allowTableCopy": "true"]).plan(changes)
        #expect(refused.statements == [] && refused.refusals.map(\.failure.status) == [.unsupported, .unsupported, .unsupported])
        #expect(refused.refusals.allSatisfy { $0.failure.message.contains("leave the table out") })
        #expect(try source.definition("t") == before)
    }

    /// What only looks like it costs no copy.
    @Test(arguments: [
        "x text CHECK (json_valid(x) AND x <> '7')", "x text, CHECK (json_valid(x))",
        "x varchar(9) CHECK (json_valid(x))",
        "x int, KEY (x) USING HASH", "x text, UNIQUE KEY (x(9)) COMMENT 'USING HASH'",
        "x date, y date, PERIOD FOR p (x, y)",
    ])
    func whatOnlyLooksLikeItIsWritten(beside: String) async throws {
        let source = try Source("CREATE TABLE t (id int, \(beside))")
        try await source.session().applyAll([
            source.change("table", "t", to: "of t"), source.change("column", "t", "id", to: "of id"),
        ])
        #expect(try source.comments("t").prefix(2) == ["of t", "of id"])
    }

    @Test func aTableIsCopiedIfThatIsAllowed() async throws {
        let source = try Source(
            """
            CREATE TABLE t (id int, twice int AS (id * 2) STORED, v varchar(9) CHECK (json_valid(v)), j json,
              next int AS (id + 1), KEY (next));
            INSERT INTO t (id, v) VALUES (1, '{}'), (2, NULL);
            """)
        let session = try await source.session(["allowTableCopy": "true"])
        let changes = ["id", "twice", "v", "j", "next"].map { source.change("column", "t", $0, to: "of \($0)") }
        let plan = try await session.plan(changes)
        #expect(plan.statements.count == 1 && plan.statements[0].text.hasSuffix(", ALGORITHM=COPY"))
        // A copy needs more than the definition's change does.
        try source.query("GRANT INSERT, CREATE ON \(source.database.name).* TO metadata_writer")
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failure == nil && execution.outcomes == [.applied], "\(execution)")
        #expect(try source.comments("t") == ["", "of id", "of twice", "of v", "of j", "of next"])
        #expect(try source.query("SELECT id, twice, v FROM t ORDER BY id") == [["1", "2", "{}"], ["2", "4", nil]])
    }

    /// JSON in its own collation is said again as `json`; in another, only by a copy.
    @Test func aGeneratedColumnOfJSONCostsNoOtherColumn() async throws {
        let source = try Source(
            """
            CREATE TABLE t (id int, doc json AS (json_object('a', id)) VIRTUAL, hidden json AS ('[1]') VIRTUAL INVISIBLE,
              other longtext COLLATE utf8mb4_general_ci AS (json_object('a', 2)) CHECK (json_valid(other)),
              latin longtext CHARACTER SET latin1 AS ('{}') VIRTUAL CHECK (json_valid(latin)),
              stored json AS (json_object('b', id)) STORED, plain json DEFAULT (json_object('c', 3)),
              keyed json AS ('{}') VIRTUAL, KEY (keyed(9)));
            INSERT INTO t (id) VALUES (1);
            """)
        let names = ["id", "doc", "hidden", "plain", "other", "latin", "stored", "keyed"]
        let changes = names.map { source.change("column", "t", $0, to: "of \($0)") } + [source.change("table", "t", to: "of t")]
        let session = try await source.session()
        let plan = try await session.plan(changes)
        #expect(plan.refusals.map(\.index).sorted() == [4, 5, 6, 7], "\(plan.refusals)")
        #expect(plan.refusals.allSatisfy { $0.failure.status == .unsupported && $0.failure.message.contains("allowTableCopy") })
        func bare(_ text: String) -> String { text.replacing(/\ COMMENT[ =]'[^']*'/, with: "") }
        let before = try source.definition("t")
        #expect(await session.execute(plan.statements, of: changes).outcomes == [.applied])
        #expect(try source.comments("t") == ["of t", "of id", "of doc", "of hidden", "", "", "", "of plain", ""])
        await session.close()
        try source.query("GRANT INSERT, CREATE ON \(source.database.name).* TO metadata_writer")
        try await source.session(["allowTableCopy": "true"]).applyAll(Array(changes[4...7]))
        #expect(try source.comments("t").allSatisfy { $0.hasPrefix("of ") })
        #expect(try bare(source.definition("t")) == before)
        #expect(try source.query("SELECT doc, other, stored FROM t")[0] == [#"{"a": 1}"#, #"{"a": 2}"#, #"{"b": 1}"#])
    }

    @Test(arguments: ["InnoDB", "MyISAM", "Aria", "MEMORY", "CSV", "MERGE UNION=(m1, m2) INSERT_METHOD=LAST"])
    func anEnginesTablesAreWritten(engine: String) async throws {
        let columns = "(a int NOT NULL, b varchar(9) NOT NULL DEFAULT 'x')"
        let source = try Source("""
            CREATE TABLE m1 \(columns) ENGINE=MyISAM; CREATE TABLE m2 LIKE m1; CREATE TABLE t \(columns) ENGINE=\(engine);
            INSERT INTO t (a) VALUES (1)
            """)
        let before = try source.definition("t")
        let session = try await source.session()
        try await session.applyAll([source.change("table", "t", to: "of t"), source.change("column", "t", "a", to: "of a")])
        try await session.applyAll([source.change("column", "t", "b", to: "of b")])
        #expect(try source.comments("t") == ["of t", "of a", "of b"])
        #expect(try source.definition("t").replacing(/\ COMMENT[ =]'of .'/, with: "") == before)
        #expect(try source.query("SELECT * FROM t") == [["1", "x"]])
    }

    /// What the SEQUENCE engine makes up is there for whoever names it.
    @Test func aTableThatIsMadeUpIsRefused() async throws {
        let source = try Source()
        let session = try await source.session(as: "root")
        let plan = try await session.plan([
            source.change("table", "seq_1_to_3", to: "x"), source.change("column", "seq_1_to_3", "seq", to: "x"),
        ])
        #expect(plan.statements == [] && plan.refusals.map(\.failure.status) == [.unsupported, .unsupported])
        #expect(plan.refusals.allSatisfy { $0.failure.message.contains("makes the table up") }, "\(plan.refusals)")
    }

    /// Tables of a server that was upgraded, or has its setting changed: any ALTER would copy them into the other format.
    @Test func timesInAnotherFormatAreToldBeforeAnythingIsSent() async throws {
        let server = try MariaDBServer()
        try Source.prepare(server)
        let source = try Source(
            """
            SET GLOBAL mysql56_temporal_format = 0; CREATE TABLE old (id int, t timestamp(2) NULL, u varchar(9));
            SET GLOBAL mysql56_temporal_format = 1; CREATE TABLE new (id int, t datetime(2)); CREATE TABLE none (d date, y year);
            """, on: server)
        for (stale, fresh, setting) in [("old", "new", 1), ("new", "old", 0)] {
            try source.query("SET GLOBAL mysql56_temporal_format = \(setting)")
            for settings in [[:], ["allowTableCopy": "true"]] {
                let session = try await source.session(settings)
                let changes = [
                    source.change("table", stale, to: "x\(setting)"), source.change("column", stale, "t", to: "x"),
                    source.change("column", stale, "id", to: "x"),
                ]
                let plan = try await session.plan(changes)
                #expect(plan.statements == [] && plan.refusals.count == 3, "\(plan)")
                #expect(plan.refusals.allSatisfy {
                    $0.failure.status == .unsupported && $0.failure.message.contains("ALTER TABLE … FORCE")
                }, "\(plan.refusals)")
                await session.close()
            }
            let session = try await source.session()
            try await session.applyAll([
                source.change("column", fresh, "t", to: "x"), source.change("column", "none", setting == 1 ? "d" : "y", to: "x"),
            ])
            await session.close()
        }
        // What it says to do helps.
        try source.query("SET GLOBAL mysql56_temporal_format = 1; ALTER TABLE old FORCE")
        try await source.session().applyAll([source.change("column", "old", "u", to: "x")])
    }

    @Test func aSystemVersionedTablesOwnCommentIsWritten() async throws {
        let source = try Source("CREATE TABLE kept (id int) WITH SYSTEM VERSIONING; INSERT INTO kept VALUES (1)")
        let session = try await source.session()
        try await session.applyAll([source.change("system-versioned table", "kept", to: "kept")])
        #expect(try source.comments("kept")[0] == "kept")
    }

    @Test func partitionsAndForeignKeysStay() async throws {
        let source = try Source(
            """
            CREATE TABLE p (id int COMMENT 'old', KEY k (id) COMMENT 'of the key') COMMENT 'old' PARTITION BY RANGE (id)
              (PARTITION p0 VALUES LESS THAN (10) COMMENT = 'of the partition', PARTITION p1 VALUES LESS THAN MAXVALUE);
            CREATE TABLE a (id int PRIMARY KEY);
            CREATE TABLE b (a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE);
            INSERT INTO p VALUES (1), (11); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);
            """)
        let session = try await source.session()
        let before = try ["p", "a", "b"].map(source.definition)
        try await session.applyAll([
            source.change("table", "p", before: "old", to: "new"),
            source.change("column", "p", "id", before: "old", to: "new"),
            source.change("column", "a", "id", to: "x"), source.change("column", "b", "a", to: "x"),
        ])
        let after = try ["p", "a", "b"].map(source.definition)
        #expect(after[0] == before[0].replacing("'old'", with: "'new'"))
        #expect(after[1] == before[1].replacing("NOT NULL,", with: "NOT NULL COMMENT 'x',"))
        #expect(after[2] == before[2].replacing("DEFAULT NULL,", with: "DEFAULT NULL COMMENT 'x',"))
        #expect(try source.query("DELETE FROM a; SELECT count(*) FROM b") == [["0"]])
    }
}
