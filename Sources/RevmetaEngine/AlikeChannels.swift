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
