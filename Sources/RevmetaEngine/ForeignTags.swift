internal import RevmetaModel

/// The tags that channels want which take no part in a run.
///
/// Whoever takes part removes tags that we wrote and nobody wants any more; these somebody wants.
struct ForeignTags: Sendable {
    private let channels: [Channel]
    private let serviceTypes: [String: String]
    private var selection: ChannelSelection
    private let tagSelection = TagSelection()

    /// - Returns: Nil: there are none.
    init?(_ channels: [Channel], serviceTypes: [String: String]) {
        self.channels = channels.filter(\.updateTags)
        guard !self.channels.isEmpty else { return nil }
        self.serviceTypes = serviceTypes
        selection = ChannelSelection(self.channels)
    }

    /// What they want of an entity's tags at a service; nil: it is not known, and nothing may be removed.
    mutating func wanted(of entity: CatalogEntity, at service: String) -> Set<Attribute>? {
        selection.decide(entity)
        let (selecting, undecided) = (selection.selecting, selection.open)
        guard !undecided.contains(where: { channels[$0].updatesTags(of: entity, at: service) }) else { return nil }
        var wanted: Set<Attribute> = []
        for index in selecting where channels[index].updatesTags(of: entity, at: service) {
            guard let tags = tagSelection.wanted(
                of: entity, serviceType: serviceTypes[service] ?? entity.serviceType, channels[index].tags)
            else { return nil }
            for (attribute, _) in tags { wanted.insert(attribute) }
        }
        return wanted
    }
}

extension Channel {
    /// The service that the channel writes an entity's facts to.
    func service(of entity: CatalogEntity) -> String { sinkService ?? entity.service }

    /// Whether the channel writes an entity's tags to a service.
    func updatesTags(of entity: CatalogEntity, at service: String) -> Bool {
        updateTags && self.service(of: entity) == service
    }
}
