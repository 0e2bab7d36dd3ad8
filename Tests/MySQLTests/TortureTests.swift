import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

/// A table with a column of every kind, of which nothing may change but the comments.
@Suite struct TortureTests {
    /// What stands after each column's name. `@` stands for a comment clause, for those that must have one at some
    /// place.
    static let columns = [
        "int(11) NOT NULL AUTO_INCREMENT @", "tinyint(3) unsigned DEFAULT 7 @",
        "smallint(5) unsigned zerofill NOT NULL DEFAULT 3 @",
        "mediumint DEFAULT -1 @ CHECK (c2 < 100)", "bigint(20) unsigned NOT NULL DEFAULT 18446744073709551615 @",
        "tinyint(1) NOT NULL DEFAULT 1 @", "decimal(12,4) unsigned NOT NULL DEFAULT 1.5000 @",
        "decimal(30,10) DEFAULT -0.1 @",
        "float unsigned DEFAULT 0.25 @", "double(10,3) NOT NULL DEFAULT 1.125 @", "bit(12) NOT NULL DEFAULT b'101' @",
        "date NOT NULL DEFAULT '0000-00-00' @", "date DEFAULT '2020-02-31' @", "time(3) DEFAULT '-838:59:59.000' @",
        "datetime(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6) @",
        "timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp() @",
        "timestamp(2) NULL DEFAULT '2020-01-01 00:00:00.25' @", "timestamp NULL @",
        "datetime DEFAULT (now() + INTERVAL 1 DAY) @",
        "year(4) DEFAULT 2024 @", "char(10) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'é' @",
        "varchar(200) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci DEFAULT 'it''s \\\\ \\n \"q\"' @",
        "varchar(50) COLLATE utf8mb4_bin DEFAULT (concat('a,', upper('b)'))) @",
        "varchar(20) CHARACTER SET ascii NOT NULL @",
        "varchar(20) INVISIBLE DEFAULT 'hidden' @", "varchar(90) COMPRESSED DEFAULT NULL @", "tinytext @",
        "text NOT NULL DEFAULT 'x' @",
        "mediumtext COMPRESSED @", "longtext CHARACTER SET latin2 @", "binary(4) NOT NULL DEFAULT 'ab\\0' @",
        "varbinary(30) DEFAULT x'00ff27c3a9' @", "tinyblob @", "blob COMPRESSED @", "mediumblob DEFAULT '\\'' @",
        "longblob @",
        "enum('a,b','c''d','(`)','COMMENT ''x''',')') CHARACTER SET latin1 NOT NULL DEFAULT 'c''d' @",
        "set('[x]','y z','CHECK (1)','/* */') DEFAULT '[x],CHECK (1)' @", "json @",
        "json NOT NULL DEFAULT '{\"a\": [1]}' @",
        "json COLLATE utf8mb4_general_ci @", "longtext CHARACTER SET latin1 @ CHECK (json_valid(c41))",
        "longtext @ CHECK (json_length(c42) < 3)", "uuid DEFAULT (uuid()) @", "inet6 NOT NULL DEFAULT '::1' @",
        "inet4 DEFAULT '127.0.0.1' @", "geometry @", "point REF_SYSTEM_ID=4326 DEFAULT NULL @",
        "polygon REF_SYSTEM_ID=0 @",
        "geometrycollection @", "int GENERATED ALWAYS AS (c1 * 2 + length('x,\\'')) VIRTUAL @",
        "varchar(60) GENERATED ALWAYS AS (concat(`c21`, ' ''COMMENT'' ')) VIRTUAL @ CHECK (`c51` <> 'never')",
        "int GENERATED ALWAYS AS (c1 + 1) VIRTUAL INVISIBLE @",
        "int INVISIBLE NOT NULL DEFAULT 5 @ CHECK (c53 > 0 AND c53 <> 77)",
        "int DEFAULT (c1 + 1) @", "int NULL @", "int CHECK (c56 in (1, 2) or `odd``name` <=> 'x') @",
    ]

    static func create(_ table: String, comment: String?) -> String {
        let clause = comment.map { "COMMENT '\($0)'" } ?? ""
        let list = columns.enumerated().map { index, definition in
            // The server takes a comment before a CHECK only.
            let check = definition.ranges(of: " CHECK (").first
            var text = definition.replacing("@", with: clause)
            if comment == nil { text = text.replacing("  ", with: " ") }
            if let check, let place = definition.firstIndex(of: "@"), place > check.lowerBound {
                text = definition[..<check.lowerBound] + " " + clause + definition[check.lowerBound...].replacing("@",
                    with: "")
            }
            return "`c\(index)` \(text)"
        }
        return """
            SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES', time_zone = '+00:00';
            CREATE TABLE `\(table)` (\(list.joined(separator: ",\n")), `odd``name` varchar(9) DEFAULT NULL \(clause),
              `with.dot and space` int DEFAULT 1 \(clause), `-- ; 'x'` int \(clause), PRIMARY KEY (c0),
              UNIQUE KEY `u` (c1) COMMENT 'of the key', KEY `k` (c20(3), c1), FULLTEXT KEY `f` (c27),
              CONSTRAINT `named` CHECK (c1 <> 99 and c20 <> 'COMMENT ''x''')
            ) ENGINE=InnoDB AUTO_INCREMENT=1000 DEFAULT CHARSET=utf8mb4 \(clause)
              ROW_FORMAT=DYNAMIC STATS_PERSISTENT=0 PAGE_COMPRESSED=0
            """
    }

    @Test(arguments: [nil, "old"]) func nothingElseChanges(before: String?) async throws {
        let source = try Source(Self.create("t", comment: before) + ";" + Self.create("expected", comment: "new"))
        #expect(Self.columns.count >= 40)
        let names = try source.query(
            """
            SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't'
            """).map { $0[0]! }
        #expect(names.count == Self.columns.count + 3)
        try source.query("INSERT INTO t (c23, c1) VALUES ('before', 1)")
        let session = try await source.session()
        let changes = [source.change("table", "t", before: before, to: "new")]
            + names.map { source.change("column", "t", $0, before: before, to: "new") }
        let plan = try await session.plan(changes)
        #expect(plan.refusals == [] && plan.statements.count == 1)
        let execution = await session.execute(plan.statements, of: changes)
        #expect(execution.failure == nil && execution.outcomes == [.applied], "\(execution)")

        // Beside the same table made with the new comments from the start.
        let expected = try source.definition("expected").replacing("`expected`", with: "`t`")
        let found = try source.definition("t").replacing(/AUTO_INCREMENT=\d+/, with: "AUTO_INCREMENT=1000")
        #expect(found == expected)
        try checkRows(source)

        // And back: what was cleared leaves nothing behind.
        try await session.applyAll(changes.map { change in
            var change = change
            (change.before, change.value) = (change.value, nil)
            return change
        })
        try source.query(Self.create("bare", comment: nil))
        #expect(
            try source.definition("t").replacing(/AUTO_INCREMENT=\d+/, with: "AUTO_INCREMENT=1000")
                == source.definition("bare").replacing("`bare`", with: "`t`"))
    }

    /// The columns do what they did.
    private func checkRows(_ source: Source) throws {
        let columns = "c0, c1, c2, c10 + 0, c11, c20, c21, c24, c30, hex(c31), c36, c37, c39, c50, c51, c52, c53, c54"
        try source.query("INSERT INTO t (c23, c1) VALUES ('after', 2); INSERT INTO expected (c0, c23, c1) VALUES "
            + "(1001, 'after', 2)")
        let found = try source.query("SELECT \(columns) FROM t WHERE c1 = 2")
        #expect(try found == source.query("SELECT \(columns) FROM expected WHERE c1 = 2"))
        #expect(found[0][0] == "1001" && found[0][7] == "hidden")
        for forbidden in ["c2 = 100", "c53 = 77", "c38 = '{'", "c41 = 'no'", "c1 = 99", "c51 = 1", "c4 = NULL",
            "c56 = 3"] {
            #expect(throws: ServerProblem.self,
                "\(forbidden)") { try source.query("UPDATE t SET \(forbidden), c3 = c3 WHERE c1 = 2") }
        }
        try source.query("UPDATE t SET c14 = '2001-01-01', c15 = '2001-01-01' WHERE c1 = 2; UPDATE t SET c5 = 0 "
            + "WHERE c1 = 2")
        #expect(try source.query("SELECT year(c14) > 2001, year(c15) > 2001 FROM t WHERE c1 = 2") == [["1", "1"]])
    }
}
