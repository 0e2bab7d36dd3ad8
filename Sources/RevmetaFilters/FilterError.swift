/// What is wrong with a filter, and where in its JSON.
public struct FilterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `query.bool.must[0].term`; empty: the whole.
    public var path: String
    public var message: String

    public init(_ path: String, _ message: String) {
        self.path = path
        self.message = message
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
