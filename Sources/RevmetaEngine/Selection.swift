internal import RevmetaModel

/// What the channels want of one entity.
struct SelectedEntity: Sendable, Equatable {
    var entity: Entity
    var wanted: [WantedFact]
    /// The channel that wants this entity's tags, if one does: tags we wrote before and that are gone are its to remove.
    var tagChannel: Int?
}

/// One fact that a channel wants.
struct WantedFact: Sendable, Equatable {
    var attribute: Attribute
    var value: Wanted
    /// Index of the channel that decides: the first in file order that selects the entity and updates the attribute.
    var channel: Int
}

/// Turns catalog entities into wanted facts, by the channels of a configuration.
struct Selection: Sendable {
    let channels: [Channel]
    private let ownerMaps: [String: [String: String]]
    private let ownerMap: [String: String]
    /// What the filters' conditions said of the last document: a table's columns share it.
    private var lastDocument: SearchDocument?
    private var lastAnswers: [Bool?] = []
    /// Of each channel: how many entities its filter could not decide about, since the catalog's answer lacks a field.
    private(set) var undecided: [Int]

    init(_ configuration: Configuration) {
        channels = configuration.channels
        ownerMap = configuration.ownerMap
        var maps: [String: [String: String]] = [:]
        for service in configuration.services {
            maps[service.name] = configuration.ownerMap.merging(service.ownerMap) { $1 }
        }
        ownerMaps = maps
        undecided = Array(repeating: 0, count: configuration.channels.count)
    }

    /// What the channels want of an entity; nil: none selects it.
    mutating func select(_ entity: CatalogEntity) -> SelectedEntity? {
        decideConditions(of: entity)
        var description: Int?, owner: Int?, tags: Int?
        for (index, channel) in channels.enumerated() {
            let isNews = description == nil && channel.updateDescriptions
                || owner == nil && channel.updateOwners || tags == nil && channel.updateTags
            guard isNews, channel.filter.selects(entity) else { continue }
            guard let isMet = lastAnswers[index] else {
                undecided[index] += 1
                continue
            }
            guard isMet else { continue }
            if channel.updateDescriptions { description = description ?? index }
            if channel.updateOwners { owner = owner ?? index }
            if channel.updateTags { tags = tags ?? index }
        }
        var wanted: [WantedFact] = []
        if let description {
            let value: Wanted = if case .present(let text) = entity.description { .present(text) } else { .absent }
            wanted.append(WantedFact(attribute: .description, value: value, channel: description))
        }
        // A column belongs to its table's owner.
        if let owner, entity.kind != .column {
            wanted.append(WantedFact(attribute: .owner, value: wantedOwner(of: entity), channel: owner))
        }
        if let tags {
            wanted += wantedTags(of: entity).map { WantedFact(attribute: $0.0, value: $0.1, channel: tags) }
        }
        guard description != nil || owner != nil || tags != nil else { return nil }
        return SelectedEntity(
            entity: Entity(kind: entity.kind, path: entity.path), wanted: wanted,
            tagChannel: entity.tags == .notAsked ? nil : tags)
    }

    private mutating func decideConditions(of entity: CatalogEntity) {
        guard entity.document !== lastDocument || lastAnswers.isEmpty else { return }
        lastDocument = entity.document
        lastAnswers = channels.map { $0.filter.condition.matches(entity.document) }
    }

    /// The first owner that maps to a principal; inherited owners belong to the parent.
    private func wantedOwner(of entity: CatalogEntity) -> Wanted {
        guard case .known(let all) = entity.owners else {
            return .unknown(reason: "the catalog's answer does not tell the owners")
        }
        let owners = all.filter { !$0.isInherited }
        guard !owners.isEmpty else { return .absent }
        let map = ownerMaps[entity.service] ?? ownerMap
        for owner in owners {
            if let principal = map[owner.mapKey] { return .present(principal) }
        }
        let names = owners.map { "'\($0.mapKey)'" }.joined(separator: ", ")
        return .unknown(reason: "no principal is known for the owner \(names): add it to owners.map")
    }

    /// Classification is the tag's name, the rest of the tag is its value.
    private func wantedTags(of entity: CatalogEntity) -> [(Attribute, Wanted)] {
        guard case .known(let labels) = entity.tags else { return [] }
        var values: [(Attribute, [String])] = []
        for label in labels where label.source == "Classification" {
            guard let names = EntityPath(label.tagFQN)?.names, names.count > 1 else { continue }
            let attribute = Attribute.tag(names[0]), value = names.dropFirst().joined(separator: ".")
            if let index = values.firstIndex(where: { $0.0 == attribute }) {
                values[index].1.append(value)
            } else {
                values.append((attribute, [value]))
            }
        }
        return values.map { attribute, values in
            guard values.count == 1 else {
                return (attribute, .unknown(
                    reason: "the catalog has several tags of this classification: \(values.joined(separator: ", "))"))
            }
            return (attribute, .present(values[0]))
        }
    }
}
