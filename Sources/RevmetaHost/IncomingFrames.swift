internal import Glibc
internal import RevmetaRunner

/// Puts frames together from what arrives of them.
final class IncomingFrames {
    /// What arrived and is no whole frame yet.
    private var rest: [UInt8] = []
    private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    deinit {
        piece.deallocate()
    }

    /// Reads what is there, and hands on what is whole. False: nothing will come any more.
    func read(_ socket: Int32, _ take: (Frame) -> Void) throws(BrokenFrame) -> Bool {
        let count = recv(socket, piece.baseAddress!, piece.count, 0)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        guard count > 0 else { return false }
        let arrived = UnsafeRawBufferPointer(rebasing: piece[..<count])
        if rest.isEmpty {
            let whole = try Self.handOn(arrived, take)
            rest.append(contentsOf: arrived[whole...])
        } else {
            rest.append(contentsOf: arrived)
            let whole = rest.withUnsafeBytes { bytes in
                Result { () throws(BrokenFrame) in try Self.handOn(bytes, take) }
            }
            rest.removeSubrange(..<(try whole.get()))
        }
        return true
    }

    /// How many bytes were whole frames.
    private static func handOn(_ bytes: UnsafeRawBufferPointer, _ take: (Frame) -> Void) throws(BrokenFrame) -> Int {
        let whole = try Frame.wholeBytes(in: bytes)
        try Frame.all(in: UnsafeRawBufferPointer(rebasing: bytes[..<whole]), take)
        return whole
    }
}
