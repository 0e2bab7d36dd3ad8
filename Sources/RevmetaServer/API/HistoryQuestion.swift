internal import HTTPTypes
internal import RevmetaJournal
internal import RevmetaModel

/// Which runs of the journal somebody asks for: in the words of `revmeta history`.
struct HistoryQuestion: Sendable {
    var filter: HistoryFilter
    var limit: Int

    static let outcomes = ["applied", "skipped", "conflict", "failed", "open"]
    private static let mostRuns = 1000

    init(_ call: Call) throws(Problem) {
        limit = 50
        if let text = try call.queryValue("limit") {
            guard let number = Self.number(text), (1...Self.mostRuns).contains(Int(number)) else {
                throw .malformed("limit: expected a number from 1 to \(Self.mostRuns)")
            }
            limit = Int(number)
        }
        filter = HistoryFilter(
            channels: call.queryValues("channel"), services: call.queryValues("service"),
            outcomes: call.queryValues("outcome"))
        if let text = try call.queryValue("before") {
            guard let number = Self.number(text), number > 0 else {
                throw .malformed("before: expected the number of a run, as 'next' of an answer gives it")
            }
            filter.before = number
        }
        if let stranger = filter.outcomes.first(where: { !Self.outcomes.contains($0) }) {
            throw Problem(.badRequest, "outcome: expected another outcome than '\(stranger)'", known: Self.outcomes)
        }
        if let text = try call.queryValue("entity") {
            do throws(NamePattern.Invalid) {
                filter.entity = try NamePattern(text)
            } catch {
                throw Problem(.unprocessableContent, "entity: \(error)")
            }
        }
        if let text = try call.queryValue("since") {
            guard text.wholeMatch(of: /\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\dZ?)?)?)?/) != nil else {
                throw .malformed("since: expected a date or time such as 2026-11-22 or 2026-11-22T08:00:00Z")
            }
            filter.since = text
        }
    }

    /// Digits only: no sign, no blank.
    private static func number(_ text: String) -> Int64? {
        text.allSatisfy { ("0"..."9").contains($0) } ? Int64(text) : nil
    }
}
