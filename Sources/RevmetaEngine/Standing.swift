internal import RevmetaModel

/// Why a plan has no change for a fact that a channel wants.
public enum Standing: Sendable, Equatable {
    /// The source has what is wanted.
    case unchanged
    /// The source has, or may have, something else, which stays.
    case left(reason: String)

    /// Told a service's facts for which there is no change; of a fact that is decided about again, the last counts.
    public typealias Visitor = @Sendable (_ service: String, FactKey, Standing) -> Void
}

extension Standing {
    static let notOurs = Standing.left(reason: "the source has a value that revmeta did not write")
    static let removalsIgnored = Standing.left(reason: "it stays, since removals is ignore")

    /// Nothing is wanted, and nothing is taken away.
    init(leaving situation: Situation) {
        let ability = situation.ability
        guard let actual = ability.normalised(situation.actual) else {
            self = .unchanged
            return
        }
        if !ability.attribute.canBeAbsent {
            self = .left(reason: "an object always has an owner, so it keeps '\(actual)'")
        } else if !ability.canClear {
            self = .left(reason: "the source cannot take away the \(ability.attribute) of a \(ability.kind)")
        } else if let written = ability.normalised(situation.base) ?? situation.fittingPrevious, written.isExactly(actual) {
            self = .removalsIgnored
        } else {
            self = .notOurs
        }
    }
}
