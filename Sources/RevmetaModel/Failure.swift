/// Why something at a source or in a plugin did not work: who must act, and a sentence that is safe to show.
public struct Failure: Error, Sendable, Equatable {
    /// Who must act. The same codes cross the plugin boundary.
    public enum Status: Int32, Sendable, Codable {
        /// Nobody: the source has no such notion.
        case unsupported = 1
        /// The programmer: a caller or a plugin broke the contract.
        case invalid = 2
        /// A person: a setting must change.
        case config = 3
        /// A person: a privilege must be granted.
        case denied = 4
        /// Nobody: the object is not there.
        case notFound = 5
        /// Time: the same call may succeed later.
        case transient = 6
        /// Nobody: it was asked to stop.
        case cancelled = 7
        /// A person: what a guard names has moved since the plan was made.
        case conflict = 8
        case failed = 9
    }

    public var status: Status
    /// A sentence: what was expected, what was found, the next step. Never a secret.
    public var message: String
    /// Five characters, where the source has them.
    public var sqlState: String?
    /// The vendor's own number; 0: none.
    public var vendorCode: Int32
    /// How long the source asks to wait before the next try, in milliseconds; 0: not said.
    public var retryAfterMilliseconds: UInt32
    /// The place in a template's text, from 1; 0: not about a text.
    public var line: UInt32
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
}

extension Failure.Status: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unsupported: "unsupported"
        case .invalid: "invalid"
        case .config: "configuration"
        case .denied: "denied"
        case .notFound: "not found"
        case .transient: "transient"
        case .cancelled: "cancelled"
        case .conflict: "conflict"
        case .failed: "failed"
        }
    }
}

extension Failure: CustomStringConvertible {
    public var description: String {
        sqlState.map { "\(message) [SQLSTATE \($0)]" } ?? message
    }
}
