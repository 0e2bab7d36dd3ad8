/// The settings of a service: dotted keys (`authType.password`) and their values.
public struct Settings: Sendable {
    private let values: [String: String]

    public init(_ values: [String: String]) {
        self.values = values
    }

    /// The value of a setting, or nil if it is not given.
    public subscript(key: String) -> String? { values[key] }

    /// The value of a setting that must be given.
    public func required(_ key: String) throws(Failure) -> String {
        guard let value = values[key], !value.isEmpty else {
            throw Failure(.config, "the setting '\(key)' is missing: give it under the service's connection")
        }
        return value
    }

    /// The value of a setting that is a whole number within a range.
    public func integer(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let text = values[key] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Failure(
                .config, "the setting '\(key)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The value of a setting that is one of a few words.
    public func choice(_ key: String, of words: [String]) throws(Failure) -> String? {
        guard let text = values[key] else { return nil }
        guard words.contains(text) else {
            throw Failure(.config, "the setting '\(key)' must be one of \(words.joined(separator: ", "))")
        }
        return text
    }
}
