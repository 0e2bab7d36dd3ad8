internal import RevmetaModel

/// A source holds one value where the catalog may have several, and of these only those are known that came and went.
///
/// What we wrote last is among them as long as nobody told that it went. Which of several it is to be only who knows them all
/// can say: a run of the whole catalog.
struct Ambiguity {
    /// Nil: nothing was to be written anyway.
    var action: PlannedChange.Action?
    var reason: String

    /// Nil: there is none.
    init?(_ fact: WantedFact, _ memory: Memory, _ channel: Channel) {
        guard fact.isDifference, let base = memory.base, fact.previous?.isExactly(base) != true else { return nil }
        switch fact.value {
        case .unknown, .refused: return nil
        // What went was not what is there, unless it is a part of it.
        case .absent: action = fact.attribute.isTag && channel.tags.onAmbiguous == .join ? .skip : nil
        case .present(let text):
            guard !text.isExactly(base) else { return nil }
            action = fact.attribute.isTag && channel.tags.onAmbiguous == .fail ? .fail : .skip
        }
        reason = "revmeta wrote '\(base)' there, which has not gone from the catalog as far as is known: a run of the whole catalog "
            + "decides what is to be there"
    }
}
