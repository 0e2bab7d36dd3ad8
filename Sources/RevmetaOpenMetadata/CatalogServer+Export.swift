public import RevmetaCatalog
internal import RevmetaJSON
internal import RevmetaModel

extension CatalogServer {
    /// How many entities of each sort were saved, by the name of their file.
    public typealias Counts = [(file: String, entities: Int)]

    /// Saves answers within reach, so that a folder of them is read as this server would be.
    ///
    /// Of entities everything is saved that the server tells; of users and teams their names, addresses and members, and of services what says where
    /// they are. No secret is among it.
    ///
    /// - Parameter write: Told each file's next lines. The files come one after the other.
    public func export(
        _ reach: CatalogReach, _ write: (_ file: String, _ lines: [UInt8]) throws -> Void
    ) async throws -> Counts {
        var counts: Counts = []
        func save(_ content: CatalogContent, _ lines: [UInt8]) throws {
            let file = "\(content.rawValue).jsonl"
            if counts.last?.file != file { counts.append((file, 0)) }
            counts[counts.count - 1].entities += lines.count { $0 == UInt8(ascii: "\n") }
            try write(file, lines)
        }
        let reached = services.filter { reach.includes(service: $0.name) }
        try save(.databaseServices, Self.lines(reached.map(SavedService.init)))
        for content in [CatalogContent.users, .teams] {
            try save(content, Self.lines(try await principals(content)))
        }
        let walk = exportingWalk(reach)
        while let (content, lines) = try await walk.next() { try save(content, lines) }
        return counts
    }

    /// A walk that keeps the entities as they came, each on a line.
    private func exportingWalk(_ reach: CatalogReach) -> CatalogWalk<[UInt8]> {
        let translator = EntityTranslator(services: services, principals: PrincipalDirectory(), needsDocuments: false)
        let fields = RequestedFields(owners: true, tags: true, everything: true, version: version)
        return walk(reach, fields) { text, kind in
            var lines: [UInt8] = [], parents: [Parent] = []
            try text.decodeAll(EntityAnswer.self) { answer, element throws(Fault) in
                // What could not be read back is told now.
                var entities: [CatalogEntity] = []
                try translator.append(answer, kind, to: &entities)
                if kind == .database || kind == .schema { parents.append(Parent(answer, entities[0])) }
                lines += text.line(element) + [UInt8(ascii: "\n")]
            }
            return CatalogWalk.Page(content: lines, parents: parents)
        }
    }

    private static func lines(_ values: [some Encodable]) throws -> [UInt8] {
        let encoder = LineEncoder()
        return try values.flatMap { Array(try encoder.text($0).utf8) + [UInt8(ascii: "\n")] }
    }
}

/// A service as it is saved.
private struct SavedService: Encodable {
    struct Connection: Encodable {
        var config: [String: String]
    }

    /// What says where a source is. None of it is secret, whatever the type of service.
    private static let places = [
        "hostPort", "account", "database", "databaseName", "databaseSchema", "catalog", "warehouse", "role", "username", "sslMode",
    ]

    var name: String
    var serviceType: String
    var connection: Connection?

    init(_ service: CatalogService) {
        name = service.name
        serviceType = service.serviceType
        let shown = service.connection.filter { Self.places.contains($0.key) }.mapValues(\.exposed)
        connection = shown.isEmpty ? nil : Connection(config: shown)
    }
}
