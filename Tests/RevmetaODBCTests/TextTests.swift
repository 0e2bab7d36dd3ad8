import RevmetaODBC
import Testing

/// What goes in comes out, whatever the driver.
struct TextTests {
    @Test(arguments: Driver.all)
    func textsComeBackAsTheyWent(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE notes (id int, body text)")
        let texts = ["it's", "back\\slash", "Größe 寸法 😀 e\u{301}", "a\"b`c]d", "line\nline\ttab", " ends with spaces  "]
        for (id, text) in texts.enumerated() {
            try connection.run("INSERT INTO notes VALUES (\(id), \(literal(text)))")
        }
        let rows = try connection.rows("SELECT id, body FROM notes ORDER BY id")
        #expect(rows.columns == ["id", "body"])
        #expect(rows.values == texts.enumerated().map { ["\($0)", $1] })
    }

    @Test(arguments: Driver.all)
    func nullIsNoEmptyText(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE notes (id int, body text)")
        try connection.run("INSERT INTO notes VALUES (1, NULL), (2, '')")
        #expect(try connection.rows("SELECT body FROM notes ORDER BY id").values == [[nil], [""]])
    }

    /// Around the size of a piece, and far beyond it, with characters of every width at each border.
    @Test(arguments: Driver.all)
    func longTextsAreWhole(_ driver: Driver) throws {
        let connection = try driver.connect()
        try connection.run("CREATE TABLE notes (id int, body \(driver == .mariaDB ? "longtext" : "text"))")
        let pattern = "aé寸😀"
        var texts = (4090...4100).map { String(repeating: "x", count: $0) }
        texts += (0..<8).map { String(repeating: "x", count: $0) + String(repeating: pattern, count: 3000) }
        texts.append(String(repeating: pattern, count: 100_000))
        for (id, text) in texts.enumerated() {
            try connection.run("INSERT INTO notes VALUES (\(id), \(literal(text)))")
        }
        let rows = try connection.rows("SELECT body, id FROM notes ORDER BY id")
        #expect(rows.count == texts.count)
        for (id, text) in texts.enumerated() { #expect(rows.values[id][0] == text, "\(id)") }
        #expect(rows.values.map { $0[1] } == texts.indices.map { "\($0)" })
    }

    @Test(arguments: Driver.all)
    func namesMayBeOfAnyLetters(_ driver: Driver) throws {
        let connection = try driver.connect()
        let quote = driver == .mariaDB ? "`" : "\""
        let rows = try connection.rows("SELECT 1 AS \(quote)Größe 寸法\(quote), 2 AS plain")
        #expect(rows.columns == ["Größe 寸法", "plain"])
        #expect(rows.text(0, "PLAIN") == "2")
        #expect(rows.text(0, "none") == nil)
    }

    @Test(arguments: Driver.all)
    func aStatementWithNULIsNotSent(_ driver: Driver) throws {
        let connection = try driver.connect()
        #expect(throws: ODBCError.self) { try connection.run("SELECT 'a\0b'") }
        #expect(try connection.rows("SELECT 1").values == [["1"]])
    }
}
