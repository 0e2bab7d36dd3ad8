/// What OpenMetadata's ingestion writes into names for characters that its qualified names cannot hold.
enum ReservedToken: String, CaseIterable {
    case doubleColon = "__reserved__colon__"
    case arrow = "__reserved__arrow__"
    case quote = "__reserved__quote__"

    private var original: String {
        switch self {
        case .doubleColon: "::"
        case .arrow: ">"
        case .quote: "\""
        }
    }

    /// A catalog's name as the source stores it.
    static func decode(_ name: String) -> String {
        guard mayOccur(in: name) else { return name }
        var decoded = ""
        var rest = name[...]
        while let next = allCases.compactMap({ token in rest.firstRange(of: token.rawValue).map { ($0, token) } })
            .min(by: { $0.0.lowerBound < $1.0.lowerBound }) {
            decoded += rest[..<next.0.lowerBound] + next.1.original
            rest = rest[next.0.upperBound...]
        }
        return decoded + rest
    }

    /// A source's name as a catalog has it.
    static func encode(_ name: String) -> String {
        allCases.reduce(name) { $0.replacing($1.original, with: $1.rawValue) }
    }

    /// Names with a token are rare, and every name passes here.
    private static func mayOccur(in name: String) -> Bool {
        var underscores = 0
        for byte in name.utf8 {
            if underscores >= 2, byte == UInt8(ascii: "r") { return true }
            underscores = byte == UInt8(ascii: "_") ? underscores + 1 : 0
        }
        return false
    }
}
