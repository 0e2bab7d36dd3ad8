internal import HTTPTypes
internal import HummingbirdCore

/// Something that can be asked of the server: a method, a path, and what answers.
struct Route: Sendable {
    /// Who may ask.
    enum Access: Sendable {
        /// Anybody who reaches the server.
        case anybody
        /// Who shows the token, if there is one.
        case client
    }

    typealias Handler = @Sendable (Call) async throws -> Response

    let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/api/v1/runs/{id}`.
    let path: String
    let access: Access
    /// Names that may stand in the query.
    let query: [String]
    let handler: Handler
    fileprivate let segments: [Substring]

    init(
        _ method: HTTPRequest.Method, _ path: String, access: Access = .client, query: [String] = [],
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.query = query
        self.handler = handler
        segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    /// What a path has where this one has names; nil: it is another path.
    fileprivate func parameters(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (expected, found) in zip(segments, path) {
            if expected.first == "{" {
                parameters[String(expected.dropFirst().dropLast())] = found
            } else if expected != found {
                return nil
            }
        }
        return parameters
    }
}

/// All that can be asked of the server.
struct RouteTable: Sendable {
    enum Match {
        case found(Route, parameters: [String: String])
        /// The path can be asked for, but not so: one of its routes, and what is allowed.
        case otherMethod(Route, [HTTPRequest.Method])
        case unknown
    }

    let routes: [Route]

    func match(_ call: Call) -> Match {
        let here = routes.compactMap { route in route.parameters(call.segments).map { (route, $0) } }
        guard let first = here.first else { return .unknown }
        // HEAD is GET whose body nobody sends.
        let method = call.head.method == .head ? .get : call.head.method
        if let (route, parameters) = here.first(where: { $0.0.method == method }) {
            return .found(route, parameters: parameters)
        }
        let methods = here.map(\.0.method)
        return .otherMethod(first.0, methods.contains(.get) ? methods + [.head] : methods)
    }
}
