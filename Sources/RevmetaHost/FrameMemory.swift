internal import RevmetaRunner
internal import Synchronization

/// Memory of frames that were sent, for those that come: large ones, whose memory the system would give anew page by page.
///
/// Small ones are not worth it, and are the ones that may hold a password. Nor are very large ones: a server is idle for days.
final class FrameMemory: Sendable {
    private let state = Mutex(State())

    private struct State {
        var spare: [[UInt8]] = []

        mutating func take(for size: Int) -> [UInt8]? {
            let large = spare.indices.filter { spare[$0].capacity >= size }
            return large.min { spare[$0].capacity < spare[$1].capacity }.map { spare.remove(at: $0) }
        }
    }

    private static let most = 2
    /// Of what is kept, in bytes.
    static let sizes = 1 << 16...1 << 22

    /// - Parameter size: About how many bytes will be written: the least memory that has room for them is used.
    func writer(for size: Int) -> FrameWriter {
        if size >= Self.sizes.lowerBound, let memory = state.withLock({ $0.take(for: size) }) {
            return FrameWriter(reusing: memory)
        }
        var writer = FrameWriter()
        writer.reserve(size)
        return writer
    }

    /// Takes what nobody reads any more.
    func take(_ bytes: consuming [UInt8]) {
        guard Self.sizes.contains(bytes.count) else { return }
        let bytes = bytes
        state.withLock { if $0.spare.count < Self.most { $0.spare.append(bytes) } }
    }
}
