/// A regular expression of Lucene's, read.
indirect enum LuceneTree {
    case one(ScalarSet)
    case sequence([LuceneTree])
    case either([LuceneTree])
    /// - Parameter most: Nil: any number.
    case repeated(LuceneTree, least: Int, most: Int?)
    /// Matches nothing, not even the empty text.
    case nothing

    /// About how many instructions it takes; not more than is allowed and one.
    var size: Int {
        let limit = LuceneExpression.mostInstructions
        switch self {
        case .one, .nothing: return 1
        case .sequence(let parts): return parts.reduce(0) { min(limit, $0 + $1.size) }
        case .either(let parts): return parts.reduce(0) { min(limit, $0 + $1.size + 2) }
        case .repeated(let tree, let least, let most):
            let times = min(limit, max(least + 1, most ?? 0))
            return min(limit, times * (tree.size + 2))
        }
    }

    func compile(into program: inout [LuceneExpression.Instruction]) {
        switch self {
        case .one(let set): program.append(.one(set))
        case .nothing: program.append(.one(ScalarSet(ranges: [])))
        case .sequence(let parts): for part in parts { part.compile(into: &program) }
        case .either(let parts):
            var ends: [Int] = []
            for (index, part) in parts.enumerated() {
                guard index < parts.count - 1 else {
                    part.compile(into: &program)
                    break
                }
                let split = program.count
                program.append(.jump(0))
                part.compile(into: &program)
                ends.append(program.count)
                program.append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            for end in ends { program[end] = .jump(program.count) }
        case .repeated(let tree, let least, let most):
            for _ in 0..<least { tree.compile(into: &program) }
            guard let most else {
                let split = program.count
                program.append(.jump(0))
                tree.compile(into: &program)
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in 0..<max(0, most - least) {
                splits.append(program.count)
                program.append(.jump(0))
                tree.compile(into: &program)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }
}

/// Reads what Lucene reads: `"…"` is a text, `@` any text, `#` none; `^`, `$` and `/` are plain characters.
struct LuceneParser {
    private let text: String
    private var rest: Substring.UnicodeScalarView
    private var depth = 0

    /// Far from the stack's end.
    private static let deepest = 100

    init(_ text: String) {
        self.text = text
        rest = text[...].unicodeScalars
    }

    mutating func parse() throws(LuceneExpression.Invalid) -> LuceneTree {
        let tree = try either()
        guard rest.isEmpty else { throw wrong("has a ) without its (") }
        return tree
    }

    private mutating func either() throws(LuceneExpression.Invalid) -> LuceneTree {
        depth += 1
        guard depth < Self.deepest else { throw wrong("is nested deeper than \(Self.deepest) levels") }
        defer { depth -= 1 }
        var parts = [try sequence()]
        while rest.first == "|" {
            rest.removeFirst()
            parts.append(try sequence())
        }
        return parts.count == 1 ? parts[0] : .either(parts)
    }

    private mutating func sequence() throws(LuceneExpression.Invalid) -> LuceneTree {
        var parts: [LuceneTree] = []
        while let next = rest.first, next != "|", next != ")" { parts.append(try repeated()) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repeated() throws(LuceneExpression.Invalid) -> LuceneTree {
        var tree = try atom(), times = 0
        while let next = rest.first {
            switch next {
            case "?": tree = .repeated(tree, least: 0, most: 1)
            case "*": tree = .repeated(tree, least: 0, most: nil)
            case "+": tree = .repeated(tree, least: 1, most: nil)
            case "{":
                let (least, most) = try bounds()
                tree = .repeated(tree, least: least, most: most)
            default: return tree
            }
            if next != "{" { rest.removeFirst() }
            times += 1
            guard times < Self.deepest else { throw wrong("repeats a repetition too often") }
        }
        return tree
    }

    /// `{2}`, `{2,}`, `{2,3}`.
    private mutating func bounds() throws(LuceneExpression.Invalid) -> (Int, Int?) {
        guard let end = rest.firstIndex(of: "}") else { throw wrong("has a { without its }") }
        let numbers = String(rest[..<end].dropFirst()).split(separator: ",", omittingEmptySubsequences: false)
        rest = rest[rest.index(after: end)...]
        let limit = LuceneExpression.mostInstructions
        guard (1...2).contains(numbers.count), let least = Int(numbers[0]), (0...limit).contains(least) else {
            throw wrong("has numbers in { } that cannot be read: expected {2}, {2,} or {2,3}")
        }
        guard numbers.count == 2 else { return (least, least) }
        guard !numbers[1].isEmpty else { return (least, nil) }
        guard let most = Int(numbers[1]), (least...limit).contains(most) else {
            throw wrong("has numbers in { } that cannot be read: expected {2}, {2,} or {2,3}")
        }
        return (least, most)
    }

    private mutating func atom() throws(LuceneExpression.Invalid) -> LuceneTree {
        let scalar = rest.removeFirst()
        switch scalar {
        case ".": return .one(.any)
        case "@": return .repeated(.one(.any), least: 0, most: nil)
        case "#": return .nothing
        case "(":
            let tree = try either()
            guard rest.popFirst() == ")" else { throw wrong("has a ( without its )") }
            return tree
        case "\"":
            guard let end = rest.firstIndex(of: "\"") else { throw wrong("has a \" without its second") }
            let literal = rest[..<end].map { LuceneTree.one(ScalarSet(ranges: [$0.value...$0.value])) }
            rest = rest[rest.index(after: end)...]
            return .sequence(literal)
        case "[": return .one(try set())
        case "\\":
            guard let next = rest.popFirst() else { throw wrong("ends with a backslash") }
            return .one(Self.classes[next] ?? ScalarSet(ranges: [next.value...next.value]))
        case "~": throw unsupported(scalar, "anything but")
        case "&": throw unsupported(scalar, "and")
        case "<": throw unsupported(scalar, "a range of numbers")
        default: return .one(ScalarSet(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func set() throws(LuceneExpression.Invalid) -> ScalarSet {
        var set = ScalarSet(ranges: [])
        if rest.first == "^" {
            rest.removeFirst()
            set.isNegated = true
        }
        while let scalar = rest.popFirst() {
            if scalar == "]", !set.ranges.isEmpty { return set }
            guard let low = try setScalar(scalar, &set) else { continue }
            guard rest.first == "-", let next = rest.dropFirst().first, next != "]" else {
                set.ranges.append(low.value...low.value)
                continue
            }
            rest.removeFirst(2)
            guard let high = try setScalar(next, &set), low.value <= high.value else {
                throw wrong("has a range that runs backwards")
            }
            set.ranges.append(low.value...high.value)
        }
        throw wrong("has a [ without its ]")
    }

    /// A set's next scalar; nil: it was a class such as \d, which is added.
    private mutating func setScalar(
        _ scalar: Unicode.Scalar, _ set: inout ScalarSet
    ) throws(LuceneExpression.Invalid) -> Unicode.Scalar? {
        guard scalar == "\\" else { return scalar }
        guard let next = rest.popFirst() else { throw wrong("ends with a backslash") }
        guard let known = Self.classes[next] else { return next }
        guard !known.isNegated else { throw unsupported(next, "a class turned round, within a set") }
        set.ranges += known.ranges
        return nil
    }

    private static let classes: [Unicode.Scalar: ScalarSet] = {
        let digits: [ClosedRange<UInt32>] = [0x30...0x39]
        let words = digits + [0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        let spaces: [ClosedRange<UInt32>] = [0x20...0x20, 0x09...0x0A, 0x0D...0x0D]
        return [
            "d": ScalarSet(ranges: digits), "D": ScalarSet(ranges: digits, isNegated: true), "w": ScalarSet(ranges: words),
            "W": ScalarSet(ranges: words, isNegated: true), "s": ScalarSet(ranges: spaces),
            "S": ScalarSet(ranges: spaces, isNegated: true),
        ]
    }()

    private func wrong(_ what: String) -> LuceneExpression.Invalid {
        LuceneExpression.Invalid(what: "the regular expression '\(text.prefix(100))' \(what)")
    }

    private func unsupported(_ sign: Unicode.Scalar, _ meaning: String) -> LuceneExpression.Invalid {
        LuceneExpression.Invalid(
            what: "'\(sign)' (\(meaning)) in the regular expression '\(text.prefix(100))' cannot be evaluated here: write it without")
    }
}
