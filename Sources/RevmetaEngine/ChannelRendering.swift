internal import RevmetaModel

/// What makes a value of what the catalog has, as far as channels may differ in it.
///
/// Channels that select one fact and have the same rendering want the same value for it, which need not be made twice to be
/// compared. Whatever else comes to change values belongs here.
enum ChannelRendering: Hashable {
    case description(DescriptionFormat)
    case owner(OwnerPolicies)
    case tags(TagPolicies)

    /// How a channel makes values of one kind of metadata; nil: it does not update it.
    static func ofDescriptions(_ channel: Channel) -> ChannelRendering? {
        channel.updateDescriptions ? .description(channel.descriptionFormat) : nil
    }

    static func ofOwners(_ channel: Channel) -> ChannelRendering? {
        channel.updateOwners ? .owner(channel.owners) : nil
    }

    static func ofTags(_ channel: Channel) -> ChannelRendering? {
        channel.updateTags ? .tags(channel.tags) : nil
    }
}

/// Of one kind of metadata: which channels have the same rendering, found out once for all entities.
struct AlikeChannels: Sendable {
    /// Of each channel: the first one with the same rendering; nil: it has none.
    private let firsts: [Int?]

    init(_ renderings: [ChannelRendering?]) {
        firsts = renderings.map { rendering in
            rendering.flatMap { rendering in renderings.firstIndex { $0 == rendering } }
        }
    }

    /// Calls back with the first of some channels that have each rendering.
    func forEachFirst<Problem>(of channels: [Int], _ visit: (Int) throws(Problem) -> Void) throws(Problem) {
        for (place, channel) in channels.enumerated() {
            guard let first = firsts[channel], !channels[..<place].contains(where: { firsts[$0] == first }) else { continue }
            try visit(channel)
        }
    }
}
