import Foundation
import Testing

/// A `ReverseIngestionPipeline` as a test writes it, and the answer to it.
struct Operations {
    static let serviceID = "8a1a1c0c-6f0e-4d43-9c4b-0d3d5f0a1b2c"

    private var operations: [[String: Any]] = []
    private let service: String?

    init(service: String? = "shop") {
        self.service = service
    }

    /// The id of an operation by its place in the list.
    static func id(_ index: Int) -> String { String(format: "00000000-0000-4000-8000-%012d", index) }

    mutating func add(_ type: String, _ link: String, _ parameters: [String: Any?], template: String? = nil) {
        var operation: [String: Any] = [
            "id": Self.id(operations.count), "type": type, "entityLink": link, "parameters": parameters.mapValues { $0 ?? NSNull() },
        ]
        if let template { operation["SQLTemplate"] = template }
        operations.append(operation)
    }

    mutating func describe(_ link: String, _ new: String?, before previous: String? = nil, template: String? = nil) {
        add("UPDATE_DESCRIPTION", link, ["newDescription": new, "previousDescription": previous], template: template)
    }

    /// - Parameters: Names as `owners.map` spells them.
    mutating func own(_ link: String, adding added: [String] = [], removing removed: [String] = []) {
        func references(_ names: [String]) -> [[String: String]] {
            names.map { name in
                let parts = name.split(separator: ":").map(String.init)
                return ["id": Self.serviceID, "type": parts.count > 1 ? parts[0] : "user", "name": parts.last!]
            }
        }
        add("UPDATE_OWNER", link, ["addedOwners": references(added), "removedOwners": references(removed)])
    }

    mutating func tag(_ link: String, adding added: [String] = [], removing removed: [String] = [], template: String? = nil) {
        func labels(_ names: [String]) -> [[String: String]] {
            names.map { ["tagFQN": $0, "source": "Classification", "labelType": "Manual", "state": "Confirmed"] }
        }
        add("UPDATE_TAGS", link, ["addedTags": labels(added), "removedTags": labels(removed)], template: template)
    }

    var text: String {
        get throws {
            var reference: [String: Any] = ["id": Self.serviceID, "type": "databaseService"]
            reference["name"] = service
            let whole: [String: Any] = ["type": "ReverseIngestion", "service": reference, "operations": operations]
            return String(decoding: try JSONSerialization.data(withJSONObject: whole), as: UTF8.self)
        }
    }

    struct Answer: Decodable {
        struct Result: Decodable {
            var id: String
            var success: Bool
            var message: String?
        }

        var serviceId: String
        var success: Bool
        var message: String?
        var results: [Result]

        init(_ answer: Child.Answer, sourceLocation: SourceLocation = #_sourceLocation) throws {
            self = try JSONDecoder().decode(Answer.self, from: Data(answer.output.utf8))
            #expect(serviceId == Operations.serviceID, sourceLocation: sourceLocation)
            #expect(results.map(\.id) == results.indices.map(Operations.id), sourceLocation: sourceLocation)
        }

        var successes: [Bool] { results.map(\.success) }

        func message(_ index: Int) -> String { results[index].message ?? "" }
    }
}

extension Shop {
    /// Makes edits; the program must end with a status.
    func make(
        _ operations: Operations, _ status: Int32 = 0, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Operations.Answer {
        try folder.write(try operations.text, to: "operations.json")
        let answer = try await expect(
            status, ["run", "--operations", "operations.json"] + arguments, sourceLocation: sourceLocation)
        return try Operations.Answer(answer, sourceLocation: sourceLocation)
    }
}
