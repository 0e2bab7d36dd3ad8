/// Numbers that are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func one<T>(of choices: [T]) -> T {
        choices[Int.random(in: choices.indices, using: &self)]
    }

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &self) < percent
    }
}

/// A table drawn at random, with a comment for itself and for each column before and after.
struct RandomTable {
    struct Column {
        var name: String
        /// Before the comment, and after it.
        var head: String
        var tail: String
        var before: String
        var after: String
        /// Its comment cannot change but by a copy of the table.
        var needsCopy = false
    }

    let name: String
    let columns: [Column]
    let keys: String
    let options: String
    let before: String
    let after: String

    init(number: Int, _ random: inout SeededGenerator) {
        let names = [
            "id", "Name", "select", "a b", "a.b", "tick``s", "it's", "COMMENT", "x\"y", "CHECK (1)", "日本",
            "back\\slash", "a,b", "c)",
            "%s", "-- x", "#x", "/*!50100 y*/", "STORED", "e\u{301}",
        ].shuffled(using: &random)
        name = (random.chance(20) ? random.one(of: names).replacing("``", with: "`") : "t") + " \(number)"
        var columns: [Column] = []
        for index in 0..<Int.random(in: 1...12, using: &random) {
            let own = names[index]
            var (head, tail) = Self.definition(own, earlier: columns, &random)
            // A table must have a column that shows.
            if index == 0 { head = head.replacing(" INVISIBLE", with: "") }
            columns.append(Column(
                name: own.replacing("``", with: "`"), head: "`\(own)` \(head)", tail: tail,
                before: Self.comment(&random),
                after: Self.comment(&random)))
        }
        // MariaDB cannot read back every table of these two engines in which a BIT follows a generated column.
        let hasBoth = columns.contains { $0.head.contains("bit(") } && columns.contains { $0.head.contains("VIRTUAL") }
        var options = " ENGINE=\(random.one(of: hasBoth ? ["InnoDB"] : ["InnoDB", "InnoDB", "MyISAM", "Aria"]))"
        var keys = ""
        for index in columns.indices where random.chance(30) && Self.canBeIndexed(columns[index], options) {
            keys += ", KEY `k\(index)` (`\(columns[index].name.replacing("`", with: "``"))`)"
            if columns[index].head.contains("VIRTUAL") {
                columns[index].needsCopy = true
                columns[index].after = columns[index].before
            }
        }
        self.keys = keys
        self.columns = columns
        before = Self.comment(&random)
        after = Self.comment(&random)
        if random.chance(30) { options += " DEFAULT "
            + "CHARSET=\(random.one(of: ["latin1", "utf8mb3", "utf8mb4 COLLATE utf8mb4_bin"]))" }
        if random.chance(20) { options += " MAX_ROWS=\(number) CHECKSUM=1" }
        self.options = options
    }

    var quoted: String { "`" + name.replacing("`", with: "``") + "`" }

    /// The statement that makes the table, with its comments before or after.
    func creation(in database: String, after isAfter: Bool) -> String {
        func clause(_ text: String) -> String { text.isEmpty ? "" : " COMMENT " + Self.literal(text) }
        let list = columns.map { $0.head + clause(isAfter ? $0.after : $0.before) + $0.tail }
        return "CREATE TABLE `\(database)`.\(quoted) (\(list.joined(separator: ", "))\(keys))\(options)"
            + clause(isAfter ? after : before)
    }

    private static func canBeIndexed(_ column: Column, _ options: String) -> Bool {
        if column.head.contains("VIRTUAL") { return column.head.contains("% 7") && options.contains("InnoDB") }
        return [" int", " date ", " year", " decimal"].contains { column.head.contains($0) }
    }

    private static func literal(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }

    private static func comment(_ random: inout SeededGenerator) -> String {
        guard random.chance(70) else { return "" }
        let pieces = [
            "plain", "it's", "\\", "\"", "`", "\n", "\r\n", "COMMENT 'x'", ")", ",", "(", "CHECK", "/*", "*/", "--",
            "é", "漢", " ", "%",
            "\t", "AUTO_INCREMENT=1", ";", "''", "\\'", "\u{1}",
        ]
        return (0..<Int.random(in: 1...6, using: &random)).map { _ in random.one(of: pieces) }.joined()
    }

    /// A column's definition, without name and comment, in what stands before a comment and what after.
    private static func definition(
        _ name: String, earlier: [Column], _ random: inout SeededGenerator
    ) -> (head: String, tail: String) {
        let digits = Int.random(in: 0...6, using: &random)
        let fraction = digits == 0 ? "" : "(\(digits))"
        let kind = Int.random(in: 0..<16, using: &random)
        let sets = ["", "", " CHARACTER SET latin1", " CHARACTER SET utf8mb3 COLLATE utf8mb3_bin",
            " COLLATE utf8mb4_unicode_ci", " CHARACTER SET ascii"]
        let set = random.one(of: sets)
        var type: String, values: [String], check = "`\(name)` is not null or 1 = 1"
        switch kind {
        case 0, 1:
            type = random.one(of: ["tinyint", "smallint(4)", "mediumint", "int", "int(3)", "bigint"])
            type += random.one(of: ["", " unsigned", " unsigned zerofill"])
            values = ["0", "1", "100", "(1 + 2)"]
            check = "`\(name)` >= 0 and `\(name)` <> 117"
        case 2:
            type = random.one(of: ["decimal(10,\(digits))", "float", "double", "double(9,2)", "decimal(5,1) unsigned"])
            values = ["0", "1.5", "(rand())"]
        case 3:
            type = "bit(\(digits + 1))"
            values = ["b'1'", "0"]
        case 4, 5, 6:
            type = random.one(of: ["char(9)", "varchar(40)", "varchar(40) COMPRESSED"]) + set
            if type.contains("COMPRESSED") { type = "varchar(40)\(set) COMPRESSED" }
            values = ["''", "'it''s, \\\\ ('", "'COMMENT'", "'`'", "(concat('a', 'b,)'))", "'\\n'"]
            check = "`\(name)` <> 'it''s ) COMMENT'"
        case 7:
            type = random.one(of: ["tinytext", "text", "mediumtext", "longtext"]) + set
                + random.one(of: ["", " COMPRESSED"])
            if type.hasPrefix("tiny") { type = "tinytext" + set }
            values = ["'x'", "(repeat('x', 3))"]
        case 8:
            type = random.one(of: ["binary(8)", "varbinary(9)", "blob", "longblob"])
            values = ["'x'", "x'00ff'"]
        case 9:
            type = "datetime\(fraction)"
            values = ["'2020-02-03 04:05:06'", "'0000-00-00 00:00:00'", "current_timestamp\(fraction)",
                "current_timestamp\(fraction) ON UPDATE current_timestamp\(fraction)", "(now() - INTERVAL 1 DAY)"]
        case 10:
            type = "timestamp\(fraction)"
            values = ["'2020-02-03 04:05:06'", "current_timestamp\(fraction)",
                "current_timestamp\(fraction) ON UPDATE current_timestamp\(fraction)"]
        case 11:
            type = random.one(of: ["date", "time\(fraction)", "year"])
            values = type == "date" ? ["'2020-02-03'", "'0000-00-00'",
                "(curdate())"] : type == "year" ? ["2024"] : ["'10:00:00'"]
        case 12:
            type = random.one(of: ["enum", "set"]) + "('a','b''c','(d)','e`f','COMMENT')" + set
            values = ["'a'", "'b''c'", "'COMMENT'"]
        case 13:
            type = "json" + random.one(of: ["", "", " COLLATE utf8mb4_general_ci", " COLLATE latin1_swedish_ci"])
            values = ["'{}'", "'[1, \"x\"]'", "(json_array(1))"]
            check = ""
        case 14:
            type = random.one(of: ["uuid", "inet6", "point", "point REF_SYSTEM_ID=4326", "geometry"])
            values = type == "uuid" ? ["(uuid())"] : type == "inet6" ? ["'::1'"] : []
        default:
            let base = earlier.first { !$0.head.contains("VIRTUAL") && !$0.head.contains("point")
                && !$0.head.contains("geometry") }
            guard let base else { return ("int DEFAULT 1", "") }
            let quoted = "`" + base.name.replacing("`", with: "``") + "`"
            if base.head.contains("int") && !base.head.contains("DEFAULT (") && random.chance(60) {
                return ("int GENERATED ALWAYS AS (abs(\(quoted)) % 7) VIRTUAL", "")
            }
            let expression = random.one(of: ["length(\(quoted))", "char_length(concat(\(quoted), "
                + "'x,)'))", "if(\(quoted) is null, 1, 2)"])
            let hidden = random.chance(30) ? " INVISIBLE" : ""
            return ("int GENERATED ALWAYS AS (\(expression)) VIRTUAL\(hidden)", "")
        }
        var head = type
        let isRequired = random.chance(40)
        // With a NULL of its own a TIMESTAMP is none that the server fills by itself.
        head += isRequired ? " NOT NULL" : " NULL"
        let hasDefault = !values.isEmpty && (random.chance(60) || (isRequired && type.hasPrefix("timestamp")))
        if random.chance(20), hasDefault || !isRequired { head += " INVISIBLE" }
        if hasDefault { head += " DEFAULT \(random.one(of: values))" }
        return (head, random.chance(25) && !check.isEmpty ? " CHECK (\(check))" : "")
    }
}
