/// A pattern for one name: a glob (`*`, `?`, `[a-z]`, `[!a-z]`, backslash before a literal) or `/a regular expression/`.
///
/// A glob must match the whole name; a regular expression matches anywhere in it unless it is anchored. Both tell
/// upper from lower case, as sources do; `/…/i` does not.
public struct NamePattern: Sendable, Equatable {
    public let text: String
    private let matcher: Matcher
    private let capturing: Capturing

    /// What is wrong with a pattern.
    public struct Invalid: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    public init(_ text: String) throws(Invalid) {
        self.text = text
        matcher = try Matcher(text)
        capturing = Capturing(matcher, text)
    }

    public func matches(_ name: String) -> Bool {
        matcher.matches(name)
    }

    /// What the pattern's wildcards or groups matched, the whole first; nil: it does not match. A group that took no part in
    /// the match is an empty text.
    public func captures(_ name: String) -> [String]? {
        guard matches(name) else { return nil }
        let match: Regex<AnyRegexOutput>.Match? =
            switch matcher {
            case .exact: nil
            case .regex(let regex): try? regex.firstMatch(in: name)
            case .glob: capturing.glob.flatMap { text in
                try? Regex(text).matchingSemantics(.unicodeScalar).dotMatchesNewlines().wholeMatch(in: name)
            }
            }
        guard let match else { return [name] }
        return match.output.indices.map { match.output[$0].substring.map(String.init) ?? "" }
    }

    /// How many parts ``captures(_:)`` has besides the whole.
    public var captureCount: Int { capturing.count }

    /// Whether a text is a glob or regular expression, not just a name.
    public static func isPattern(_ text: String) -> Bool {
        text.hasPrefix("/") || text.contains { "*?[\\".contains($0) }
    }

    public static func == (one: NamePattern, other: NamePattern) -> Bool {
        one.text == other.text
    }
}

extension NamePattern: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// A pattern with its parts as groups, for those who ask for them.
private struct Capturing: Sendable {
    /// Of a glob: a regular expression that says the same, with a group for each wildcard.
    let glob: String?
    let count: Int

    init(_ matcher: Matcher, _ text: String) {
        switch matcher {
        case .exact: (glob, count) = (nil, 0)
        case .regex: (glob, count) = (nil, Self.groups(of: text))
        case .glob(let items):
            glob = items.map(\.group).joined()
            count = items.reduce(0) { if case .scalar = $1 { $0 } else { $0 + 1 } }
        }
    }

    /// How many groups a regular expression has: parentheses that open one.
    private static func groups(of text: String) -> Int {
        var count = 0, isInSet = false
        var rest = text[...]
        while let sign = rest.popFirst() {
            switch sign {
            case "\\": _ = rest.popFirst()
            case "[": isInSet = true
            case "]": isInSet = false
            case "(" where !isInSet:
                let isNamed = rest.hasPrefix("?<") && !rest.hasPrefix("?<=") && !rest.hasPrefix("?<!") || rest.hasPrefix("?P<")
                if !rest.hasPrefix("?") || isNamed { count += 1 }
            default: break
            }
        }
        return count
    }
}

/// How a pattern is evaluated. Plain names, the usual case, are one comparison.
private enum Matcher: @unchecked Sendable {  // Regex is a value without shared state, but not marked Sendable
    case exact(String)
    case glob([GlobItem])
    case regex(Regex<AnyRegexOutput>)

    init(_ text: String) throws(NamePattern.Invalid) {
        if text.first == "/" {
            self = .regex(try Self.regex(text))
        } else {
            let items = try GlobItem.items(of: text)
            var name = String.UnicodeScalarView()
            let isExact = items.allSatisfy { item in
                guard case .scalar(let scalar) = item else { return false }
                name.append(scalar)
                return true
            }
            self = isExact ? .exact(String(name)) : .glob(items)
        }
    }

    private static func regex(_ text: String) throws(NamePattern.Invalid) -> Regex<AnyRegexOutput> {
        let ignoresCase = text.count > 2 && text.hasSuffix("/i")
        let body = text.dropFirst().dropLast(ignoresCase ? 2 : 1)
        guard text.count > 2, text.hasSuffix("/") || ignoresCase, !body.isEmpty else {
            throw NamePattern.Invalid(
                description: "'\(text)' begins with / but is no regular expression: expected /…/ or /…/i")
        }
        do {
            let regex = try Regex(String(body))
            return ignoresCase ? regex.ignoresCase() : regex
        } catch {
            throw NamePattern.Invalid(description: "'\(text)' is no regular expression that can be read: \(error)")
        }
    }

    func matches(_ name: String) -> Bool {
        switch self {
        case .exact(let text):
            // Bytes, not characters: a source that stores é in two ways has two names.
            text.utf8.elementsEqual(name.utf8)
        case .glob(let items): GlobItem.match(items, Array(name.unicodeScalars))
        case .regex(let regex): (try? regex.firstMatch(in: name)) != nil
        }
    }
}

private enum GlobItem {
    case scalar(Unicode.Scalar)
    case anyOne
    case anyRun
    case oneOf([ClosedRange<UInt32>], negated: Bool)

    static func items(of text: String) throws(NamePattern.Invalid) -> [GlobItem] {
        guard !text.isEmpty else { throw NamePattern.Invalid(description: "a pattern is empty: expected a name, a glob or /…/") }
        var items: [GlobItem] = []
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": items.append(.anyRun)
            case "?": items.append(.anyOne)
            case "\\":
                guard let literal = rest.popFirst() else {
                    throw NamePattern.Invalid(description: "'\(text)' ends with a backslash: expected a character after it")
                }
                items.append(.scalar(literal))
            case "[": items.append(try set(&rest, of: text))
            default: items.append(.scalar(scalar))
            }
        }
        return items
    }

    private static func set(
        _ rest: inout Substring.UnicodeScalarView, of text: String
    ) throws(NamePattern.Invalid) -> GlobItem {
        var ranges: [ClosedRange<UInt32>] = []
        let negated = rest.first == "!"
        if negated { rest.removeFirst() }
        while let low = rest.popFirst() {
            if low == "]", !ranges.isEmpty { return .oneOf(ranges, negated: negated) }
            var high = low
            if rest.first == "-", let next = rest.dropFirst().first, next != "]" {
                rest.removeFirst(2)
                high = next
            }
            guard low.value <= high.value else {
                throw NamePattern.Invalid(description: "'\(text)' has a range that runs backwards: \(low)-\(high)")
            }
            ranges.append(low.value...high.value)
        }
        throw NamePattern.Invalid(description: "'\(text)' has a [ without its ]")
    }

    /// Linear in practice: only the last `*` is ever retried.
    static func match(_ items: [GlobItem], _ name: [Unicode.Scalar]) -> Bool {
        var item = 0, position = 0
        var retry: (item: Int, position: Int)?
        while position < name.count {
            if item < items.count, case .anyRun = items[item] {
                retry = (item + 1, position)
                item += 1
            } else if item < items.count, items[item].matches(name[position]) {
                item += 1
                position += 1
            } else if let last = retry {
                retry = (last.item, last.position + 1)
                item = last.item
                position = last.position + 1
            } else {
                return false
            }
        }
        return items[item...].allSatisfy { if case .anyRun = $0 { true } else { false } }
    }

    /// The item as a part of a regular expression.
    var group: String {
        func escaped(_ value: UInt32) -> String { "\\u{\(String(value, radix: 16))}" }
        return switch self {
        case .scalar(let scalar): escaped(scalar.value)
        case .anyOne: "(.)"
        case .anyRun: "(.*?)"
        case .oneOf(let ranges, let negated):
            "([" + (negated ? "^" : "")
                + ranges.map { "\(escaped($0.lowerBound))-\(escaped($0.upperBound))" }.joined() + "])"
        }
    }

    private func matches(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let own): own == scalar
        case .anyOne: true
        case .anyRun: false
        case .oneOf(let ranges, let negated): ranges.contains { $0.contains(scalar.value) } != negated
        }
    }
}
