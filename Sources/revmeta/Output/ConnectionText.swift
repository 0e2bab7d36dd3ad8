internal import RevmetaCatalog
internal import RevmetaModel
internal import RevmetaRuns

/// Tells which connection is used for each service, where the catalog has a say in it.
struct ConnectionText {
    private let out: Terminal

    /// Settings that may be shown: they say where, not by what right.
    private static let shown = ["hostPort", "account", "database", "username"]

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ catalog: OpenCatalog) {
        for connection in catalog.connections {
            let service = connection.service
            if let known = catalog.services.first(where: { $0.name == service.name }),
                known.serviceType.lowercased() != service.type.lowercased() {
                out.line("! \(service.name): the catalog says that its type is \(known.serviceType), the configuration \(service.type)")
            }
            if connection.fromCatalog.isEmpty {
                guard case .server = catalog.source else { continue }
                out.line("✓ \(service.name): its connection is the configuration's")
            } else {
                let own = service.connection.keys.filter { !connection.fromCatalog.contains($0) }.sorted()
                out.line(
                    "✓ \(service.name): its connection is the catalog's (\(list(connection.fromCatalog, service)))"
                        + (own.isEmpty ? "" : ", with the configuration's \(own.joined(separator: ", "))"))
            }
        }
    }

    private func list(_ keys: [String], _ service: ServiceDefinition) -> String {
        keys.map { key in
            guard Self.shown.contains(key), let value = service.connection[key] else { return key }
            return "\(key) \(Terminal.oneLine(value.exposed))"
        }.joined(separator: ", ")
    }
}
