/// The arguments of a routine as Snowflake lists them, `(AMOUNT NUMBER, "the day" DATE)`, as statements need them: by type.
enum RoutineSignature {
    /// `NUMBER, DATE`
    static func types(_ signature: String) -> String {
        var text = Substring(signature)
        if text.first == "(" { text.removeFirst() }
        if text.last == ")" { text.removeLast() }
        return parted(text).map { type($0) }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// Without what is a matter of taste: `number,date`.
    static func normalized(_ types: some StringProtocol) -> String {
        types.lowercased().filter { $0 != " " }
    }

    /// Parts at commas that stand neither in quotes nor in parentheses.
    private static func parted(_ text: Substring) -> [Substring] {
        var parts: [Substring] = [], start = text.startIndex, depth = 0, isQuoted = false
        for index in text.indices {
            switch text[index] {
            case "\"": isQuoted.toggle()
            case "(" where !isQuoted: depth += 1
            case ")" where !isQuoted: depth -= 1
            case "," where !isQuoted && depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return parts + [text[start...]]
    }

    /// What follows the name, which may be quoted and hold spaces.
    private static func type(_ argument: Substring) -> String {
        var rest = argument.drop { $0 == " " }
        if rest.first == "\"" {
            rest.removeFirst()
            while let character = rest.popFirst() {
                guard character == "\"" else { continue }
                if rest.first == "\"" { rest.removeFirst() } else { break }
            }
        } else {
            rest = rest.drop { $0 != " " }
        }
        let words = rest.split(separator: " ")
        return words.prefix { $0.uppercased() != "DEFAULT" }.joined(separator: " ")
    }
}
