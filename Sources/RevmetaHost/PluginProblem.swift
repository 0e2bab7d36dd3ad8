/// Why a plugin cannot be used: a plain sentence.
public struct PluginProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
