internal import RevmetaRunner
internal import Synchronization

/// Memory of frames that were sent, for those that come: large ones, whose memory the system would give anew page by page.
///
/// Small ones are not worth it, and are the ones that may hold a password. Nor are very large ones: a server is idle for days.
final class FrameMemory: Sendable {
    private let state = Mutex(State())

    private struct State {
        var spare: [[UInt8]] = []
    }

    private static let most = 2
    /// Of what is kept, in bytes.
    static let sizes = 1 << 16...1 << 22

    func writer() -> FrameWriter {
        guard let memory = state.withLock({ $0.spare.popLast() }) else { return FrameWriter() }
        return FrameWriter(reusing: memory)
    }

    /// Takes what nobody reads any more.
    func take(_ bytes: consuming [UInt8]) {
        guard Self.sizes.contains(bytes.count) else { return }
        let bytes = bytes
        state.withLock { if $0.spare.count < Self.most { $0.spare.append(bytes) } }
    }
}
