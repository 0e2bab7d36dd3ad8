public import RevmetaModel

/// What a check found.
public struct CheckReport: Sendable {
    /// What a run would do now: its counts, failing services and notices.
    public var plan: RunReport
    /// What the services would not let us write, alike reasons together.
    public var refusals: [Group]
    /// How many facts are refused for yet other reasons.
    public var otherRefusals = 0

    /// Facts of one service that cannot be written for one reason.
    public struct Group: Sendable, Equatable {
        public var service: String
        public var failure: Failure
        public var count: Int
        /// One of them.
        public var example: FactKey
    }

    /// 0: all can be written; 1: something cannot; 3: no service could be used.
    public var exitCode: Int32 {
        plan.exitCode == 0 && !refusals.isEmpty ? 1 : plan.exitCode
    }
}
