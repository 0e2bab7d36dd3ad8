internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import RevmetaModel

/// Answers requests: decides who may ask, finds what is asked for, and says what was wrong.
struct Responder: Sendable {
    let routes: RouteTable
    /// As they hold now: a token may change while the server runs.
    let settings: @Sendable () async -> ServeSettings
    /// Takes what the catalog's webhook brings; nil: it is none of its requests.
    var webhook: (@Sendable (Call) async throws -> Response?)?
    let metrics: RequestMetrics
    /// What an error is told as.
    let explain: @Sendable (any Error) -> String
    let logger: Logger

    func respond(to head: HTTPRequest, _ body: RequestBody) async throws -> Response {
        var path = RequestMetrics.unknownPath, response: Response
        do {
            response = try await respond(Call(head, body), &path)
        } catch let problem as Problem {
            response = problem.response
        } catch let refusal as ServerRefusal {
            response = Problem(refusal).response
        } catch {
            logger.error("a request could not be answered", metadata: [
                "method": "\(head.method)", "path": "\(path)", "reason": "\(explain(error))",
            ])
            response = Problem(.internalServerError, explain(error)).response
        }
        metrics.count(head.method, path, response.status)
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        guard head.method == .head else { return response }
        return response.createHeadResponse()
    }

    private func respond(_ call: Call, _ path: inout String) async throws -> Response {
        let match = routes.match(call)
        switch match {
        case .found(let route, let parameters):
            path = route.path
            if route.access == .client { try await check(call) }
            try call.check(queryHasOnly: route.query)
            var call = call
            call.parameters = parameters
            return try await route.handler(call)
        case .otherMethod(let route, let methods):
            path = route.path
            // What there is, is nobody's business who may not ask for it.
            if route.access == .client { try await check(call) }
            let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
            throw Problem(
                .methodNotAllowed, "expected \(allowed) for \(path), found another method", headers: [.allow: allowed])
        case .unknown:
            if let response = try await webhook?(call) {
                path = RequestMetrics.webhookPath
                return response
            }
            try await check(call)
            throw Problem(.notFound, "there is nothing at this path; /api/v1/openapi.json lists what there is")
        }
    }

    private func check(_ call: Call) async throws {
        try AccessControl(settings: await settings()).check(call.head)
    }
}
