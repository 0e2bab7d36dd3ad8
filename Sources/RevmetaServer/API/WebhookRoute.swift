internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import RevmetaJournal
internal import RevmetaModel

/// Takes what the catalog sends, at the path that the configuration names by now.
struct WebhookRoute: Sendable {
    let settings: @Sendable () async -> ServeSettings
    let journal: Journal
    /// Told that something has happened: the journal holds it.
    let heard: @Sendable () -> Void
    let logger: Logger

    /// What a catalog sends at once is bounded by its batch size, not in bytes.
    private static let mostBytes = 16 << 20

    /// Nil: it is no request of the webhook's.
    func respond(to call: Call) async throws -> Response? {
        guard let webhook = await settings().webhook, call.path == webhook.path else { return nil }
        guard call.head.method == .post else {
            throw Problem(
                .methodNotAllowed, "expected POST for the webhook, found another method", headers: [.allow: "POST"])
        }
        let receiver = WebhookReceiver(secret: webhook.secret, log: logger) { [journal, heard] events in
            let new = try await journal.keep(events)
            if new > 0 { heard() }
            return new
        }
        let headers = call.head.headerFields.map { (name: $0.name.rawName, value: $0.value) }
        let answer = await receiver.receive(headers: headers, body: try await call.body(upTo: Self.mostBytes))
        guard answer.status != 200 else { return .text(answer.text + "\n", "text/plain; charset=utf-8") }
        let status: HTTPResponse.Status =
            switch answer.status {
            case 400: .badRequest
            case 401: .unauthorized
            default: .serviceUnavailable
            }
        var problem = Problem(status, answer.text)
        if status == .unauthorized { problem.headers[.wwwAuthenticate] = "Bearer realm=\"revmeta webhook\"" }
        throw problem
    }
}
