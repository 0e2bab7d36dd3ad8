internal import RevmetaModel

/// What was selected so far, without columns, to find what comes twice.
struct SeenEntities {
    /// Hashes of the entities, each with where it came from: a few bytes each, where the entities would not fit.
    private var seen: [Int: UInt32] = [:]
    private var services: [String: UInt32] = [:]
    /// The last entity's path.
    private var path: [UInt8] = []

    /// - Parameters:
    ///   - source: The service that has the entity in the catalog.
    ///   - service: The one that is written to.
    mutating func insert(_ entity: Entity, of source: String, at service: String) throws {
        var hasher = Hasher()
        hasher.combine(service)
        hasher.combine(entity.kind)
        // Bytes: a String's own hash takes two spellings of é for one.
        path.removeAll(keepingCapacity: true)
        entity.path.appendDescription(to: &path)
        path.withUnsafeBytes { hasher.combine(bytes: $0) }
        let number = services[source] ?? UInt32(services.count)
        services[source] = number
        guard let earlier = seen.updateValue(number, forKey: hasher.finalize()) else { return }
        guard let other = services.first(where: { $0.value == earlier })?.key, other != source else {
            throw ListedTwice(service: source, entity: entity)
        }
        throw SinkCollision(services: [other, source], sink: service, entity: entity)
    }
}
