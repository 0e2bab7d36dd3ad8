internal import RevmetaMarkdown
internal import RevmetaModel

/// What the channels want of one entity at one service.
struct SelectedEntity: Sendable, Equatable {
    /// The service that is written to: the entity's own, or a channel's sink.
    var service: String
    var entity: Entity
    var wanted: [WantedFact]
    /// The channel that wants this entity's tags, if one does: tags we wrote before and that are gone are its to remove.
    var tagChannel: Int?
    /// Tags that channels which take no part want: nobody else removes them.
    var foreignTags: Set<Attribute> = []
    /// Tags that the catalog held before and holds no longer.
    var takenTags: [WantedFact] = []
    /// For the templates of the channels, by the channel's index.
    var variables: [Int: EntityVariables] = [:]
}

/// One fact that a channel wants.
struct WantedFact: Sendable, Equatable {
    var attribute: Attribute
    var value: Wanted
    /// Index of the channel that decides: the first in file order that wants the fact.
    var channel: Int
    /// How the value was chosen, where there was a choice.
    var note: String?
    /// What the channel wanted of what the catalog held before; nil: nothing, or it is not known.
    var previous: String?
    /// Of several owners, or tags with one key, only those are known that came and went.
    var isDifference = false
}

/// Turns catalog entities into wanted facts, by the channels of a configuration.
struct Selection: Sendable {
    let channels: [Channel]
    private let descriptions: AlikeChannels
    private let owners: AlikeChannels
    private let tags: AlikeChannels
    private let serviceTypes: [String: String]
    private var channelSelection: ChannelSelection
    private var foreignTags: ForeignTags?
    private var ownerSelection: OwnerSelection
    private let tagSelection = TagSelection()

    /// Of each channel: how many entities its filter could not decide about, since the catalog's answer lacks a field.
    var undecided: [Int] { channelSelection.undecided }

    /// The channels that selected the last entity, or may.
    var selecting: [Int] {
        channelSelection.open.isEmpty ? channelSelection.selecting : channelSelection.selecting + channelSelection.open
    }

    /// - Parameter others: The configuration's channels that take no part.
    init(_ configuration: Configuration, besides others: [Channel] = []) {
        channels = configuration.channels
        descriptions = AlikeChannels(channels.map(ChannelRendering.ofDescriptions))
        owners = AlikeChannels(channels.map(ChannelRendering.ofOwners))
        tags = AlikeChannels(channels.map(ChannelRendering.ofTags))
        serviceTypes = Dictionary(configuration.services.map { ($0.name, $0.type) }) { first, _ in first }
        channelSelection = ChannelSelection(configuration.channels)
        ownerSelection = OwnerSelection(configuration)
        foreignTags = ForeignTags(others, serviceTypes: serviceTypes)
    }

    /// What the channels want of an entity, for each service that one of them writes to; empty: none selects it.
    ///
    /// Throws if two channels want different values for one fact.
    mutating func select(_ entity: CatalogEntity) throws(ChannelOverlap) -> [SelectedEntity] {
        channelSelection.decide(entity)
        let (selecting, undecided) = (channelSelection.selecting, channelSelection.open)
        guard let first = selecting.first else { return [] }
        var selected: [SelectedEntity] = []
        let service = channels[first].service(of: entity)
        if selecting.allSatisfy({ channels[$0].service(of: entity) == service }) {
            if let one = try select(entity, at: service, by: selecting) { selected.append(one) }
        } else {
            var services: [String] = []
            for index in selecting {
                let service = channels[index].service(of: entity)
                if !services.contains(service) { services.append(service) }
            }
            for service in services {
                let own = selecting.filter { channels[$0].service(of: entity) == service }
                if let one = try select(entity, at: service, by: own) { selected.append(one) }
            }
        }
        for index in selected.indices where selected[index].tagChannel != nil {
            // What a channel wants that could not decide may be a tag that is still wanted.
            if undecided.contains(where: { channels[$0].updatesTags(of: entity, at: selected[index].service) }) {
                selected[index].tagChannel = nil
            } else if let foreign = foreignTags?.wanted(of: entity, at: selected[index].service) {
                selected[index].foreignTags = foreign
            } else if foreignTags != nil {
                selected[index].tagChannel = nil
            }
        }
        for index in selected.indices where !selected[index].takenTags.isEmpty { selected[index].wantTakenTagsAbsent() }
        // Tags that nobody told of may still be there.
        if entity.previous?.isDifference == true { for index in selected.indices { selected[index].tagChannel = nil } }
        return selected
    }

    private mutating func select(
        _ entity: CatalogEntity, at service: String, by selecting: [Int]
    ) throws(ChannelOverlap) -> SelectedEntity? {
        var selected = SelectedEntity(
            service: service, entity: Entity(kind: entity.kind, path: entity.path), wanted: [], tagChannel: nil)
        let isDifference = entity.previous?.isDifference ?? false
        var isUpdated = false
        try descriptions.forEachFirst(of: selecting) { index throws(ChannelOverlap) in
            isUpdated = true
            let format = channels[index].descriptionFormat
            try add(WantedFact(
                attribute: .description, value: Self.description(entity.description, format), channel: index,
                previous: entity.previous?.description.flatMap { Self.description($0, format).text }), to: &selected)
        }
        // A column belongs to its table's owner.
        try owners.forEachFirst(of: selecting) { index throws(ChannelOverlap) in
            isUpdated = true
            guard entity.kind != .column else { return }
            let (value, note) = ownerSelection.wanted(of: entity, at: service, channels[index].owners)
            let previous = previousOwner(of: entity, at: service, channels[index].owners)
            try add(
                WantedFact(
                    attribute: .owner, value: value, channel: index, note: note, previous: previous, isDifference: isDifference),
                to: &selected)
        }
        var isTold = true
        try tags.forEachFirst(of: selecting) { index throws(ChannelOverlap) in
            isUpdated = true
            guard let facts = tags(of: entity, at: service, channels[index].tags) else {
                isTold = false
                return
            }
            if selected.tagChannel == nil { selected.tagChannel = index }
            var previous = previousTags(of: entity, at: service, channels[index].tags)
            for (attribute, value) in facts {
                try add(
                    WantedFact(
                        attribute: attribute, value: value, channel: index, previous: previous.removeValue(forKey: attribute),
                        isDifference: isDifference),
                    to: &selected)
            }
            selected.takenTags += previous.map { attribute, text in
                WantedFact(
                    attribute: attribute, value: .absent, channel: index, previous: text, isDifference: isDifference)
            }
        }
        // What one of the channels cannot tell may be a tag that is still wanted.
        if !isTold { selected.tagChannel = nil }
        for index in selecting where !channels[index].templates.isEmpty {
            selected.variables[index] = variables(of: entity, at: service, for: channels[index])
        }
        return isUpdated ? selected : nil
    }

    /// Adds a fact unless an earlier channel wants it; then both must want the same.
    private func add(_ fact: WantedFact, to selected: inout SelectedEntity) throws(ChannelOverlap) {
        guard let index = selected.wanted.firstIndex(where: { $0.attribute == fact.attribute }) else {
            selected.wanted.append(fact)
            return
        }
        let earlier = selected.wanted[index]
        guard case .present(let one) = earlier.value, case .present(let other) = fact.value else { return }
        guard !one.utf8.elementsEqual(other.utf8) else { return }
        throw ChannelOverlap(
            channels: [channels[earlier.channel].name, channels[fact.channel].name], service: selected.service,
            entity: selected.entity, attribute: fact.attribute, values: [one, other])
    }

    private mutating func variables(of entity: CatalogEntity, at service: String, for channel: Channel) -> EntityVariables {
        EntityVariables(
            of: entity, description: Self.description(entity.description, channel.descriptionFormat),
            owner: ownerSelection.wanted(of: entity, at: service, channel.owners).value,
            tags: tags(of: entity, at: service, channel.tags) ?? [])
    }

    private func tags(of entity: CatalogEntity, at service: String, _ policies: TagPolicies) -> [(Attribute, Wanted)]? {
        tagSelection.wanted(of: entity, serviceType: serviceTypes[service] ?? entity.serviceType, policies)
    }

    private static func description(_ text: CatalogText, _ format: DescriptionFormat) -> Wanted {
        guard case .present(let text) = text else { return .absent }
        guard format == .plain else { return .present(text) }
        let plain = Markdown.plainText(text)
        return plain.isEmpty ? .absent : .present(plain)
    }

    // MARK: What was wanted before

    private mutating func previousOwner(of entity: CatalogEntity, at service: String, _ policies: OwnerPolicies) -> String? {
        guard let owners = entity.previous?.owners else { return nil }
        var before = entity
        before.owners = .known(owners)
        return ownerSelection.wanted(of: before, at: service, policies).value.text
    }

    private func previousTags(
        of entity: CatalogEntity, at service: String, _ policies: TagPolicies
    ) -> [Attribute: String] {
        guard let labels = entity.previous?.tags else { return [:] }
        var before = entity
        before.tags = .known(labels)
        let known = (tags(of: before, at: service, policies) ?? []).compactMap { attribute, value in
            value.text.map { (attribute, $0) }
        }
        // Two spellings of one letter are two tags, and one key here.
        return Dictionary(known) { first, _ in first }
    }
}

extension SelectedEntity {
    /// What the catalog took away is to go, unless it is still wanted, or that is not known.
    fileprivate mutating func wantTakenTagsAbsent() {
        guard tagChannel != nil else { return }
        for taken in takenTags.sorted(by: { $0.attribute.rawValue < $1.attribute.rawValue })
        where !foreignTags.contains(taken.attribute) && !wanted.contains(where: { $0.attribute == taken.attribute }) {
            wanted.append(taken)
        }
    }
}
