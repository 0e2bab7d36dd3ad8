/// Why the journal cannot be used: a sentence with the next step.
public struct JournalError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The catalog's answers hold one entity twice, so that nobody can say which of the two is the truth.
public struct ListedTwice: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
