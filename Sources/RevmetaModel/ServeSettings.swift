/// What `revmeta serve` listens on, and what it hears of the catalog's changes by.
public struct ServeSettings: Sendable, Equatable {
    public var listen: ListenAddress
    /// What clients of the interface must show; nil: whoever reaches it may use it.
    public var token: Secret?
    /// How the catalog sends its change events; nil: it does not.
    public var webhook: WebhookSettings?
    /// How often the catalog is asked for its change events; nil: never.
    public var pollEvents: Duration?

    public init(
        listen: ListenAddress = .usual, token: Secret? = nil, webhook: WebhookSettings? = nil, pollEvents: Duration? = nil
    ) {
        self.listen = listen
        self.token = token
        self.webhook = webhook
        self.pollEvents = pollEvents
    }
}

extension ServeSettings {
    /// Why these settings must not be served: a sentence; nil: they may.
    ///
    /// Who can reach the interface can start runs, so an address that others reach asks for a token.
    public var refusal: String? {
        guard token == nil, !listen.isLoopback else { return nil }
        return "\(listen) can be reached from other machines, and there is no serve.token: set one, or listen on 127.0.0.1"
    }
}

/// How the catalog sends its change events.
public struct WebhookSettings: Sendable, Equatable {
    /// What the events are signed with, or what they bring as a bearer.
    public var secret: Secret
    /// The path of the address that they are sent to.
    public var path: String

    public static let usualPath = "/webhook"

    /// Whether the server's own interface is at a path, so that no event would ever be heard there.
    public static func isTaken(_ path: String) -> Bool {
        ["/healthz", "/readyz", "/metrics", "/api"].contains(path) || path.hasPrefix("/api/")
    }

    public init(secret: Secret, path: String = WebhookSettings.usualPath) {
        self.secret = secret
        self.path = path
    }
}
