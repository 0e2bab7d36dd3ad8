internal import RevmetaRunner
internal import Synchronization

/// Memory of frames that were sent, for those that come: large ones, whose memory the system would give anew page by page.
final class FrameMemory: Sendable {
    private let spare = Mutex<[[UInt8]]>([])
    private static let most = 2

    func writer() -> FrameWriter {
        guard let memory = spare.withLock({ $0.popLast() }) else { return FrameWriter() }
        return FrameWriter(reusing: memory)
    }

    /// Takes what nobody reads any more.
    func take(_ bytes: consuming [UInt8]) {
        let bytes = bytes
        spare.withLock { if $0.count < Self.most { $0.append(bytes) } }
    }
}
