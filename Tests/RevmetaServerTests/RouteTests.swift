import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import RevmetaModel
import Testing

@testable import RevmetaServer

/// Who may ask for what, without a socket: requests are made of parts, and answers are read whole.
@Suite struct RouteTests {
    private struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String
    }

    private let metrics = RequestMetrics()

    private func responder(token: String? = nil, webhook: String? = nil) -> Responder {
        let settings = ServeSettings(
            token: token.map { Secret($0) }, webhook: webhook.map { WebhookSettings(secret: Secret("s"), path: $0) })
        let routes = RouteTable(routes: [
            Route(.get, "/healthz", access: .anybody) { _ in .text("alive", "text/plain") },
            Route(.get, "/things", query: ["limit"]) { call in .text("things \(call.queryValues("limit"))", "text/plain") },
            Route(.post, "/things") { call in
                .text("\(try await ChannelSelection.read(from: call).channels ?? ["all"])", "text/plain")
            },
            Route(.get, "/things/{id}") { call in .text("thing \(call.parameters["id"] ?? "")", "text/plain") },
            Route(.get, "/broken") { _ in throw CancellationError() },
        ])
        return Responder(
            routes: routes, settings: { settings },
            webhook: { call in call.path == webhook.map { $0[...] } ? .text("heard", "text/plain") : nil }, metrics: metrics,
            explain: { _ in "a sentence" }, logger: Logger(label: "test"))
    }

    private func ask(
        _ responder: Responder, _ method: HTTPRequest.Method, _ path: String, host: String = "127.0.0.1:8484",
        headers: HTTPFields = [:], body: String = ""
    ) async throws -> Answer {
        let head = HTTPRequest(method: method, scheme: nil, authority: host, path: path, headerFields: headers)
        let response = try await responder.respond(to: head, RequestBody(buffer: ByteBuffer(string: body)))
        return Answer(status: response.status.code, headers: response.headers, text: try await text(of: response.body))
    }

    @Test(arguments: [
        ("/healthz", 200, "alive"), ("/things", 200, "things []"), ("/things?limit=5", 200, "things [\"5\"]"),
        ("/things/7", 200, "thing 7"), ("/things/a%2Fb%20c", 200, "thing a/b c"),
        ("/things/", 200, "thing "), ("/things/7/8", 404, "nothing at this path"), ("/", 404, "nothing at this path"),
        ("/things/../healthz", 404, "nothing at this path"), ("//healthz", 404, "nothing at this path"),
        ("/things?other=5", 400, "expected only limit in the query, found 'other'"),
        ("/healthz?limit=5", 400, "expected no query, found 'limit'"),
        ("/things/%7", 400, "expected two hexadecimal digits after each % of the path"),
        ("/things/%ff", 400, "expected UTF-8 in the path"), ("things", 400, "expected a path that begins with /"),
        ("*", 400, "expected a path that begins with /"), ("/broken", 500, "a sentence"),
    ])
    func pathsAreFound(path: String, status: Int, says: String) async throws {
        let answer = try await ask(responder(), .get, path)
        #expect(answer.status == status)
        #expect(answer.text.contains(says), "\(answer)")
        #expect(answer.headers[.contentType] == (status == 200 ? "text/plain" : "application/problem+json"))
    }

    @Test func anotherMethodIsToldWhichAreAllowed() async throws {
        let answer = try await ask(responder(), .delete, "/things")
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "GET, HEAD, POST")
        #expect(answer.text.contains("expected GET, HEAD, POST for /things"))
    }

    @Test func headIsGetWithoutABody() async throws {
        let get = try await ask(responder(), .get, "/things"), head = try await ask(responder(), .head, "/things")
        #expect(head.status == 200 && head.text.isEmpty)
        #expect(head.headers == get.headers && head.headers[.contentLength] == "9")
        #expect(try await ask(responder(), .head, "/nothing").text.isEmpty)
    }

    @Test(arguments: [
        (nil, 401), ("Bearer 0123456789abcdef", 200), ("bearer  0123456789abcdef", 200), ("Bearer 0123456789abcdeF", 401),
        ("Bearer 0123456789abcde", 401), ("Bearer ", 401), ("Bearer", 401), ("Basic MDEyMzQ1Njc4OWFiY2RlZg==", 401),
        ("0123456789abcdef", 401),
    ] as [(String?, Int)])
    func theTokenIsAskedFor(credential: String?, status: Int) async throws {
        let responder = responder(token: "0123456789abcdef")
        let headers: HTTPFields = credential.map { [.authorization: $0] } ?? [:]
        for path in ["/things", "/nothing", "/broken/more"] {
            let answer = try await ask(responder, .get, path, host: "elsewhere.example", headers: headers)
            #expect((answer.status == 401) == (status == 401), "\(path): \(answer)")
            #expect(!answer.text.contains("0123456789abcdef"))
            if status == 401 { #expect(answer.headers[.wwwAuthenticate] == "Bearer realm=\"revmeta\"") }
        }
        #expect(try await ask(responder, .get, "/healthz").status == 200)
    }

    @Test(arguments: [
        ("127.0.0.1", 200), ("127.0.0.1:8484", 200), ("localhost:1", 200), ("[::1]:8484", 200), ("[::1]", 200),
        ("elsewhere.example", 421), ("127.0.0.1.elsewhere.example:80", 421), ("10.0.0.1:8484", 421), ("", 421),
        ("localhost.", 421),
    ])
    func withoutATokenOnlyThisMachinesNamesAreServed(host: String, status: Int) async throws {
        #expect(try await ask(responder(), .get, "/things", host: host).status == status)
        #expect(try await ask(responder(), .get, "/healthz", host: host).status == 200)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8484", 200), ("HTTP://127.0.0.1:8484", 200), ("http://127.0.0.1", 403), ("null", 403),
        ("https://elsewhere.example", 403), ("http://x.127.0.0.1:8484", 403),
    ])
    func pagesOfOtherSitesStartNothing(origin: String, status: Int) async throws {
        let headers: HTTPFields = [.origin: origin]
        #expect(try await ask(responder(), .post, "/things", headers: headers).status == status)
        #expect(try await ask(responder(), .get, "/things", headers: headers).status == 200)
    }

    @Test(arguments: [
        ("", 200, "all"), ("{}", 200, "all"), (#"{"channels": ["a", "b"]}"#, 200, #"["a", "b"]"#),
        (#"{"channels": []}"#, 400, "found an empty list"), (#"{"channels": ["a", "a"]}"#, 400, "each name once"),
        (#"{"channels": "a"}"#, 400, "channels: expected a list, found a text"),
        (#"{"channels": [1]}"#, 400, "channels[0]: expected a text, found a number"),
        (#"{"channels": null}"#, 400, "channels: expected a list, found null"),
        (#"{"channel": ["a"]}"#, 400, "expected nothing but channels, found 'channel'"),
        ("[]", 400, "expected an object, found a list"), ("{", 400, "it ends too early"), ("no", 400, "not valid JSON"),
        (String(repeating: "[", count: 100_000), 400, "nested deeper than 512 levels"),
        (String(repeating: " ", count: 1 << 20) + "{}", 413, "at most 1048576 bytes"),
    ])
    func bodiesAreRead(body: String, status: Int, says: String) async throws {
        let answer = try await ask(
            responder(), .post, "/things", headers: [.contentType: "application/json; charset=utf-8"], body: body)
        let detail = status == 200 ? answer.text : try #require(
            try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])["detail"] as? String ?? ""
        #expect(answer.status == status)
        #expect(detail.contains(says), "\(detail)")
    }

    @Test func aBodyOfAnotherTypeIsRefused() async throws {
        let answer = try await ask(responder(), .post, "/things", headers: [.contentType: "text/plain"], body: "{}")
        #expect(answer.status == 415)
        #expect(try await ask(responder(), .post, "/things", body: "{}").status == 415)
    }

    /// The catalog shows a secret of its own, and knows nothing of tokens and names.
    @Test func theWebhookIsAskedForNoToken() async throws {
        let responder = responder(token: "0123456789abcdef", webhook: "/hooks/catalog")
        #expect(try await ask(responder, .post, "/hooks/catalog", host: "elsewhere.example").text == "heard")
        #expect(try await ask(responder, .post, "/hooks/other").status == 401)
        // A path of the interface stays what it is.
        let other = self.responder(token: "0123456789abcdef", webhook: "/things")
        #expect(try await ask(other, .post, "/things").status == 401)
    }

    @Test func requestsAreCountedByRoute() async throws {
        for path in ["/things/1", "/things/2", "/nothing", "/else"] { _ = try await ask(responder(), .get, path) }
        _ = try await ask(responder(), HTTPRequest.Method("BREW")!, "/things")
        let text = metrics.families.map(\.text).joined()
        #expect(text.contains(#"{method="GET",route="/things/{id}",status="200"} 2"# + "\n"))
        #expect(text.contains(#"{method="GET",route="unknown",status="404"} 2"# + "\n"))
        #expect(text.contains(#"{method="other",route="/things",status="405"} 1"# + "\n"))
    }
}

/// Takes what would be sent.
final class Sent: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()
    private(set) var isFinished = false

    func write(_ buffer: ByteBuffer) {
        var buffer = buffer
        bytes.writeBuffer(&buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) { isFinished = true }
}

func text(of body: ResponseBody) async throws -> String {
    let sent = Sent()
    try await body.write(sent)
    #expect(sent.isFinished)
    return String(buffer: sent.bytes)
}
