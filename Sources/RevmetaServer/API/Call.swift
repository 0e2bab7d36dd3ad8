internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// A request, taken apart.
struct Call: Sendable {
    /// The path as it came.
    let path: Substring
    /// The path, cut at its slashes, each part decoded.
    let segments: [String]
    let query: [(name: String, value: String)]
    let head: HTTPRequest
    private let content: RequestBody
    /// What stands in the path where the route has a name in braces.
    var parameters: [String: String] = [:]

    /// The largest body that the interface takes.
    static let mostBytes = 1 << 20

    init(_ head: HTTPRequest, _ content: RequestBody) throws(Problem) {
        let target = head.path ?? ""
        guard target.first == "/" else {
            throw .malformed("expected a path that begins with /, found another target of the request")
        }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = [], query: [(String, String)] = []
        for segment in parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            segments.append(try Self.decoded(segment, "the path"))
        }
        if parts.count == 2 {
            for pair in parts[1].split(separator: "&") {
                let pair = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = try Self.decoded(pair[0], "the query"), value = pair.count == 2 ? pair[1] : ""
                query.append((name, try Self.decoded(value.replacing("+", with: " "), "the query")))
            }
        }
        path = parts[0]
        self.segments = segments
        self.query = query
        self.head = head
        self.content = content
    }

    /// Reads the body.
    ///
    /// - Parameter most: How long it may be, in bytes.
    func body(upTo most: Int = Call.mostBytes) async throws -> [UInt8] {
        // Who sends it wrapped would else be told that it is no JSON.
        if let encoding = head.headerFields[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(.unsupportedMediaType, "expected a body as it is, found one with Content-Encoding")
        }
        let tooLong = Problem(.contentTooLarge, "expected a body of at most \(most) bytes, found a longer one")
        if let length = head.headerFields[.contentLength].flatMap(Int.init), length > most { throw tooLong }
        var bytes: [UInt8] = []
        do {
            for try await piece in content {
                guard bytes.count + piece.readableBytes <= most else { throw tooLong }
                bytes.append(contentsOf: piece.readableBytesView)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            // The client is gone, or sends what is no HTTP.
            throw Problem.malformed("expected a body, and it was cut off")
        }
        return bytes
    }

    /// Refuses what nobody would look at.
    func check(queryHasOnly known: [String]) throws(Problem) {
        guard let stranger = query.first(where: { !known.contains($0.name) }) else { return }
        let expected = known.isEmpty ? "no query" : "only \(known.joined(separator: ", ")) in the query"
        throw .malformed("expected \(expected), found '\(stranger.name)'")
    }

    /// What the query says of a name; several times: a mistake.
    func queryValue(_ name: String) throws(Problem) -> String? {
        let values = query.filter { $0.name == name }
        guard values.count < 2 else {
            throw .malformed("expected '\(name)' once in the query, found it \(values.count) times")
        }
        return values.first?.value
    }

    func queryValues(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    private static func decoded(_ text: some StringProtocol, _ place: String) throws(Problem) -> String {
        var bytes: [UInt8] = [], rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == 2 else {
                throw .malformed("expected two hexadecimal digits after each % of \(place)")
            }
            rest = rest.dropFirst(2)
            bytes.append(UInt8(digits[0] << 4 | digits[1]))
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("expected UTF-8 in \(place), found other bytes")
        }
        return decoded
    }
}
