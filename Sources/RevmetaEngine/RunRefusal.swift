/// Why a plan is not run although nothing is wrong with it: it would take away more than anybody may have meant.
public enum RunRefusal: Sendable, Equatable {
    /// It would clear so many facts, where so many may be.
    case massRemoval(cleared: Int, limit: Int)
    /// The channels select nothing in the catalog, where revmeta wrote so many facts before: at most ``mostCounted``.
    case emptyCatalog(managed: Int)

    /// As many as tell the size; counting a million takes its time.
    static let mostCounted = 10_000
}

extension RunRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .massRemoval(let cleared, let limit):
            "the plan clears \(cleared) facts, and a run may clear \(limit): see with 'revmeta plan' whether the catalog has "
                + "really lost them; --max-removals \(cleared) lets a run go on, and maxRemovals in the configuration lets all"
        case .emptyCatalog(let managed):
            "the channels select nothing in the catalog, although revmeta wrote \(managed)"
                + "\(managed == Self.mostCounted ? " or more" : "") facts to their services before: look at the catalog's "
                + "folder and the channels' filters; --allow-empty lets a run go on"
        }
    }
}
