/// Statements of a plan that a session keeps.
public struct PlanPart: Sendable {
    /// What the host called the plan.
    public var plan: UInt64
    /// Which of its statements.
    public var range: Range<Int>

    public init(plan: UInt64, range: Range<Int>) {
        self.plan = plan
        self.range = range
    }
}

extension FrameWriter {
    public mutating func parts(_ parts: [PlanPart]) {
        number(UInt32(parts.count))
        for part in parts {
            number(part.plan)
            number(UInt32(part.range.lowerBound))
            number(UInt32(part.range.count))
        }
    }
}

extension FrameReader {
    mutating func parts() throws(BrokenFrame) -> [PlanPart] {
        var parts: [PlanPart] = []
        for _ in 0..<(try count()) {
            let plan = try number(UInt64.self), first = Int(try number(UInt32.self)), count = Int(try number(UInt32.self))
            parts.append(PlanPart(plan: plan, range: first..<first + count))
        }
        return parts
    }
}
