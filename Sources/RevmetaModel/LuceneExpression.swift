/// A regular expression as Lucene, the search engine under Elasticsearch, writes it. It matches whole values.
///
/// Evaluated by an automaton of its own: the time it takes grows with the value's length and the expression's, never with the
/// number of ways to match, so that no expression hangs a run.
public struct LuceneExpression: Sendable, Hashable {
    public let text: String
    public let ignoresCase: Bool
    private let program: [Instruction]

    /// Why an expression cannot be evaluated.
    public struct Invalid: Error, Equatable {
        public let what: String
    }

    enum Instruction: Sendable, Hashable {
        case one(ScalarSet)
        /// Goes on at both places.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    /// An expression that says more is refused: `(a{1000}){1000}` is short to write.
    static let mostInstructions = 5_000

    public init(_ text: String, ignoresCase: Bool) throws(Invalid) {
        self.text = text
        self.ignoresCase = ignoresCase
        var parser = LuceneParser(text)
        let tree = try parser.parse()
        guard tree.size < Self.mostInstructions else {
            throw Invalid(what: "the regular expression '\(text.prefix(100))' repeats too much to be evaluated")
        }
        var program: [Instruction] = []
        tree.compile(into: &program)
        program.append(.match)
        self.program = program
    }

    public func matches(_ value: String) -> Bool {
        var current = Threads(program.count), next = Threads(program.count)
        current.add(0, program)
        for scalar in value.unicodeScalars {
            guard !current.places.isEmpty else { return false }
            next.clear()
            for place in current.places {
                guard case .one(let set) = program[place] else { continue }
                if set.contains(scalar, ignoresCase: ignoresCase) { next.add(place + 1, program) }
            }
            swap(&current, &next)
        }
        return current.places.contains { program[$0] == .match }
    }
}

/// The places of a program where an evaluation may be, each once.
private struct Threads {
    private(set) var places: [Int] = []
    private var isThere: [Bool]
    private var waiting: [Int] = []

    init(_ count: Int) {
        isThere = Array(repeating: false, count: count)
    }

    mutating func clear() {
        for place in places { isThere[place] = false }
        places.removeAll(keepingCapacity: true)
    }

    /// Adds a place, and those that are reached from it without a character.
    mutating func add(_ place: Int, _ program: [LuceneExpression.Instruction]) {
        waiting.append(place)
        while let place = waiting.popLast() {
            guard !isThere[place] else { continue }
            isThere[place] = true
            places.append(place)
            switch program[place] {
            case .split(let one, let other):
                waiting.append(other)
                waiting.append(one)
            case .jump(let target): waiting.append(target)
            case .one, .match: break
            }
        }
    }
}

/// Scalars of which one is meant.
struct ScalarSet: Sendable, Hashable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    static let any = ScalarSet(ranges: [], isNegated: true)

    func contains(_ scalar: Unicode.Scalar, ignoresCase: Bool) -> Bool {
        if contains(scalar.value) { return !isNegated }
        guard ignoresCase else { return isNegated }
        let properties = scalar.properties
        for other in [properties.lowercaseMapping, properties.uppercaseMapping] {
            let scalars = other.unicodeScalars
            if let first = scalars.first, scalars.count == 1, contains(first.value) { return !isNegated }
        }
        return isNegated
    }

    private func contains(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } }
}
