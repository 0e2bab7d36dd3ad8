#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

internal import NIOHTTP1
internal import RevmetaCatalog
public import RevmetaModel

// The subscription by which the server sends its change events to `revmeta serve`.
extension CatalogServer {
    /// The name of the subscription that `revmeta webhook install` makes.
    public static let subscriptionName = "revmeta"
    private static let path = "/v1/events/subscriptions"

    /// Makes the subscription, or makes it what it should be.
    ///
    /// - Parameters:
    ///   - url: Where events are to be sent, as the server reaches it.
    ///   - secret: What they are to be signed with.
    public func subscribe(to url: String, secret: Secret) async throws(CatalogServerError) -> EventSubscription {
        let hasAuthentication = version.isAtLeast(minor: 13)
        let config = EventSubscriptionRequest.Config(
            endpoint: url,
            authType: hasAuthentication ? EventSubscriptionRequest.Authentication(secretKey: secret.exposed) : nil,
            secretKey: hasAuthentication ? nil : secret.exposed)
        let request = EventSubscriptionRequest(
            name: Self.subscriptionName, resources: CatalogContent.allCases.filter { $0.kind != nil }.map(\.resource),
            destinations: [EventSubscriptionRequest.Destination(config: config)], batchSize: 100, pollInterval: 1)
        guard let body = try? JSONEncoder().encode(request) else { fatalError("a request is always JSON") }
        let answer: EventSubscriptionAnswer = try await answer(
            Requester.Call(method: .PUT, target: Self.path, body: Array(body)))
        return answer.subscription(try await destinations(of: answer))
    }

    /// The subscription as it is; nil: there is none.
    public func subscription() async throws(CatalogServerError) -> EventSubscription? {
        do throws(CatalogServerError) {
            let answer: EventSubscriptionAnswer = try await answer(
                .get("\(Self.path)/name/\(Self.subscriptionName)?fields=filteringRules"))
            return answer.subscription(try await destinations(of: answer))
        } catch {
            if error.failure.status == .notFound { return nil }
            throw error
        }
    }

    /// Removes the subscription. False if there was none.
    public func unsubscribe() async throws(CatalogServerError) -> Bool {
        do throws(CatalogServerError) {
            _ = try await requester.call(
                Requester.Call(method: .DELETE, target: "\(Self.path)/name/\(Self.subscriptionName)"),
                asked: "event subscriptions", resource: "eventsubscription") { ShortText() }
            return true
        } catch {
            if error.failure.status == .notFound { return false }
            throw error
        }
    }

    /// Where it sends to and how that goes; nil: the server has no such answer, as older ones have not.
    private func destinations(
        of answer: EventSubscriptionAnswer
    ) async throws(CatalogServerError) -> [EventSubscriptionAnswer.Destination]? {
        do throws(CatalogServerError) {
            return try await self.answer(.get("\(Self.path)/id/\(ListRequest.encoded(answer.id))/destinations"))
        } catch {
            if error.failure.status == .notFound { return nil }
            throw error
        }
    }

    private func answer<Answer: Decodable>(_ call: Requester.Call) async throws(CatalogServerError) -> Answer {
        let text = try await requester.call(call, asked: "event subscriptions", resource: "eventsubscription") { ShortText() }
        guard let answer: Answer = text.decoded() else {
            throw CatalogServerError(
                place: settings.address + call.target.prefix { $0 != "?" },
                Failure(.failed, "expected an event subscription, found something else"))
        }
        return answer
    }
}
