/// Why the journal cannot be used: a sentence with the next step.
public struct JournalError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
