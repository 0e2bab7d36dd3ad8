/// Why something did not work: who must act, and a sentence for people that never holds a secret.
public struct Failure: Error, Sendable, Equatable {
    /// Who must act.
    public enum Status: Int32, Sendable {
        /// Nobody: the source has no such notion.
        case unsupported = 1
        /// The programmer: the caller broke the contract.
        case invalid = 2
        /// A person: a setting must change.
        case config = 3
        /// A person: a privilege must be granted.
        case denied = 4
        /// Nobody: the object is not there.
        case notFound = 5
        /// Time: the same call may succeed later.
        case transient = 6
        /// Nobody: the host asked to stop.
        case cancelled = 7
        /// A person: what the guard names has moved.
        case conflict = 8
        case failed = 9
    }

    public var status: Status
    /// What was expected, what was found, the next step.
    public var message: String
    /// Five characters, where the source has them.
    public var sqlState: String?
    /// The vendor's own number; 0: none.
    public var vendorCode: Int32
    /// With `transient`: how long the source asks to wait, in milliseconds; 0: not said.
    public var retryAfterMilliseconds: UInt32
    /// Of a template that does not compile, from 1; 0: not about a place in text.
    public var line: UInt32
    /// In Unicode scalars, from 1.
    public var column: UInt32

    public init(
        _ status: Status, _ message: String, sqlState: String? = nil, vendorCode: Int32 = 0,
        retryAfterMilliseconds: UInt32 = 0, line: UInt32 = 0, column: UInt32 = 0
    ) {
        self.status = status
        self.message = message
        self.sqlState = sqlState
        self.vendorCode = vendorCode
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.line = line
        self.column = column
    }

    /// What a call throws when the host asked it to stop.
    public static let cancelled = Failure(.cancelled, "the host asked to stop")
}
