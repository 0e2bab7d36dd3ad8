import Foundation

/// A moment that a test names.
struct Instant: ExpressibleByStringLiteral, CustomStringConvertible {
    let date: Date

    /// ISO 8601, with the zone.
    init(_ text: String) {
        guard let date = try? Date(text, strategy: .iso8601) else { preconditionFailure("no time: \(text)") }
        self.date = date
    }

    init(stringLiteral text: String) { self.init(text) }

    var description: String { date.formatted(.iso8601) }
}
