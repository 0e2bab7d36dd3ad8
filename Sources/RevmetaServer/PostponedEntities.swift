internal import RevmetaModel

/// Entities that something happened to and that cannot be dealt with for the time being, for reasons of their own.
///
/// Not kept anywhere: after a restart each is tried at once.
struct PostponedEntities {
    private struct Postponed {
        var until: ContinuousClock.Instant
        var failures: Int
    }

    private var all: [PendingEntity.Key: Postponed] = [:]

    /// Those that are not to be tried yet.
    func waiting(at now: ContinuousClock.Instant) -> Set<PendingEntity.Key> {
        Set(all.lazy.filter { $0.value.until > now }.map(\.key))
    }

    /// How often the one among them has failed that failed most.
    func failures(of entities: [PendingEntity]) -> Int { entities.compactMap { all[$0.key]?.failures }.max() ?? 0 }

    /// Takes what became of entities.
    ///
    /// - Parameter left: Those to be tried again.
    /// - Returns: After how long the first of them is; nil: there are none.
    mutating func take(
        _ entities: [PendingEntity], left: Set<PendingEntity.Key>, now: ContinuousClock.Instant
    ) -> Duration? {
        var soonest: Duration?
        for entity in entities {
            guard left.contains(entity.key) else {
                all[entity.key] = nil
                continue
            }
            let failures = 1 + (all[entity.key]?.failures ?? 0), wait = RepeatedWait.after(failures: failures)
            all[entity.key] = Postponed(until: now + wait, failures: failures)
            soonest = min(soonest ?? wait, wait)
        }
        return soonest
    }
}
