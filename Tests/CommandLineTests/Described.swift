import Foundation

/// An entity as a test's catalog describes it.
struct Described {
    enum Kind: String, CaseIterable {
        case databases
        case databaseSchemas
        case tables
        case storedProcedures
    }

    var kind: Kind
    /// Below its database.
    var names: [String]
    var description: String?
    var columns: [(name: String, description: String?)] = []
    /// `jane.doe` for a user, `team:finance` for a team; nil: the answer does not carry the owners.
    var owners: [String]?
    var tags: [String] = []
    /// Nil: the shop's own.
    var database: String?
    var service = "shop"

    static func database(_ description: String?, owners: [String]? = nil) -> Described {
        Described(kind: .databases, names: [], description: description, owners: owners)
    }

    static func schema(_ name: String, _ description: String?, owners: [String]? = nil) -> Described {
        Described(kind: .databaseSchemas, names: [name], description: description, owners: owners)
    }

    static func table(
        _ name: String, _ description: String?, in schema: String = "public",
        columns: KeyValuePairs<String, String?> = [:], owners: [String]? = nil
    ) -> Described {
        Described(
            kind: .tables, names: [schema, name], description: description,
            columns: columns.map { ($0.key, $0.value) }, owners: owners)
    }

    static func procedure(
        _ name: String, _ description: String?, in schema: String = "public", owners: [String]? = nil
    ) -> Described {
        Described(kind: .storedProcedures, names: [schema, name], description: description, owners: owners)
    }

    func with(_ change: (inout Described) -> Void) -> Described {
        var changed = self
        change(&changed)
        return changed
    }

    /// The entity as OpenMetadata answers it, on one line.
    func line(database: String) throws -> String {
        func reference(_ name: String) -> [String: Any] { ["name": name] }
        var answer: [String: Any] = ["service": reference(service), "tags": tags.map { ["tagFQN": $0] }]
        let path = [self.database ?? database] + names
        answer["name"] = spelled(path.last!)
        if path.count > 1 { answer["database"] = reference(spelled(path[0])) }
        if path.count > 2 { answer["databaseSchema"] = reference(spelled(path[1])) }
        answer["description"] = description
        if kind == .tables {
            answer["columns"] = columns.map { column in
                var answer = ["name": spelled(column.name)]
                answer["description"] = column.description
                return answer
            }
        }
        answer["owners"] = owners?.map { owner in
            owner.hasPrefix("team:")
                ? ["type": "team", "name": String(owner.dropFirst(5))] : ["type": "user", "name": owner]
        }
        return String(decoding: try JSONSerialization.data(withJSONObject: answer), as: UTF8.self)
    }

    /// A name as the catalog's ingestion spells it, whose qualified names cannot hold every character.
    private func spelled(_ name: String) -> String {
        name.replacing("::", with: "__reserved__colon__").replacing(">", with: "__reserved__arrow__")
            .replacing("\"", with: "__reserved__quote__")
    }
}
