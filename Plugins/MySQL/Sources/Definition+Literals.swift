import RevmetaPlugin

extension Definition {
    /// Texts of a column that say it again, and of which the definition may show something else than the server keeps.
    struct DoubtfulTexts {
        /// The server's name of the character set that it keeps them in.
        var characterSet: String
        /// The literal of the default, if that is in doubt.
        var defaultText: String?
        /// Those of an ENUM's or SET's values that are in doubt, with their places.
        var values: [(place: Int, literal: String)] = []
        var isSet = false

        /// For messages.
        var named: String {
            guard !values.isEmpty else { return "DEFAULT" }
            return (isSet ? "SET" : "ENUM") + (defaultText == nil ? "" : " and its DEFAULT")
        }
    }

    /// What of a column's own text must be asked for before it is said again; nil: all of it is what it looks like.
    ///
    /// The server prints definitions by way of three bytes a character. What has no such three bytes becomes a question
    /// mark, and said again it would be one. Expressions, also the defaults of a TEXT, are kept as the texts they are.
    func doubtfulTexts(of column: Column) -> DoubtfulTexts? {
        let type = type(of: column), hasValues = ["enum", "set"].contains(type)
        guard hasValues || ["char", "varchar"].contains(type) else { return nil }
        let characterSet = characterSet(of: column)
        guard !Self.exactlyShown.contains(characterSet) else { return nil }
        var doubtful = DoubtfulTexts(characterSet: characterSet, isSet: type == "set")
        let isWide = Self.wide.contains(characterSet)
        func isInDoubt(_ literal: ArraySlice<UInt8>) -> Bool {
            // Others of the smaller sets are shown as something that comes back as another of their characters.
            literal.contains(UInt8(ascii: "?")) || (!isWide && literal.contains { $0 >= 0x80 })
        }
        let tokens = Array(column.tokens)
        if hasValues {
            let values = tokens.dropFirst(3).prefix { $0.depth > 1 }.filter { $0.kind == .text }.map { bytes[$0.range] }
            doubtful.values = values.enumerated().filter { isInDoubt($0.element) }
                .map { ($0.offset, String(decoding: $0.element, as: UTF8.self)) }
        }
        if let place = tokens.firstIndex(where: { $0.depth == 1 && !$0.isInHint && word($0, is: "DEFAULT") }),
            place + 1 < tokens.count {
            let literal = tokens[place + 1]
            if literal.kind == .text, isInDoubt(bytes[literal.range]) {
                doubtful.defaultText = String(decoding: bytes[literal.range], as: UTF8.self)
            } else if word(literal, is: "x"), place + 2 < tokens.count {
                // Bytes that are no text, in a column of texts.
                doubtful.defaultText = "x" + String(decoding: bytes[tokens[place + 2].range], as: UTF8.self)
            }
        }
        return doubtful.values.isEmpty && doubtful.defaultText == nil ? nil : doubtful
    }

    /// Character sets of which every character is shown as itself. Found out by showing each of them.
    private static let exactlyShown: Set<String> = [
        "utf8mb3", "utf8", "ucs2", "latin1", "latin2", "latin5", "latin7", "cp850", "cp852", "cp866", "keybcs2", "koi8r",
        "koi8u", "macce", "macroman",
    ]

    /// Those that hold all that is shown, and more.
    private static let wide: Set<String> = ["utf8mb4", "utf16", "utf16le", "utf32"]

    private func characterSet(of column: Column) -> String {
        let tokens = Array(column.tokens)
        func value(after word: StaticString, _ offset: Int) -> String? {
            guard let place = tokens.firstIndex(where: { $0.depth == 1 && self.word($0, is: word) }),
                place + offset < tokens.count
            else { return nil }
            return String(decoding: bytes[tokens[place + offset].range], as: UTF8.self)
        }
        // A collation's name begins with its set's.
        return value(after: "CHARACTER", 2)
            ?? value(after: "COLLATE", 1).map { String($0.prefix { $0 != "_" }) } ?? option("CHARSET") ?? "utf8mb4"
    }
}
