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
