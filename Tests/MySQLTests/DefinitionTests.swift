import RevmetaPlugin
import Testing

@testable import RevmetaMySQL

/// What is read from the servers' own texts, without a server. Those of MySQL 8 are put together from its manual.
@Suite struct DefinitionTests {
    private let mariaDB = try! Flavour(version: "10.11.19-MariaDB-0+deb12u1")
    private let mySQL = try! Flavour(version: "8.0.36")

    private let mySQLTable = """
        CREATE TABLE `orders` (
          `my_row_id` bigint unsigned NOT NULL AUTO_INCREMENT /*!80023 INVISIBLE */,
          `id` varchar(10) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT (uuid()) COMMENT 'old',
          `place` point NOT NULL /*!80003 SRID 4326 */ COMMENT 'where, (and',
          `hidden` int DEFAULT '1' COMMENT 'h' /*!80023 INVISIBLE */,
          `kept` int /*!50606 STORAGE DISK */ /*!50606 COLUMN_FORMAT FIXED */ DEFAULT NULL,
          `doc` json DEFAULT NULL,
          `sum` int GENERATED ALWAYS AS ((`hidden` + 1)) STORED COMMENT 's',
          PRIMARY KEY (`my_row_id`),
          KEY `k` ((lower(`id`))) COMMENT 'of the key',
          CONSTRAINT `c` CHECK ((`hidden` > 0)) /*!80016 NOT ENFORCED */
        ) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='a COMMENT=''b'''
        /*!50100 PARTITION BY HASH (`hidden`) (PARTITION p0 COMMENT = 'of the partition' ENGINE = InnoDB) */
        """

    @Test func columnsAndCommentsAreFound() throws {
        let definition = try Definition(table: Array(mySQLTable.utf8))
        #expect(definition.columns.map(\.name) == ["my_row_id", "id", "place", "hidden", "kept", "doc", "sum"])
        #expect(definition.columns.map(\.comment.text) == ["", "old", "where, (and", "h", "", "", "s"])
        #expect(definition.comment.text == "a COMMENT='b'")
    }

    @Test func theShapeIsAllButCommentsAndCounter() throws {
        let shape = try Definition(table: Array(mySQLTable.utf8)).shape
        #expect(shape.contains("ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci\n/*!50100 PARTITION"))
        #expect(shape.contains("`hidden` int DEFAULT '1' /*!80023 INVISIBLE */,"))
        #expect(shape.contains("COMMENT 'of the key'") && shape.contains("COMMENT = 'of the partition'"))
        #expect(shape.ranges(of: "COMMENT").count == 2)
    }

    @Test func aClauseIsTheColumnsOwnText() throws {
        let definition = try Definition(table: Array(mySQLTable.utf8))
        func clause(_ name: String, _ comment: String) throws -> String {
            definition.clause(of: try #require(definition.column(name)), comment: comment, mySQL)
        }
        #expect(
            try clause("id", "it's")
                == "`id` varchar(10) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT (uuid()) COMMENT 'it''s'")
        #expect(try clause("hidden", "") == "`hidden` int DEFAULT '1' /*!80023 INVISIBLE */")
        #expect(try clause("hidden", "x") == "`hidden` int DEFAULT '1' COMMENT 'x' /*!80023 INVISIBLE */")
        #expect(
            try clause("kept", "x")
                == "`kept` int /*!50606 STORAGE DISK */ /*!50606 COLUMN_FORMAT FIXED */ DEFAULT NULL COMMENT 'x'")
        #expect(try clause("doc", "x") == "`doc` json DEFAULT NULL COMMENT 'x'")
    }

    @Test func whatMySQLDoesNotAlterInPlaceIsKnown() throws {
        let definition = try Definition(table: Array(mySQLTable.utf8))
        let reasons = definition.columns.map { definition.copyReason(of: $0, mySQL) != nil }
        #expect(reasons == [false, false, false, false, false, false, true])
        #expect(definition.columns.map { definition.isGeneratedKey($0, mySQL) } == [true]
            + Array(repeating: false, count: 6))
    }

    @Test func theJSONOfMariaDBIsNamedAgain() throws {
        let text = """
            CREATE TABLE `t` (
              `a` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '{}' CHECK (json_valid(`a`)),
              `b` longtext DEFAULT NULL COMMENT 'old' CHECK (json_valid(`b`)),
              `c` longtext DEFAULT NULL CHECK (json_valid(`a`)),
              `d` longtext DEFAULT NULL CHECK (json_valid(`d`) and 1),
              `e` varchar(9) DEFAULT NULL CHECK (json_valid(`e`)),
              `f` longtext CHARACTER SET latin1 DEFAULT NULL CHECK (json_valid(`f`))
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
            """
        let definition = try Definition(table: Array(text.utf8))
        #expect(
            definition.columns.map { definition.clause(of: $0, comment: "x", mariaDB) }.prefix(5) == [
                "`a` json COLLATE utf8mb4_bin NOT NULL DEFAULT '{}' COMMENT 'x'",
                "`b` json COLLATE utf8mb4_general_ci DEFAULT NULL COMMENT 'x'",
                "`c` longtext DEFAULT NULL COMMENT 'x' CHECK (json_valid(`a`))",
                "`d` longtext DEFAULT NULL COMMENT 'x' CHECK (json_valid(`d`) and 1)",
                "`e` varchar(9) DEFAULT NULL COMMENT 'x' CHECK (json_valid(`e`))",
            ])
        #expect(definition.clause(of: definition.columns[1], comment: "", mariaDB) == "`b` json COLLATE "
            + "utf8mb4_general_ci DEFAULT NULL")
        let reasons = definition.columns.map { definition.copyReason(of: $0, mariaDB) != nil }
        // The server takes a check of another column's JSON for one of this.
        #expect(reasons == [false, false, true, false, true, true])
    }

    @Test func bytesThatAreNoTextStandInHexadecimal() throws {
        let printed = Array("CREATE TABLE `t` (\n  `a` binary(4) DEFAULT 'x".utf8) + [0xFF, 0x5C, 0x30]
            + Array("''' COMMENT 'é',\n  `b` binary(2) DEFAULT 'é'\n)".utf8)
        let definition = try Definition(table: printed)
        #expect(
            definition.columns.map { definition.clause(of: $0, comment: "n", mariaDB) } == [
                "`a` binary(4) DEFAULT x'78ff0027' COMMENT 'n'", "`b` binary(2) DEFAULT 'é' COMMENT 'n'",
            ])
        #expect(throws: Failure.self) { try Definition(table: Array("CREATE TABLE `".utf8) + [0xFF]
            + Array("` (`a` int)".utf8)) }
    }

    @Test func columnsOfIndexesAreKnown() throws {
        let text = """
            CREATE TABLE `t` (
              `a` int(11) GENERATED ALWAYS AS (1) VIRTUAL, `b` int(11) GENERATED ALWAYS AS (2) VIRTUAL, `c` varchar(9),
              PRIMARY KEY (`c`(3)), UNIQUE KEY `b` (`a`,`c`), CONSTRAINT `d` CHECK (`b` > 0)
            )
            """
        let definition = try Definition(table: Array(text.utf8))
        #expect(Set(definition.indexed.map(\.text)) == ["a", "c"])
        #expect(definition.columns.map { definition.copyReason(of: $0, mariaDB) != nil } == [true, false, false])
    }

    @Test(arguments: [
        "", "CREATE TABLE `t`", "CREATE TABLE `t` (`a int)", "CREATE TABLE `t` (`a` int", "CREATE TABLE `t` (`a` int))",
        "CREATE TABLE `t` (`a` int DEFAULT 'x)", "CREATE TABLE `t` (`a` int /*!80023 INVISIBLE)",
        "DROP TABLE `t` (`a` int)", "CREATE TABLE `t` (PRIMARY KEY (`a`))", "CREATE TABLE `t` (`a` int COMMENT 'x\\')",
    ])
    func fromWhatCannotBeReadNothingIsBuilt(text: String) {
        #expect(throws: Failure.self) { try Definition(table: Array(text.utf8)) }
    }

    @Test func literalsAreReadAsTheyAreWritten() throws {
        for text in WritingTests.hostileTexts {
            let literal = ServerText.literal(text)
            #expect(ServerText.text(ofLiteral: Array(literal.utf8)[...]).utf8.elementsEqual(text.utf8))
            let tokens = try Lexer.tokens(of: Array(literal.utf8))
            #expect(tokens.count == 1 && tokens[0].kind == .text)
        }
    }

    @Test(arguments: [
        ("8.0.36", false, 80036), ("5.7.44-log", false, 50744), ("10.11.19-MariaDB-0+deb12u1", true, 101119),
        ("5.5.5-10.6.16-MariaDB-log", true, 100616), ("8.4", false, 80400),
    ])
    func aVersionIsRead(text: String, isMariaDB: Bool, number: Int) throws {
        let flavour = try Flavour(version: text)
        #expect(flavour.isMariaDB == isMariaDB && flavour.version == number)
    }

    @Test(arguments: ["5.6.51", "10.1.48-MariaDB", "", "unknown"]) func anOlderServerIsRefused(text: String) {
        #expect(throws: Failure.self) { try Flavour(version: text) }
    }

    @Test func howAnAlterIsKeptFromCopying() throws {
        #expect(try Flavour(version: "10.2.44-MariaDB").withoutCopy(engine: "InnoDB") == "ALGORITHM=INPLACE, LOCK=NONE")
        #expect(mariaDB.withoutCopy(engine: nil) == "ALGORITHM=INSTANT, LOCK=NONE")
        #expect(mySQL.withoutCopy(engine: "InnoDB") == "ALGORITHM=INPLACE, LOCK=NONE")
        #expect(mariaDB.withoutCopy(engine: "MRG_MyISAM") == "ALGORITHM=INSTANT")
        #expect(mySQL.withoutCopy(engine: "MRG_MYISAM") == "ALGORITHM=INPLACE")
        #expect(!mySQL.hasSchemaComments && mariaDB.hasSchemaComments)
        #expect(try !Flavour(version: "10.4.34-MariaDB").hasSchemaComments)
    }
}
