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
            // As many as tell the size; counting a million takes its time.
            let managed = try await journal.countManaged(of: services, upTo: 10_000)
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

/// Why a plan was not run although nothing is wrong with it: it would take away more than anybody may have meant.
public enum RunRefusal: Sendable, Equatable {
    /// It would clear so many facts, where so many may be.
    case massRemoval(cleared: Int, limit: Int)
    /// The channels select nothing in the catalog, where revmeta wrote so many facts before.
    case emptyCatalog(managed: Int)
}

extension RunRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .massRemoval(let cleared, let limit):
            "the plan clears \(cleared) facts, and a run may clear \(limit): see with 'revmeta plan' whether the catalog has "
                + "really lost them; --max-removals \(cleared) lets a run go on, and maxRemovals in the configuration lets all"
        case .emptyCatalog(let managed):
            "the channels select nothing in the catalog, although revmeta wrote \(managed == 10_000 ? "10000 or more" : "\(managed)") "
                + "facts to their services before: look at the catalog's folder and the channels' filters; --allow-empty lets "
                + "a run go on"
        }
    }
}
