/// Tells kinds by their words, of which a call has the same many times in a row.
struct KindReader {
    private var latest: (word: String, kind: ObjectKind?)?

    /// The kind; nil: the connector knows none of that word.
    mutating func kind(_ word: String) -> ObjectKind? {
        if let latest, latest.word == word { return latest.kind }
        let kind = ObjectKind(rawValue: word)
        latest = (word, kind)
        return kind
    }
}
