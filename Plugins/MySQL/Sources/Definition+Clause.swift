import RevmetaPlugin

extension Definition {
    /// A column's clause for `MODIFY COLUMN`: the column's own text, with another comment.
    ///
    /// Nothing of it is made up from other catalogs: what a clause leaves out, the server drops without a word.
    /// - Parameter comment: Empty: none.
    func clause(of column: Column, comment: String, _ flavour: Flavour) -> String {
        let own = comment.isEmpty ? [] : Array(" COMMENT \(ServerText.literal(comment))".utf8)
        let place = column.comment.range ?? commentPlace(column)
        let start = Array(bytes[column.range.lowerBound..<place.lowerBound])
        let rest = Array(bytes[place.upperBound..<column.range.upperBound])
        // What only a copy can say again is said as it is printed.
        guard flavour.isMariaDB, isJSON(column), copyReason(of: column, flavour) == nil
        else { return String(decoding: start + own + rest, as: UTF8.self) }

        // MariaDB prints its JSON as what it is made of, and takes that for another type when it is said again.
        let type = typeRange(column)
        // A generated column takes no collation, and is of JSON's own.
        let collation = isGenerated(column) ? "" : jsonCollation(column).map { " COLLATE \($0)" } ?? ""
        let end = (checkStart(column) ?? column.range.upperBound + 1) - 1
        let head = bytes[column.range.lowerBound..<type.lowerBound] + Array("json\(collation)".utf8)
            + bytes[type.upperBound..<place.lowerBound]
        return String(decoding: head + own + bytes[place.upperBound..<end], as: UTF8.self)
    }

    /// Where a comment goes if there is none: the server takes none after a CHECK.
    private func commentPlace(_ column: Column) -> Range<Int> {
        let place = checkStart(column).map { $0 - 1 } ?? column.range.upperBound
        return place..<place
    }

    private func checkStart(_ column: Column) -> Int? {
        column.tokens.first { $0.depth == 1 && !$0.isInHint && word($0, is: "CHECK") }?.range.lowerBound
    }

    /// Why the server would copy the whole table for the column's comment; nil: it does not.
    func copyReason(of column: Column, _ flavour: Flavour) -> String? {
        if holds(column, "STORED") || holds(column, "PERSISTENT") { return "it is a STORED generated column" }
        guard flavour.isMariaDB else { return nil }
        if holds(column, "VIRTUAL"), indexed.contains(ExactText(column.name)) {
            return "it is a generated column with an index"
        }
        guard isCheckedAsJSON(column) else { return nil }
        if !isJSON(column) {
            return "MariaDB takes a \(type(of: column)) with CHECK (json_valid(…)) for a type that no statement "
                + "can name"
        }
        guard let collation = jsonCollation(column) else { return "the server does not tell the collation of its JSON" }
        if isGenerated(column), collation != "utf8mb4_bin" {
            return "it is a generated column of JSON in another collation than JSON's own, which no statement can name"
        }
        return nil
    }

    /// Why the server would copy the whole table for any comment of it; nil: it does not.
    func copyReason(_ flavour: Flavour) -> String? {
        guard flavour.isMariaDB else { return nil }
        if hasPeriodKey { return "the table has a key WITHOUT OVERLAPS" }
        if keepsHashesBeside { return "the table has a unique key that is kept USING HASH" }
        guard let column = columns.first(where: { isShortText($0) && isCheckedAsJSON($0) }) else { return nil }
        return "MariaDB takes its column \(column.name), a \(type(of: column)) with CHECK (json_valid(…)), for a type "
            + "that no statement can name"
    }

    /// Why no comment of the table can be written, by a copy or without; nil: it can.
    func refusal(_ flavour: Flavour) -> String? {
        guard flavour.isMariaDB else { return nil }
        if option("ENGINE") == "SEQUENCE" { return "the server makes the table up from its name, and keeps nothing of it" }
        if losesHashedKey(flavour) {
            return "the server would copy the whole table, and the copy's unique key would be kept otherwise than USING HASH; "
                + "leave the table out with a filter"
        }
        guard let column = columns.first(where: { isOfOtherFormat($0, flavour) }) else { return nil }
        let format = flavour.keepsTimesAsMySQL ? "MariaDB 5.3" : "MySQL 5.6"
        return "the server would copy the whole table, and turn its column \(column.name) from the format of \(format) into the "
            + "one that mysql56_temporal_format asks for; run ALTER TABLE … FORCE once, which does no more than that, or leave "
            + "the table out with a filter"
    }

    /// Whether the column keeps times of day in another format than the server's new tables, as upgraded servers have them.
    private func isOfOtherFormat(_ column: Column, _ flavour: Flavour) -> Bool {
        guard ["time", "datetime", "timestamp"].contains(type(of: column)) else { return false }
        // `datetime /* mariadb-5.3 */`
        return flavour.keepsTimesAsMySQL == holds(column, "mariadb")
    }

    /// Whether a copy of the table would have another key: MariaDB copies it as one that is kept USING HASH only where it must
    /// be, as that of whole texts.
    private func losesHashedKey(_ flavour: Flavour) -> Bool {
        flavour.isMariaDB && keepsHashesBeside && hashedKeys.contains { key in
            key.isOfPrefixes || !key.columns.allSatisfy { name in
                column(name).map { isShortText($0) || ["longtext", "longblob"].contains(type(of: $0)) } ?? false
            }
        }
    }

    /// MEMORY keeps all its keys so.
    private var keepsHashesBeside: Bool { !hashedKeys.isEmpty && option("ENGINE") != "MEMORY" }

    /// A primary key that the server made itself, of which it lets nobody change anything but that it is invisible.
    func isGeneratedKey(_ column: Column, _ flavour: Flavour) -> Bool {
        !flavour.isMariaDB && column.name.isExactly("my_row_id") && holds(column, "AUTO_INCREMENT")
            && column.tokens.contains { $0.isInHint && word($0, is: "INVISIBLE") }
    }

    private func isGenerated(_ column: Column) -> Bool { holds(column, "GENERATED") }

    private func holds(_ column: Column, _ word: StaticString) -> Bool {
        column.tokens.contains { $0.depth == 1 && self.word($0, is: word) }
    }

    func type(of column: Column) -> String {
        let tokens = column.tokens
        guard tokens.count > 1 else { return "" }
        return String(decoding: bytes[tokens[tokens.startIndex + 1].range], as: UTF8.self)
    }

    private func isJSON(_ column: Column) -> Bool {
        guard type(of: column) == "longtext", let argument = jsonCheck(column), argument.count == 1,
            let name = argument.first, name.kind == .name
        else { return false }
        return ServerText.name(ofQuoted: bytes[name.range]).isExactly(column.name)
    }

    /// A text or bytes, kept apart from its row, that is shorter than JSON.
    private func isShortText(_ column: Column) -> Bool {
        ["tinytext", "text", "mediumtext", "tinyblob", "blob", "mediumblob"].contains(type(of: column))
    }

    /// Whether the column has a check that is nothing but `json_valid(…)`, of whatever.
    private func isCheckedAsJSON(_ column: Column) -> Bool { jsonCheck(column) != nil }

    /// What stands in the parentheses of a check that is nothing but `json_valid(…)`; nil: there is none.
    private func jsonCheck(_ column: Column) -> ArraySlice<Token>? {
        let tokens = column.tokens
        guard let check = tokens.firstIndex(where: { $0.depth == 1 && !$0.isInHint && word($0, is: "CHECK") })
        else { return nil }
        let parts = tokens[check...].dropFirst()
        guard parts.count > 5, let last = parts.last, symbol(last, is: ")"), last.depth == 1 else { return nil }
        let call = parts.dropFirst().dropLast()
        guard let first = call.first, word(first, is: "json_valid"), let open = call.dropFirst().first,
            symbol(open, is: "("),
            let close = call.dropFirst(2).firstIndex(where: { symbol($0, is: ")") && $0.depth == open.depth }),
            close == call.index(before: call.endIndex)
        else { return nil }
        return call.dropFirst(2).dropLast()
    }

    /// The type with its character set and collation.
    private func typeRange(_ column: Column) -> Range<Int> {
        let tokens = Array(column.tokens)
        var end = 1
        while end + 1 < tokens.count {
            if word(tokens[end + 1], is: "CHARACTER"), end + 3 < tokens.count { end += 3 }
            else if word(tokens[end + 1], is: "COLLATE"), end + 2 < tokens.count { end += 2 }
            else { break }
        }
        return tokens[1].range.lowerBound..<tokens[end].range.upperBound
    }

    /// A JSON column's collation, which `json` alone would turn into another.
    private func jsonCollation(_ column: Column) -> String? {
        let tokens = Array(column.tokens)
        if let own = tokens.firstIndex(where: { $0.depth == 1 && word($0, is: "COLLATE") }), own + 1 < tokens.count {
            return String(decoding: bytes[tokens[own + 1].range], as: UTF8.self)
        }
        return tokens.contains { $0.depth == 1 && word($0, is: "CHARACTER") } ? nil : option("COLLATE")
    }
}
