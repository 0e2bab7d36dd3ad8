import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A stand-in for an OpenMetadata server, over a folder of entities: `Tests/CatalogServer`.
public final class CatalogStandIn: Sendable {
    private let program: PythonProgram

    /// - Parameters:
    ///   - folder: What it serves.
    ///   - options: Of the program: `--token`, `--version`, ….
    public init(folder: String, options: [String] = []) throws {
        program = try PythonProgram("", ["--folder", folder] + options)
    }

    private var root: String { program.greeting }

    /// The interface's address: `http://127.0.0.1:8585/api`.
    public var address: String { root + "/api" }

    public var port: Int { Int(root.split(separator: ":").last!)! }

    /// A request that came.
    public struct Request: Decodable, Sendable {
        public var method: String
        public var path: String
        public var authorized: Bool
    }

    private struct Requests: Decodable {
        var requests: [Request]
        var mostInFlight: Int
    }

    /// The requests that came, and how many of them at most at once.
    public func requests() async throws -> (all: [Request], mostInFlight: Int) {
        let answer = try JSONDecoder().decode(Requests.self, from: try await call("GET", "/control/requests"))
        return (answer.requests, answer.mostInFlight)
    }

    /// Has something go wrong: `Tests/CatalogServer/faults.py` says what there is.
    public func fail(_ fault: [String: any Sendable]) async throws {
        _ = try await call("POST", "/control/faults", try JSONSerialization.data(withJSONObject: fault))
    }

    public func endFaults() async throws {
        _ = try await call("DELETE", "/control/faults")
    }

    /// Changes an entity by its qualified name, as somebody at the catalog would.
    public func patch(_ collection: String, _ name: String, _ operations: [[String: any Sendable]]) async throws {
        let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        _ = try await call(
            "PATCH", "/api/v1/\(collection)/name/\(encoded)", try JSONSerialization.data(withJSONObject: operations))
    }

    /// Sends an event to all webhooks, with no change behind it.
    public func tell(_ event: [String: any Sendable]) async throws {
        _ = try await call("POST", "/control/tell", try JSONSerialization.data(withJSONObject: event))
    }

    /// The subscriptions as they were asked for, by their names.
    public func subscriptions() async throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: try await call("GET", "/control/subscriptions")) as? [String: Any] ?? [:]
    }

    /// The id of an entity.
    public func id(_ collection: String, _ name: String) async throws -> String {
        struct Entity: Decodable { var id: String }
        let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        return try JSONDecoder().decode(Entity.self, from: try await call("GET", "/api/v1/\(collection)/name/\(encoded)")).id
    }

    private func call(_ method: String, _ path: String, _ body: Data? = nil) async throws -> Data {
        var request = URLRequest(url: URL(string: root + path)!)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("Bearer test", forHTTPHeaderField: "Authorization")
        if method == "PATCH" { request.setValue("application/json-patch+json", forHTTPHeaderField: "Content-Type") }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw PythonProgram.Problem(description: "\(method) \(path): \(String(decoding: data, as: UTF8.self))")
        }
        return data
    }
}
