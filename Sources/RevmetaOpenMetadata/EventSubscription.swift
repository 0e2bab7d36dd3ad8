/// The subscription by which a catalog sends its change events to a webhook.
public struct EventSubscription: Sendable, Equatable {
    public var name: String
    /// Where the events are sent; nil: it is no webhook's.
    public var endpoint: String?
    public var isEnabled: Bool
    /// The kinds of entity whose events are sent: `table`, `all`.
    public var resources: [String]
    /// How it goes; nil: the server does not tell.
    public var status: Status?

    /// How the sending goes, as the server tells it.
    public struct Status: Sendable, Equatable {
        /// `active`, `awaitingRetry`, `retryLimitReached`, `failed`, `disabled`.
        public var word: String
        /// Milliseconds since 1970; nil: never.
        public var lastSuccess: Int64?
        /// Milliseconds since 1970; nil: never.
        public var lastFailure: Int64?
        /// Why the last one failed, on a line.
        public var reason: String?
    }
}

/// A subscription as the server answers it.
struct EventSubscriptionAnswer: Decodable {
    struct Rules: Decodable { var resources: [String]? }

    struct Destination: Decodable {
        struct Config: Decodable { var endpoint: String? }
        var type: String
        var config: Config?
        var statusDetails: StatusDetails?
    }

    struct StatusDetails: Decodable {
        var status: String?
        var lastSuccessfulAt: Int64?
        var lastFailedAt: Int64?
        var lastFailedStatusCode: Int?
        var lastFailedReason: String?
    }

    var id: String
    var name: String
    var enabled: Bool?
    var filteringRules: Rules?
    var destinations: [Destination]?

    /// - Parameter destinations: As the server tells them apart, with how they go; nil: those of the answer itself.
    func subscription(_ destinations: [Destination]?) -> EventSubscription {
        let own = (self.destinations ?? []).first { $0.type == "Webhook" }
        let webhook = destinations?.first { $0.type == "Webhook" } ?? own
        return EventSubscription(
            name: name, endpoint: own?.config?.endpoint ?? webhook?.config?.endpoint, isEnabled: enabled ?? true,
            resources: filteringRules?.resources ?? [], status: webhook?.statusDetails.flatMap(EventSubscription.Status.init))
    }
}

extension EventSubscription.Status {
    init?(_ details: EventSubscriptionAnswer.StatusDetails) {
        guard let word = details.status else { return nil }
        let code = details.lastFailedStatusCode.map { "status \($0)" }
        let text = details.lastFailedReason.map { String($0.prefix(300).map { $0.isNewline ? " " : $0 }) }
        let reason = [code, text].compactMap(\.self).joined(separator: ", ")
        self.init(
            word: word, lastSuccess: details.lastSuccessfulAt, lastFailure: details.lastFailedAt,
            reason: reason.isEmpty ? nil : reason)
    }
}

/// A subscription as the server is asked to make it.
struct EventSubscriptionRequest: Encodable {
    struct Trigger: Encodable { var triggerType = "RealTime" }

    struct Authentication: Encodable {
        var type = "bearer"
        var secretKey: String
    }

    struct Config: Encodable {
        var endpoint: String
        var httpMethod = "POST"
        /// Since OpenMetadata 1.13.
        var authType: Authentication?
        /// Before.
        var secretKey: String?
    }

    struct Destination: Encodable {
        var category = "External"
        var type = "Webhook"
        var timeout = 10
        var readTimeout = 12
        var enabled = true
        var config: Config
    }

    var name: String
    var displayName = "revmeta"
    var description =
        "Tells revmeta what has changed, so that it is written to the databases. Made by `revmeta webhook install`."
    var alertType = "Notification"
    var trigger = Trigger()
    var resources: [String]
    var destinations: [Destination]
    var enabled = true
    var batchSize: Int
    var retries = 3
    /// In seconds: how soon after an edit its event is sent.
    var pollInterval: Int
}
