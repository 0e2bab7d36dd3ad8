internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import RevmetaJSON

/// Why a request is not done: an answer of its own, as RFC 9457 has it.
struct Problem: Error, Equatable {
    var status: HTTPResponse.Status
    /// A sentence: what was expected, what was found.
    var detail: String
    /// What there is, where something was asked for that is not.
    var known: [String]?
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: String, known: [String]? = nil, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.known = known
        self.headers = headers
    }

    private struct Answer: Encodable {
        var title: String
        var status: Int
        var detail: String
        var known: [String]?
    }

    var response: Response {
        let answer = Answer(title: status.reasonPhrase, status: status.code, detail: detail, known: known)
        // Texts and a number are all it holds.
        let text = (try? LineEncoder().text(answer)) ?? ""
        var response = Response.text(text + "\n", "application/problem+json", status)
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension Problem {
    /// What was asked for cannot be done, since the server is about to end.
    static let stopping = Problem(.serviceUnavailable, ServerRefusal.stopping.description, headers: [.retryAfter: "5"])

    static func malformed(_ detail: String) -> Problem { Problem(.badRequest, detail) }

    init(_ refusal: ServerRefusal) {
        switch refusal {
        case .stopping: self = .stopping
        case .unknownChannel(_, let known): self.init(.unprocessableContent, refusal.description, known: known)
        case .otherJournal, .settings, .listening: self.init(.unprocessableContent, refusal.description)
        }
    }
}

extension Response {
    static func text(_ text: String, _ type: String, _ status: HTTPResponse.Status = .ok) -> Response {
        let body = ResponseBody(byteBuffer: ByteBuffer(string: text))
        return Response(status: status, headers: [.contentType: type], body: body)
    }

    static func json(_ answer: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Response {
        text(try LineEncoder().text(answer) + "\n", "application/json", status)
    }
}
