public import RevmetaModel

/// What the catalog wants of one fact.
public enum Wanted: Sendable, Equatable {
    case present(String)
    case absent
    /// Nothing may be concluded: an unmapped owner, an answer without the field. Never read as absent.
    case unknown(reason: String)
    /// The catalog's value cannot be written as it is, and the user asked to be told as a failure.
    case refused(reason: String)

    /// Nil: there is no value, or none that is known.
    var text: String? {
        if case .present(let text) = self { text } else { nil }
    }
}

/// What to do about one fact, from its three values: wanted (catalog), actual (source), base (what we wrote last).
///
/// One case for each row of the table in the design; `decide` is that table.
public enum Decision: Sendable, Equatable {
    /// Source and catalog agree. A base that said something else is refreshed to `base`; nil: nothing to record.
    ///
    /// No base is created here: agreeing with the source is not having written it.
    case unchanged(base: String?)
    /// The source holds nothing, or what we wrote: set it.
    case set(String)
    /// The source holds what somebody else wrote, and the catalog is the truth.
    case overwrite(String)
    /// The source holds what we wrote, and the catalog no longer has anything.
    case clear
    /// The source holds what somebody else wrote, and keeps it.
    case keep(reason: String)
    /// The source keeps its value, and the user asked to be told as a failure.
    case fail(reason: String)
    /// The value is not known, or cannot be held; nothing is concluded from it.
    case skip(reason: String)
    /// Nothing is wanted and nothing is ours, or a removal is ignored.
    case leave
    /// Nothing is wanted, and what we once wrote is no longer there: it is not ours any more.
    case forget
}

/// The values and rules that one decision is made from.
public struct Situation: Sendable {
    public var wanted: Wanted
    /// What the source holds; nil: nothing.
    public var actual: String?
    /// What we wrote last, as the journal has it; nil: we never wrote it, or cleared it.
    public var base: String?
    /// What was wanted of what the catalog held before, which stands for a base where there is none; nil: nothing, or it is
    /// not known.
    public var previous: String?
    public var ability: Ability
    public var policies: Policies

    public init(
        wanted: Wanted, actual: String?, base: String?, previous: String? = nil, ability: Ability, policies: Policies
    ) {
        self.wanted = wanted
        self.actual = actual
        self.base = base
        self.previous = previous
        self.ability = ability
        self.policies = policies
    }
}

extension Decision {
    public static func decide(_ situation: Situation) -> Decision {
        let actual = situation.ability.normalised(situation.actual)
        let base = situation.ability.normalised(situation.base)
        switch situation.wanted {
        case .unknown(let reason):
            return .skip(reason: reason)
        case .refused(let reason):
            return .fail(reason: reason)
        case .present(let text):
            guard let text = situation.ability.normalised(text) else {
                return decideAbsent(situation, actual: actual, base: base)
            }
            switch ValueFitting.fit(text, to: situation.ability, policies: situation.policies) {
            case .refused(let reason): return .fail(reason: reason)
            case .fits(let value): return decidePresent(situation, value: value, actual: actual, base: base)
            }
        case .absent:
            return decideAbsent(situation, actual: actual, base: base)
        }
    }

    private static func decidePresent(_ situation: Situation, value: String, actual: String?, base: String?) -> Decision {
        guard let actual else { return .set(value) }
        if same(actual, value) {
            return .unchanged(base: base.map { same($0, actual) ? nil : actual } ?? nil)
        }
        let previous = situation.fittingPrevious
        if let base = base ?? previous, same(base, actual) { return .set(value) }
        let story =
            if base != nil {
                "the value was changed at the source"
            } else if previous != nil {
                "the source has a value that revmeta did not write, and not the one that the catalog had before"
            } else {
                "the source has a value that revmeta did not write"
            }
        switch situation.policies.onConflict {
        case .overwrite: return .overwrite(value)
        case .keep: return .keep(reason: "\(story), and onConflict is keep")
        case .fail: return .fail(reason: "\(story), and onConflict is fail: settle it in the catalog or at the source")
        }
    }

    private static func decideAbsent(_ situation: Situation, actual: String?, base: String?) -> Decision {
        guard let written = base ?? situation.fittingPrevious else { return .leave }
        guard let actual, same(actual, written) else { return base == nil ? .leave : .forget }
        guard situation.ability.canClear, situation.ability.attribute.canBeAbsent else { return .leave }
        return situation.policies.removals == .apply ? .clear : .leave
    }

    /// Bytes, not characters: two spellings of é are two values, as they are to a source.
    private static func same(_ one: String, _ other: String) -> Bool {
        one.isExactly(other)
    }
}

extension Situation {
    /// What the catalog held before, as the source would have it; nil: there was nothing, or the source could not hold it.
    var fittingPrevious: String? {
        guard let text = ability.normalised(previous),
            case .fits(let value) = ValueFitting.fit(text, to: ability, policies: policies)
        else { return nil }
        return value
    }
}
