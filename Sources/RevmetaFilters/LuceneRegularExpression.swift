internal import RevmetaModel

/// Lucene's regular expressions, as far as another engine can say the same.
enum LuceneRegularExpression {
    struct Unsupported: Error {
        var what: String
    }

    /// The pattern that matches whole values.
    static func pattern(_ text: String, ignoresCase: Bool) throws(Unsupported) -> NamePattern {
        let translated = try translated(text)
        do throws(NamePattern.Invalid) {
            return try NamePattern("/^(?:\(translated))$/\(ignoresCase ? "i" : "")")
        } catch {
            throw Unsupported(what: "'\(text)' is no regular expression that can be read")
        }
    }

    /// What Lucene means otherwise than others do: `"…"`, `@`, `#`, and the plain characters ^ $ /.
    private static func translated(_ text: String) throws(Unsupported) -> String {
        var translated = ""
        var rest = text[...]
        func unsupported(_ sign: Character, _ meaning: String) -> Unsupported {
            Unsupported(what: "'\(sign)' (\(meaning)) in the regular expression '\(text)' cannot be evaluated here: write it without")
        }
        while let sign = rest.popFirst() {
            switch sign {
            case "\\":
                guard let next = rest.popFirst() else {
                    throw Unsupported(what: "the regular expression '\(text)' ends with a backslash")
                }
                translated += next.isLetter || next.isNumber ? (isClass(next) ? "\\\(next)" : String(next)) : "\\\(next)"
            case "\"":
                guard let end = rest.firstIndex(of: "\"") else {
                    throw Unsupported(what: "the regular expression '\(text)' has a \" without its second")
                }
                translated += rest[..<end].map(escaped).joined()
                rest = rest[rest.index(after: end)...]
            case "[": translated += try set(&rest, of: text)
            case "@": translated += "(?:.*)"
            case "#": translated += "(?!)"
            case "~": throw unsupported(sign, "anything but")
            case "&": throw unsupported(sign, "and")
            case "<": throw unsupported(sign, "a range of numbers")
            case "^", "$", "/": translated += "\\\(sign)"
            default: translated.append(sign)
            }
        }
        return translated
    }

    private static func set(_ rest: inout Substring, of text: String) throws(Unsupported) -> String {
        var set = "["
        if rest.first == "^" {
            rest.removeFirst()
            set += "^"
        }
        var isFirst = true
        while let sign = rest.popFirst() {
            if sign == "]", !isFirst { return set + "]" }
            isFirst = false
            switch sign {
            case "\\":
                guard let next = rest.popFirst() else { break }
                set += "\\\(next)"
            case "[", "]", "&", "^", "~": set += "\\\(sign)"
            default: set.append(sign)
            }
        }
        throw Unsupported(what: "the regular expression '\(text)' has a [ without its ]")
    }

    private static func isClass(_ sign: Character) -> Bool { "dDwWsS".contains(sign) }

    private static func escaped(_ sign: Character) -> String {
        sign.isLetter || sign.isNumber || sign == "_" || sign == " " ? String(sign) : "\\\(sign)"
    }
}
