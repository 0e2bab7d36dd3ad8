/// What a session planned and has at hand, for as long as somebody holds this.
public protocol KeptPlan: AnyObject, Sendable {}

/// Statements that the session which planned them has at hand: to have them run, it need not be given them again.
public struct KeptStatements: Sendable {
    public let plan: any KeptPlan
    /// Which of the plan's statements.
    public let range: Range<Int>

    public init(of plan: any KeptPlan, _ range: Range<Int>) {
        self.plan = plan
        self.range = range
    }
}
