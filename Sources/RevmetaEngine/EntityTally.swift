internal import RevmetaModel

/// How many entities of each kind, as a person is told it.
struct EntityTally: CustomStringConvertible {
    private var counts: [EntityKind: Int] = [:]
    /// The services that they belong to have this type; nil: the catalog does not tell.
    private(set) var serviceType: String?

    mutating func add(_ entity: CatalogEntity) {
        counts[entity.kind, default: 0] += 1
        serviceType = serviceType ?? entity.serviceType
    }

    /// `3 tables, 9 columns`.
    var description: String {
        EntityKind.allCases.compactMap { kind in
            counts[kind].map { "\($0) \(kind.rawValue)\($0 == 1 ? "" : "s")" }
        }.joined(separator: ", ")
    }
}
