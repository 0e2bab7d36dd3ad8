/// Why a plan's file cannot be read, or not be run: a sentence with the next step.
public struct PlanFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
