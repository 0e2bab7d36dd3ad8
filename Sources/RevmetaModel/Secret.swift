/// A text that must not be shown: it prints as dots, whoever prints it.
public struct Secret: Sendable, Equatable {
    /// The text itself, for the one call that needs it.
    public let exposed: String

    public init(_ text: String) {
        exposed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
