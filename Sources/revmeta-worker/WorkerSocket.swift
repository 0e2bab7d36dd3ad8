internal import Glibc
internal import RevmetaRunner
internal import Synchronization

/// The worker's end of its socket.
final class WorkerSocket: Sendable {
    private let descriptor: Int32
    private let isSending = Mutex(())

    /// A number that nobody expects: plugins have been seen to close the descriptors that daemons close.
    private static let lowestNumber: Int32 = 900

    /// Takes over a descriptor that came with the process; nil: it is no socket.
    init?(inherited: Int32) {
        var status = stat()
        guard fstat(inherited, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        let high = fcntl(inherited, F_DUPFD_CLOEXEC, Self.lowestNumber)
        descriptor = high >= 0 ? high : inherited
        if high >= 0 { close(inherited) }
    }

    /// The next frame; nil: the host is gone.
    func receive() -> Frame? {
        var length: UInt32 = 0
        guard withUnsafeMutableBytes(of: &length, fill) else { return nil }
        do throws(BrokenFrame) {
            let count = try withUnsafeBytes(of: length) { bytes throws(BrokenFrame) in try Frame.length(bytes) }
            return Frame(length: count, fill: fill)
        } catch {
            return nil
        }
    }

    private func fill(_ memory: UnsafeMutableRawBufferPointer) -> Bool {
        var filled = 0
        while filled < memory.count {
            let count = recv(descriptor, memory.baseAddress! + filled, memory.count - filled, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            filled += count
        }
        return true
    }

    /// Sends frames, whole ones. Waits until the host takes them; if it is gone they are dropped.
    func send(_ frames: UnsafeRawBufferPointer) {
        isSending.withLock { _ in
            var sent = 0
            while sent < frames.count {
                let count = Glibc.send(descriptor, frames.baseAddress! + sent, frames.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
