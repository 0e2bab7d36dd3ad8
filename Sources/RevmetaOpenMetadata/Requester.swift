internal import AsyncHTTPClient
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import RevmetaJSON
internal import RevmetaModel
internal import Synchronization

/// Asks the server, again where that may help.
final class Requester: Sendable {
    private let client: HTTPClient
    private let settings: CatalogServerSettings
    private let retries: RetryPolicy
    private let log: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    /// Until when the server wants to be left alone: by everybody, not only by who was told.
    private let quietUntil = Mutex<ContinuousClock.Instant?>(nil)
    private let lastDate = Mutex<Date?>(nil)

    init(
        _ settings: CatalogServerSettings, retries: RetryPolicy, log: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) throws(CatalogServerError) {
        self.settings = settings
        self.retries = retries
        self.log = log
        self.sleep = sleep
        do {
            client = try HTTPClient(settings)
        } catch {
            throw CatalogServerError(place: settings.address, error)
        }
    }

    /// The interface's address.
    var address: String { settings.address }

    /// The time by the server's own clock, as its last answer told it; nil: it does not tell.
    var serverTime: Date? { lastDate.withLock { $0 } }

    func shutDown() async {
        try? await client.shutdown()
    }

    /// Asks for something, and gives its whole answer.
    ///
    /// - Parameters:
    ///   - target: Path and query, below the interface's address.
    ///   - asked: What that is, in words.
    ///   - start: The text that takes up an answer; each attempt has its own.
    func get<Text: AnswerText>(
        _ target: String, asked: String, resource: String, _ start: @Sendable () -> Text
    ) async throws(CatalogServerError) -> Text {
        try await call(.get(target), asked: asked, resource: resource, start)
    }

    /// A request. Whatever it does may be done twice, since it is sent again where no answer came.
    struct Call: Sendable {
        var method = HTTPMethod.GET
        var target: String
        /// JSON.
        var body: [UInt8]?

        static func get(_ target: String) -> Call { Call(target: target) }
    }

    /// Has something done, and gives the answer.
    func call<Text: AnswerText>(
        _ call: Call, asked: String, resource: String, _ start: @Sendable () -> Text
    ) async throws(CatalogServerError) -> Text {
        let target = call.target
        // The query holds names and cursors, of which a message need not be full.
        let place = settings.address + target.prefix { $0 != "?" }
        var attempt = 1
        while true {
            var failure: Failure
            do throws(Failure) {
                try await waitForQuiet()
                return try await send(call, asked: asked, resource: resource, start())
            } catch {
                failure = error
            }
            guard let wait = retries.wait(after: attempt, failure, chance: .random(in: 0...1)) else {
                if failure.status == .transient, attempt > 1 { failure.message += "; it was tried \(attempt) times" }
                throw CatalogServerError(place: place, failure)
            }
            log.warning("\(place): \(failure.message); it is tried again", metadata: ["attempt": "\(attempt)"])
            if failure.retryAfterMilliseconds > 0 { keepQuiet(for: wait) }
            do {
                try await sleep(wait)
            } catch {
                throw CatalogServerError(place: place, Failure(.cancelled, "it was no longer wanted"))
            }
            attempt += 1
        }
    }

    private func send<Text: AnswerText>(
        _ call: Call, asked: String, resource: String, _ empty: Text
    ) async throws(Failure) -> Text {
        var request = HTTPClientRequest(url: settings.address + call.target)
        request.method = call.method
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(body)
        }
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Accept-Encoding", value: "gzip")
        request.headers.add(name: "User-Agent", value: "revmeta")
        if let token = settings.token { request.headers.add(name: "Authorization", value: "Bearer \(token.exposed)") }
        do {
            let response = try await client.execute(request, deadline: deadline)
            if let date = response.headers.first(name: "Date").flatMap(HTTPDate.read) { lastDate.withLock { $0 = date } }
            guard response.status == .ok || response.status == .created else {
                throw AnswerProblem(
                    status: Int(response.status.code), body: await Self.beginning(of: response.body),
                    retryAfter: response.headers.first(name: "Retry-After"),
                    location: response.headers.first(name: "Location"), asked: asked, resource: resource, now: Date(),
                    changes: call.method != .GET
                ).failure
            }
            return try await Self.read(response.body, into: empty)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw TransportProblem.failure(error, timeout: settings.timeout)
        }
    }

    /// A server that sends a byte now and then is as good as one that says nothing.
    private var deadline: NIODeadline { .now() + .seconds(settings.timeout.components.seconds * 10) }

    private static func read<Text: AnswerText>(_ body: HTTPClientResponse.Body, into empty: Text) async throws -> Text {
        var text = empty
        var size = 0
        do {
            for try await piece in body {
                if size == 0, piece.readableBytesView.first(where: { !" \n\r\t".utf8.contains($0) }) == UInt8(ascii: "<") {
                    throw Failure(
                        .config,
                        "expected JSON, found a page for people: is catalog.hostPort the address of the interface, "
                            + "https://host/api, and does nothing ask to sign in before it?")
                }
                size += piece.readableBytes
                guard size <= HTTPClient.longestAnswer else { throw Failure.answerTooLong }
                try text.append(piece.readableBytesView)
            }
            try text.finish()
            return text
        } catch let fault as Fault {
            throw Failure(.failed, fault.message)
        }
    }

    /// As much of a body as a message needs.
    private static func beginning(of body: HTTPClientResponse.Body) async -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                bytes.append(contentsOf: piece.readableBytesView)
                if bytes.count > 64 * 1024 { break }
            }
        } catch {
            // What was read so far says enough.
        }
        return bytes
    }

    private func keepQuiet(for wait: Duration) {
        quietUntil.withLock { $0 = max($0 ?? .now, .now + wait) }
    }

    private func waitForQuiet() async throws(Failure) {
        while let until = quietUntil.withLock({ $0 }), case let left = until - .now, left > .zero {
            do {
                try await sleep(left)
            } catch {
                throw Failure(.cancelled, "it was no longer wanted")
            }
        }
    }
}

extension Failure {
    /// More than any answer should be.
    static let answerTooLong = Failure(
        .config, "its answer is longer than \(HTTPClient.longestAnswer) bytes: lower catalog.pageSize")
}
