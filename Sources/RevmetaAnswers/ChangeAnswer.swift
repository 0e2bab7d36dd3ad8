package import RevmetaJournal
internal import RevmetaPlanFile

/// A change and what became of it, as a program is told of them.
package struct ChangeAnswer: Encodable {
    private var service: String
    private var change: SavedChange
    private var outcome: String?
    private var attempts: Int?
    /// In seconds.
    private var duration: Double?

    /// Of a template's, with the first of the statement's changes: what was to run as one.
    private var parts: [String]?

    private enum Key: CodingKey {
        case service, outcome, attempts, duration, parts
    }

    package init(_ listed: ListedChange) {
        service = listed.service
        change = SavedChange(listed)
        outcome = listed.outcome
        parts = listed.parts.isEmpty ? nil : listed.parts
        attempts = listed.attempts
        duration = listed.duration.map { Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18 }
    }

    /// One object: the change's own fields and these.
    package func encode(to encoder: any Encoder) throws {
        try change.encode(to: encoder)
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(service, forKey: .service)
        try fields.encodeIfPresent(outcome, forKey: .outcome)
        try fields.encodeIfPresent(attempts, forKey: .attempts)
        try fields.encodeIfPresent(duration, forKey: .duration)
        try fields.encodeIfPresent(parts, forKey: .parts)
    }
}
