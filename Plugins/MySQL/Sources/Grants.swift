import RevmetaPlugin

/// What a session may alter, as `SHOW GRANTS` tells it: its account's own grants and those of its role.
struct Grants {
    private struct Grant {
        /// Nil: every schema. Else a pattern, with `%` and `_`.
        var schema: String?
        /// Nil: every table.
        var table: String?
        var privileges: Set<String>
    }

    private var grants: [Grant] = []

    /// MySQL's manual asks for three privileges where MariaDB is content with one.
    static func needed(_ flavour: Flavour) -> [String] {
        flavour.isMariaDB ? ["ALTER"] : ["ALTER", "CREATE", "INSERT"]
    }

    init(_ connection: Connection, _ call: Call) throws(Failure) {
        let rows = try connection.rows("SHOW GRANTS", of: "reading the grants", call)
        while rows.next() { add(rows.text(0) ?? "") }
    }

    /// - Parameter lines: As the server prints them.
    init(lines: [String]) {
        for line in lines { add(line) }
    }

    /// What is missing to alter a target.
    func missing(_ needed: [String], for target: Target) -> [String] {
        let (schema, table): (String, String?) =
            switch target {
            case .schema(let name): (name.text, nil)
            case .table(let name): (name.schema.text, name.table.text)
            }
        var held: Set<String> = []
        for grant in grants {
            guard grant.schema.map({ Self.matches(schema, pattern: $0) || schema.isExactly($0) }) ?? true
            else { continue }
            guard grant.table == nil || (table != nil && grant.table!.isExactly(table!)) else { continue }
            held.formUnion(grant.privileges)
        }
        return held.contains("ALL PRIVILEGES") ? [] : needed.filter { !held.contains($0) }
    }

    /// Whether one of the privileges is held for the whole server.
    func holdEverywhere(_ privileges: Set<String>) -> Bool {
        grants.contains {
            $0.schema == nil && $0.table == nil
                && ($0.privileges.contains("ALL PRIVILEGES") || !$0.privileges.isDisjoint(with: privileges))
        }
    }

    /// The statement that gives what is needed, in words for people.
    static func granting(_ flavour: Flavour, on target: Target, to account: Account) -> String {
        let place =
            switch target {
            case .schema(let name): ServerText.quoted(name.text) + ".*"
            case .table(let name): name.quoted
            }
        return "GRANT \(needed(flavour).joined(separator: ", ")) ON \(place) TO \(account.literal)"
    }

    /// Reads ``GRANT SELECT, ALTER, UPDATE (`a`) ON `shop`.* TO `user`@`%` ``; what is not of this form grants nothing
    /// here.
    private mutating func add(_ line: String) {
        let bytes = Array(line.utf8)
        guard let tokens = try? Lexer.tokens(of: bytes), let on = tokens.firstIndex(where: {
            $0.kind == .word && $0.depth == 0 && bytes[$0.range].elementsEqual("ON".utf8)
        }), on + 3 < tokens.count, bytes[tokens[0].range].elementsEqual("GRANT".utf8) else { return }
        var privileges: Set<String> = []
        for words in tokens[1..<on].split(whereSeparator: { $0.kind == .symbol(UInt8(ascii: ",")) && $0.depth == 0 }) {
            // What is granted for some columns only does not count.
            guard !words.contains(where: { $0.kind == .symbol(UInt8(ascii: "(")) }) else { continue }
            privileges.insert(words.map { String(decoding: bytes[$0.range], as: UTF8.self) }.joined(separator: " "))
        }
        func name(_ token: Token) -> String? {
            token.kind == .name ? ServerText.name(ofQuoted: bytes[token.range]) : nil
        }
        guard tokens[on + 2].kind == .symbol(UInt8(ascii: ".")) else { return }
        grants.append(Grant(schema: name(tokens[on + 1]), table: name(tokens[on + 3]), privileges: privileges))
    }

    /// Whether a name fits a pattern: `%` stands for any characters, `_` for one, a backslash takes their meaning away.
    private static func matches(_ name: String, pattern: String) -> Bool {
        func fits(_ name: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
            guard let first = pattern.first else { return name.isEmpty }
            let rest = pattern.dropFirst()
            switch first {
            case "%":
                return (name.startIndex...name.endIndex).contains { fits(name[$0...], rest) }
            case "_":
                return !name.isEmpty && fits(name.dropFirst(), rest)
            case "\\":
                guard let literal = rest.first else { return name.elementsEqual([first]) }
                return name.first == literal && fits(name.dropFirst(), rest.dropFirst())
            default:
                return name.first == first && fits(name.dropFirst(), rest)
            }
        }
        return fits(Array(name.unicodeScalars)[...], Array(pattern.unicodeScalars)[...])
    }
}
