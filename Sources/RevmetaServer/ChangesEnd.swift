internal import RevmetaEngine

/// What became of a run of what happened to single entities, for whoever decides what is tried again.
enum ChangesEnd: Sendable, Equatable {
    /// Nothing is left that a later try would do better: what failed for good is in the journal, and the next run of everything
    /// takes it up.
    case over
    /// Something could not be done for the time being, by reasons of its own: a lock that somebody holds, one database of several
    /// that is down.
    case incomplete
    /// The source could not be used, or was lost on the way.
    case unusable

    init(_ report: RunReport) {
        if report.exitCode == 3 || report.counts.unsettled > 0 || report.isStopped {
            self = .unusable
        } else if report.postponed > 0 || !report.failures.isEmpty {
            self = .incomplete
        } else {
            self = .over
        }
    }
}
