import RevmetaPlugin

/// Outcomes that are certain, kept until there is time to tell them.
struct CertainOutcomes {
    private(set) var kept: [(index: Int, failure: Failure?)] = []

    var isEmpty: Bool { kept.isEmpty }

    mutating func succeed(_ index: Int) {
        kept.append((index, nil))
    }

    mutating func fail(_ index: Int, _ failure: Failure) {
        kept.append((index, failure))
    }

    /// Keeps those of another list too.
    mutating func take(_ other: CertainOutcomes) {
        kept += other.kept
    }

    /// Tells all that are kept, each once. If the host wants no more of them, the rest is forgotten.
    mutating func tell(_ sink: borrowing OutcomeSink) throws(Failure) {
        defer { kept.removeAll(keepingCapacity: true) }
        for (index, failure) in kept {
            if let failure { try sink.fail(index, failure) } else { try sink.succeed(index) }
        }
    }
}
