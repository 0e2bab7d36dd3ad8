/// Which OpenMetadata a server is, as far as it matters for what it is asked: `1.13`.
struct ServerVersion: Sendable, Equatable {
    var major: Int
    var minor: Int

    /// The one whose interface is known here.
    static let knownMajor = 1

    /// From what the server says: `1.13.0`, `1.12.0-SNAPSHOT`. Nil: that is no version.
    init?(_ text: String) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count >= 2, let major = Int(numbers[0]), let minor = Int(numbers[1]) else { return nil }
        self.major = major
        self.minor = minor
    }

    func isAtLeast(minor: Int) -> Bool { self.minor >= minor }
}

/// What the server answers when it is asked for its version.
struct VersionAnswer: Decodable {
    var version: String
}
