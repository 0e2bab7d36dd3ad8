internal import RevmetaModel

/// Keeps a run from taking away what nobody meant to lose: a catalog that answered with half of its descriptions missing
/// looks like one whose descriptions were deleted.
struct MassChangeGuard: Sendable {
    /// How many facts a run may clear; nil: 100, or a tenth of what is ours, whichever is more.
    var maxRemovals: Int?
    /// Whether a catalog in which nothing is selected is believed.
    var allowsEmptyCatalog: Bool
    /// The services that the run is about.
    var services: [String]

    private static let usual = 100
    private static let usualPart = 10

    /// Why the plan must not be run; nil: it may.
    func refusal(of plan: RunReport, journal: any PlanJournal) async throws -> RunRefusal? {
        if plan.counts.entities == 0, !allowsEmptyCatalog, plan.failures.isEmpty {
            let managed = try await journal.countManaged(of: services, upTo: RunRefusal.mostCounted)
            if managed > 0 { return .emptyCatalog(managed: managed) }
        }
        let limit: Int
        if let maxRemovals { limit = maxRemovals } else if plan.counts.cleared <= Self.usual { limit = Self.usual } else {
            let enough = plan.counts.cleared * Self.usualPart
            limit = max(Self.usual, try await journal.countManaged(of: services, upTo: enough) / Self.usualPart)
        }
        guard plan.counts.cleared > limit else { return nil }
        return .massRemoval(cleared: plan.counts.cleared, limit: limit)
    }
}
