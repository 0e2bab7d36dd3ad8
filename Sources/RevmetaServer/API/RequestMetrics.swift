internal import HTTPTypes
internal import Synchronization

/// Counts requests by what they asked for and how they were answered.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        var method: String
        var path: String
        var status: Int
    }

    /// What stands for all paths that nothing is at.
    static let unknownPath = "unknown"
    /// What stands for the path that the configuration gives the webhook.
    static let webhookPath = "webhook"
    /// Clients invent methods, and each would be a line for ever.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let counts = Mutex<[Key: Int]>([:])

    /// - Parameter path: The route's, with names where it has some.
    func count(_ method: HTTPRequest.Method, _ path: String, _ status: HTTPResponse.Status) {
        let key = Key(
            method: Self.methods.contains(method) ? method.rawValue : "other", path: path, status: status.code)
        counts.withLock { $0[key, default: 0] += 1 }
    }

    var families: [MetricFamily] {
        var family = MetricFamily(
            name: "revmeta_http_requests_total", help: "Requests over HTTP, by route and status.", kind: .counter)
        let sorted = counts.withLock { $0 }.sorted {
            ($0.key.path, $0.key.method, $0.key.status) < ($1.key.path, $1.key.method, $1.key.status)
        }
        for (key, count) in sorted {
            family.add(Double(count), ["method": key.method, "route": key.path, "status": "\(key.status)"])
        }
        return [family]
    }
}
