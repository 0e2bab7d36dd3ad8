import RevmetaJSON
import RevmetaModel

/// Where an entity stands: its service, and the names of its path.
struct EntityPlace {
    var service: String
    var names: [String]

    /// Prefers the entity's own name and its references, and splits the qualified name for what they do not tell.
    init(_ answer: EntityAnswer, _ kind: EntityKind) throws(Fault) {
        let length = switch kind {
        case .database: 1
        case .schema: 2
        case .table, .column, .procedure: 3
        }
        // The service comes first in a qualified name, and is no part of the path.
        let qualified = QualifiedName(text: answer.fullyQualifiedName, length: length + 1)

        service = try qualified.name(at: 0, unless: answer.service?.serviceName, field: "service.name")
        names = []
        names.reserveCapacity(length)
        if length > 1 {
            try names.append(ReservedToken.decode(
                qualified.name(at: 1, unless: answer.database?.name, field: "database.name")))
        }
        if length > 2 {
            try names.append(ReservedToken.decode(
                qualified.name(at: 2, unless: answer.databaseSchema?.name, field: "databaseSchema.name")))
        }
        try names.append(ReservedToken.decode(qualified.name(at: length, unless: answer.name, field: "name")))
    }
}

/// An entity's fully qualified name, split only where the entity does not tell a name itself.
private struct QualifiedName {
    let text: String?
    let length: Int

    /// The name that the entity tells, else the one at `index`.
    func name(at index: Int, unless told: String?, field: StaticString) throws(Fault) -> String {
        let name = if let told { told } else { try names(for: field)[index] }
        guard !name.isEmpty else {
            throw Fault("\(field): expected a name, found an empty text")
        }
        guard !name.utf8.contains(0) else {
            throw Fault("\(field): expected a name, found one that holds U+0000")
        }
        return name
    }

    private func names(for field: StaticString) throws(Fault) -> [String] {
        guard let text else { throw Fault("\(field): expected a name, found neither it nor a fullyQualifiedName") }
        guard let names = EntityPath(text)?.names, names.count == length else {
            throw Fault("fullyQualifiedName: expected \(length) names joined by dots, found `\(text)`")
        }
        return names
    }
}

extension ReferenceAnswer {
    /// The name of the service that this refers to.
    fileprivate var serviceName: String? {
        name ?? fullyQualifiedName.flatMap { EntityPath($0)?.names.first }
    }
}
