internal import RevmetaMarkdown

/// What changes a value's text before it is placed. Both template engines have these, by the same names.
public enum ValueFilter: Sendable, Equatable {
    case upper
    case lower
    /// To at most so many Unicode scalars, between Characters.
    case truncate(Int)
    /// Runs of blanks and line ends to one space each, none at the ends.
    case oneline
    /// Markdown to plain text.
    case plaintext
    /// What stands for an absent or empty value.
    case `default`(String)

    public func apply(to content: SQLValue.Content) throws(FilterProblem) -> SQLValue.Content {
        switch content {
        case .name(let name): .name(apply(to: name))
        case .text(let text): .text(apply(to: text))
        case .pairs(let pairs): try apply(to: pairs)
        }
    }

    public func apply(to text: String?) -> String? {
        guard let text else {
            if case .default(let other) = self { return other }
            return nil
        }
        return switch self {
        case .upper: text.uppercased()
        case .lower: text.lowercased()
        case .truncate(let most): text.truncated(to: most)
        case .oneline: text.onOneLine
        case .plaintext: Markdown.plainText(text)
        case .default(let other): text.isEmpty ? other : text
        }
    }

    /// A list's keys and values change one by one.
    private func apply(to pairs: [SQLValue.Pair]) throws(FilterProblem) -> SQLValue.Content {
        switch self {
        case .default(let other):
            return pairs.isEmpty ? .text(other) : .pairs(pairs)
        case .upper, .lower:
            return .pairs(pairs.map { pair in
                SQLValue.Pair(key: apply(to: pair.key) ?? "", value: apply(to: pair.value) ?? "")
            })
        case .truncate, .oneline, .plaintext:
            throw FilterProblem(message: "is a list, which this filter does not work on: it works on texts")
        }
    }
}

extension String {
    fileprivate var onOneLine: String {
        hasBlanksToJoin ? split(whereSeparator: \.isWhitespace).joined(separator: " ") : self
    }

    /// Whether there is more to do than to look: most texts are on one line.
    private var hasBlanksToJoin: Bool {
        let bytes = utf8.span
        var before = UInt8(ascii: " ")
        for index in bytes.indices {
            let byte = bytes[index]
            let isBlank = byte == UInt8(ascii: " ")
            if byte < 0x20 || byte > 0x7E || isBlank && before == byte { return true }
            before = byte
        }
        return before == UInt8(ascii: " ")
    }

    fileprivate func truncated(to most: Int) -> String {
        guard utf8.count > most, unicodeScalars.count > most else { return self }
        var end = startIndex
        var length = 0
        while end < endIndex {
            length += self[end].unicodeScalars.count
            if length > most { break }
            end = index(after: end)
        }
        return String(self[..<end])
    }
}

/// What a filter says of a value that it cannot work on.
public struct FilterProblem: Error {
    /// Follows what the template has in a sentence.
    public var message: String
}
