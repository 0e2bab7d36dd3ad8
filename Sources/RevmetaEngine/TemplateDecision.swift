internal import RevmetaModel

/// What to do about one fact that a template writes.
///
/// The base is three things: what was wanted, what was sent, and what the source held after. Unchanged means that all three
/// hold; where the source cannot tell, wanted and sent decide.
struct TemplateSituation: Sendable {
    /// What the source holds.
    enum Actual: Sendable, Equatable {
        case value(String?)
        /// It has no such notion, or none that can be read.
        case unreadable
    }

    /// Nil: nothing.
    var wanted: String?
    /// The hash of what would be sent; nil: nothing is wanted.
    var rendered: String?
    /// Whether what would be sent has what the source holds in it, as one whole text.
    var putsActual = false
    /// What the catalog held before, as the source could hold it, where the journal has no base; nil: nothing, or it is not
    /// known.
    var previous: String?
    /// Whether what would have been sent for that has what the source holds in it, as one whole text.
    var putsPrevious = false
    var actual: Actual
    var memory: Memory
    var policies: Policies
    /// Whether the value can be taken away.
    var canClear: Bool
}

/// A decision, and whether what the source holds becomes what we wrote.
struct TemplateDecision: Equatable {
    var decision: Decision
    var adopts: Bool

    private init(decision: Decision, adopts: Bool = false) {
        self.decision = decision
        self.adopts = adopts
    }

    static func decide(_ situation: TemplateSituation) -> TemplateDecision {
        if let wanted = situation.wanted { return decidePresent(situation, wanted) }
        return TemplateDecision(decision: decideAbsent(situation))
    }

    private static func decidePresent(_ situation: TemplateSituation, _ wanted: String) -> TemplateDecision {
        let memory = situation.memory
        let isAsSent = same(memory.base, wanted) && memory.template?.rendered == situation.rendered
        guard case .value(let actual) = situation.actual else {
            // Whether an open intent was carried out cannot be found out: it is sent again.
            return TemplateDecision(decision: memory.intent == nil && isAsSent ? .unchanged(base: nil) : .set(wanted))
        }
        if let intent = memory.intent, !same(actual, intent.before) {
            if actual == nil || same(actual, wanted) || situation.putsActual || same(actual, memory.heldBase)
                || isPrevious(actual, situation)
            {
                // Most likely that is what we sent. Sent again, it is certain.
                return TemplateDecision(decision: .set(wanted))
            }
            return conflict(situation, wanted, "the source has a value that a run which ended early may not have written")
        }
        switch memory.template?.held {
        case .unread?:
            return TemplateDecision(sentUnread: situation, wanted, actual: actual, isAsSent: isAsSent)
        case .value(let held)? where same(held, actual):
            return TemplateDecision(decision: isAsSent ? .unchanged(base: nil) : .set(wanted))
        case nil where memory.base != nil && same(memory.base, actual):
            return TemplateDecision(decision: .set(wanted))
        default: break
        }
        guard actual != nil else { return TemplateDecision(decision: .set(wanted)) }
        guard memory.base == nil else { return conflict(situation, wanted, "the value was changed at the source") }
        // What is there as it would be put is not ours, but nothing to settle either. Overwriting, the whole template is sent:
        // it may do more than that.
        if situation.putsActual, situation.policies.onConflict != .overwrite {
            return TemplateDecision(decision: .unchanged(base: nil))
        }
        if isPrevious(actual, situation) { return TemplateDecision(decision: .set(wanted)) }
        return conflict(
            situation, wanted,
            "the source has a value that revmeta did not write"
                + (situation.previous == nil ? "" : ", and not the one that the catalog had before"))
    }

    /// Whether the source holds what the catalog held before: as it is, or as the template would have put it.
    private static func isPrevious(_ actual: String?, _ situation: TemplateSituation) -> Bool {
        guard let actual, let previous = situation.previous else { return false }
        return situation.putsPrevious || same(actual, previous)
    }

    private static func conflict(_ situation: TemplateSituation, _ wanted: String, _ story: String) -> TemplateDecision {
        let decision: Decision =
            switch situation.policies.onConflict {
            case .overwrite: .overwrite(wanted)
            case .keep: .keep(reason: "\(story), and onConflict is keep")
            case .fail: .fail(reason: "\(story), and onConflict is fail: settle it in the catalog or at the source")
            }
        return TemplateDecision(decision: decision)
    }

    /// About what was sent, and was not read after: what is there now may be somebody else's.
    private init(sentUnread situation: TemplateSituation, _ wanted: String, actual: String?, isAsSent: Bool) {
        if isAsSent, Self.same(actual, wanted) {
            self.init(decision: .unchanged(base: nil), adopts: true)
        } else if isAsSent, actual != nil, situation.policies.onConflict != .overwrite {
            self.init(decision: .unchanged(base: nil))
        } else {
            // Sent again, it is certain.
            self.init(decision: .set(wanted))
        }
    }

    private static func decideAbsent(_ situation: TemplateSituation) -> Decision {
        let memory = situation.memory
        let clears = situation.policies.removals == .apply && situation.canClear
        guard case .value(let actual) = situation.actual else {
            // What was sent and may be there is ours to take away: nobody else writes what only the template can.
            let wasSent = memory.base != nil || memory.intent?.value != nil || situation.previous != nil
            return wasSent && clears ? .clear : .leave
        }
        // What an open intent wrote, if it did, cannot be told from what somebody else wrote: it is never wiped.
        guard memory.base != nil else { return clears && isPrevious(actual, situation) ? .clear : .leave }
        switch memory.template?.held {
        case .unread?:
            return clears
                ? .skip(reason: "what the template wrote could not be read back, so what is there now may be somebody else's: "
                    + "take it away by hand") : .leave
        case .value(let held)?: return same(held, actual) ? clears ? .clear : .leave : .forget
        case nil: return same(memory.base, actual) ? clears ? .clear : .leave : .forget
        }
    }

    /// Bytes, not characters; an empty text and nothing are told apart by who normalised them.
    private static func same(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return one.utf8.elementsEqual(other.utf8)
    }
}
