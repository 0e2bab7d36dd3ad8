/// A text of SQL with places for values in it: what a template's text comes down to.
///
/// Each byte and each place knows where in the template it comes from, so that problems can be shown there.
public struct SQLSource: Sendable {
    /// A byte, or a place: the number of its value, negative and less one.
    private(set) var units: [Int32] = []
    private var origins: [Origin] = []
    /// The values that are placed as they are.
    private(set) var rawValues: Set<Int> = []

    /// From this unit on, units and the template's bytes go in step.
    private struct Origin {
        var unit: Int
        var offset: Int
    }

    public init() {}

    public var isEmpty: Bool { units.isEmpty }

    /// Appends text that the template's author wrote.
    /// - Parameter offset: Where it begins in the template, in bytes.
    public mutating func append(text: some Collection<UInt8>, at offset: Int) {
        guard !text.isEmpty else { return }
        origins.append(Origin(unit: units.count, offset: offset))
        units.reserveCapacity(units.count + text.count)
        for byte in text { units.append(Int32(byte)) }
    }

    /// Appends a place for a value.
    /// - Parameters:
    ///   - value: The value's number, from 0.
    ///   - isRaw: The value is placed as it is, whatever stands around it.
    public mutating func append(value: Int, isRaw: Bool = false, at offset: Int) {
        if isRaw { rawValues.insert(value) }
        origins.append(Origin(unit: units.count, offset: offset))
        units.append(Int32(-value - 1))
    }

    /// Where a unit comes from: an offset into the template, in bytes.
    func offset(of unit: Int) -> Int {
        var low = 0
        var high = origins.count
        while low < high {
            let middle = (low + high) / 2
            if origins[middle].unit <= unit { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        return origins[low - 1].offset + unit - origins[low - 1].unit
    }
}

/// What is wrong with a template's text.
public struct SQLTextProblem: Error, Sendable, Equatable {
    /// Where, in bytes from the template's start.
    public var offset: Int
    /// A sentence: what was expected, what was found, the next step.
    public var message: String

    public init(offset: Int, _ message: String) {
        self.offset = offset
        self.message = message
    }

    /// The filter `raw` where nobody allowed it.
    public static func rawIsNotAllowed(at offset: Int) -> SQLTextProblem {
        SQLTextProblem(
            offset: offset,
            "expected a filter that the configuration allows, found \"raw\", which places a value as it is and so lets it "
                + "change the statement: allowRaw allows it")
    }
}
