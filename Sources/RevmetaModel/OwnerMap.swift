/// Catalog owners to principals of the sources: exact names first, then patterns in their order.
///
/// A pattern (a glob, or `/a regular expression/`) maps any number of owners; in its principal `$1` to `$9` are what its
/// wildcards (each as little as it can) or groups matched, `$0` the whole, `$$` a dollar sign.
public struct OwnerMap: Sendable, Equatable {
    private var exact: [String: String] = [:]
    private var patterns: [Pattern] = []

    private struct Pattern: Sendable, Equatable {
        var pattern: NamePattern
        var principal: CaptureTemplate
    }

    public init() {}

    /// Adds an entry, a pattern if the owner is written as one.
    public mutating func add(_ owner: String, principal: String) throws(NamePattern.Invalid) {
        guard NamePattern.isPattern(owner) else {
            if exact[owner] == nil { exact[owner] = principal }
            return
        }
        let pattern = try NamePattern(owner)
        patterns.append(Pattern(pattern: pattern, principal: try CaptureTemplate(principal, of: pattern)))
    }

    /// The principal of an owner; nil: none is known.
    public subscript(owner: String) -> String? {
        if let principal = exact[owner] { return principal }
        for entry in patterns {
            if let captures = entry.pattern.captures(owner) { return entry.principal.text(captures) }
        }
        return nil
    }

    public var count: Int { exact.count + patterns.count }

    /// The map, and behind it another: exact names of both go before the patterns of both.
    public func before(_ other: OwnerMap) -> OwnerMap {
        var map = self
        map.exact.merge(other.exact) { own, _ in own }
        map.patterns += other.patterns
        return map
    }
}

extension OwnerMap: ExpressibleByDictionaryLiteral {
    /// Exact names only.
    public init(dictionaryLiteral elements: (String, String)...) {
        exact = Dictionary(elements) { first, _ in first }
    }
}
