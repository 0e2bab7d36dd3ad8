public import RevmetaModel

/// Why the catalog's server could not be read: what was asked, who must act, and a sentence that is safe to show.
public struct CatalogServerError: Error, Sendable, Equatable {
    /// What was asked of it: `https://collate.example.com/api/v1/tables`.
    public var place: String
    public var failure: Failure

    public init(place: String, _ failure: Failure) {
        self.place = place
        self.failure = failure
    }

    /// Whether the same may work later, with nobody acting.
    public var mayPass: Bool { failure.status == .transient || failure.status == .cancelled }

    /// Whether the answer was longer than any should be.
    public var isTooLong: Bool { failure == .answerTooLong }
}

extension CatalogServerError: CustomStringConvertible {
    public var description: String { "\(place): \(failure.message)" }
}
