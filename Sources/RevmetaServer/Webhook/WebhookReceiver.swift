public import Logging
public import RevmetaModel
internal import RevmetaOpenMetadata

/// Takes what the catalog's webhook brings, whatever HTTP it comes by.
///
/// The catalog sends again what is not answered with 200, so that answer is given once the events would outlive a power
/// failure, and not before.
public struct WebhookReceiver: Sendable {
    /// Keeps events on disk, and says how many of them were new.
    public typealias Keep = @Sendable ([CatalogEvent]) async throws -> Int

    private let authentication: WebhookAuthentication
    private let keep: Keep
    private let log: Logger

    /// - Parameters:
    ///   - secret: What requests are signed with, or show as a bearer.
    ///   - keep: `Journal.keep`, and what is to be done when something new has come.
    public init(secret: Secret, log: Logger, keep: @escaping Keep) {
        authentication = WebhookAuthentication(secret: secret)
        self.keep = keep
        self.log = log
    }

    /// Takes a request.
    ///
    /// - Parameters:
    ///   - headers: All of them, with names in any case.
    ///   - body: Its bytes as they came, since it is they that are signed.
    public func receive(headers: [(name: String, value: String)], body: [UInt8]) async -> WebhookAnswer {
        if case .refused(let reason) = authentication.check(headers: headers, body: body) {
            log.warning("a request to the webhook was refused: \(reason)")
            return WebhookAnswer(status: 401, text: reason)
        }
        let delivery: EventDelivery
        do {
            delivery = try EventDelivery(body: body)
        } catch {
            log.warning("a request to the webhook was not understood: \(error)")
            return WebhookAnswer(status: 400, text: error.description)
        }
        guard !delivery.events.isEmpty else {
            return WebhookAnswer(
                status: 200, text: delivery.ignored > 0 ? "\(delivery.ignored) ignored" : "understood; there was no event in it",
                ignored: delivery.ignored)
        }
        do {
            let new = try await keep(delivery.events)
            return WebhookAnswer(
                status: 200, text: "\(new) new, \(delivery.events.count - new) known, \(delivery.ignored) ignored", new: new,
                known: delivery.events.count - new, ignored: delivery.ignored)
        } catch {
            // What the journal says may name paths, which are nobody's business out there.
            log.error("events could not be kept in the journal, so that the catalog has to send them again: \(error)")
            return WebhookAnswer(status: 503, text: "the events could not be kept: send them again")
        }
    }
}

/// How a request to the webhook is answered.
public struct WebhookAnswer: Sendable, Equatable {
    /// Of HTTP: 200, 400, 401 or 503.
    public var status: Int
    /// A sentence for whoever looks at it, safe to show.
    public var text: String
    /// How many events came for the first time.
    public var new: Int
    /// How many came before.
    public var known: Int
    /// How many were about nothing that is written back.
    public var ignored: Int

    public init(status: Int, text: String, new: Int = 0, known: Int = 0, ignored: Int = 0) {
        self.status = status
        self.text = text
        self.new = new
        self.known = known
        self.ignored = ignored
    }
}
