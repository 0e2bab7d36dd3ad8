import RevmetaPlugin

/// Outcomes that are certain, kept until there is time to tell them.
struct CertainOutcomes {
    private(set) var kept: [Outcome] = []

    enum Outcome {
        case success(Int)
        // Elsewhere, since few fail.
        indirect case failure(Int, Failure)

        var index: Int {
            switch self {
            case .success(let index), .failure(let index, _): index
            }
        }

        /// Nil: it went well.
        var failure: Failure? {
            if case .failure(_, let failure) = self { failure } else { nil }
        }
    }

    var isEmpty: Bool { kept.isEmpty }

    mutating func succeed(_ index: Int) {
        kept.append(.success(index))
    }

    mutating func fail(_ index: Int, _ failure: Failure) {
        kept.append(.failure(index, failure))
    }

    /// Keeps those of another list too.
    mutating func take(_ other: CertainOutcomes) {
        kept += other.kept
    }

    /// Tells all that are kept, each once. If the host wants no more of them, the rest is forgotten.
    mutating func tell(_ sink: borrowing OutcomeSink) throws(Failure) {
        defer { kept.removeAll(keepingCapacity: true) }
        for outcome in kept {
            if let failure = outcome.failure { try sink.fail(outcome.index, failure) } else { try sink.succeed(outcome.index) }
        }
    }
}
