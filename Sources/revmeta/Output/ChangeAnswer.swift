internal import RevmetaJournal
internal import RevmetaPlanFile

/// A change and what became of it, as a program is told of them.
struct ChangeAnswer: Encodable {
    private var service: String
    private var change: SavedChange
    private var outcome: String?
    private var attempts: Int?
    /// In seconds.
    private var duration: Double?

    private enum Key: CodingKey {
        case service, outcome, attempts, duration
    }

    init(_ listed: ListedChange) {
        service = listed.service
        change = SavedChange(listed)
        outcome = listed.outcome
        attempts = listed.attempts
        duration = listed.duration.map { Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18 }
    }

    /// One object: the change's own fields and these.
    func encode(to encoder: any Encoder) throws {
        try change.encode(to: encoder)
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(service, forKey: .service)
        try fields.encodeIfPresent(outcome, forKey: .outcome)
        try fields.encodeIfPresent(attempts, forKey: .attempts)
        try fields.encodeIfPresent(duration, forKey: .duration)
    }
}
