/// Indexes of the changes that a statement carries.
///
/// Why not an array: nearly all carry one change, or some that stand side by side, and a plan has a statement for each fact.
public struct ChangeIndexes: RandomAccessCollection, Sendable, Equatable {
    /// Rising ones without a gap are always neighbours, if they are no larger than these can be: equal ones are of one form.
    private enum Form: Equatable {
        case neighbours(Range<Int32>)
        case any([Int])
    }

    private var form = Form.neighbours(0..<0)

    public init() {}

    public init(_ indexes: some Sequence<Int>) {
        for index in indexes { append(index) }
    }

    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch form {
        case .neighbours(let range): range.count
        case .any(let indexes): indexes.count
        }
    }

    public subscript(position: Int) -> Int {
        switch form {
        case .neighbours(let range):
            precondition(position >= 0 && position < range.count, "there is no such index")
            return Int(range.lowerBound) + position
        case .any(let indexes): return indexes[position]
        }
    }

    public mutating func append(_ index: Int) {
        switch form {
        case .any(var indexes):
            form = .any([])
            indexes.append(index)
            form = .any(indexes)
        case .neighbours(let range):
            if let index = Int32(exactly: index), index < .max, range.isEmpty || index == range.upperBound {
                form = .neighbours((range.isEmpty ? index : range.lowerBound)..<index + 1)
            } else {
                form = .any(Array(self) + [index])
            }
        }
    }

    /// The same changes, where so many stand before them.
    public func shifted(by distance: Int) -> ChangeIndexes {
        if case .neighbours(let range) = form, let first = first.flatMap({ Int32(exactly: $0 + distance) }),
            first <= Int32.max - Int32(range.count)
        {
            var shifted = ChangeIndexes()
            shifted.form = .neighbours(first..<first + Int32(range.count))
            return shifted
        }
        return ChangeIndexes(lazy.map { $0 + distance })
    }
}

extension ChangeIndexes: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }
}
