/// What is wrong with one setting of a service's connection, by what its plugin says of its settings.
public struct SettingProblem: Sendable, Equatable {
    /// Dotted: `authType.password`.
    public var key: String
    /// What was expected, after the key's name. It does not hold the value, which may be a password in the wrong place.
    public var message: String

    public init(key: String, message: String) {
        self.key = key
        self.message = message
    }
}
